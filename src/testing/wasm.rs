//! Answers the requests of the real client.

use core::future::pending;

use js_sys::{TypeError, decode_uri_component};
use serde_json::Value;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, Request, Response, ResponseInit};

use crate::params::CreateParams;
use crate::testing::{FakeCall, FakeFetch, FakeResponse, Reply};

impl FakeFetch {
    pub(crate) async fn answer(self, request: Request) -> Result<Response, JsValue> {
        match self.reply(&call(&request).await?) {
            Reply::Response(response) => response.response(),
            Reply::Lost => Err(TypeError::new("fetch failed").into()),
            Reply::Silent => pending().await,
        }
    }
}

async fn call(request: &Request) -> Result<FakeCall, JsValue> {
    let url = request.url();
    if let Some((_, id)) = url
        .strip_suffix("/revoke")
        .and_then(|rest| rest.rsplit_once('/'))
    {
        return Ok(FakeCall::Revoke(decode_uri_component(id)?.into()));
    }
    let body = JsFuture::from(request.text()?).await?;
    let body: Value =
        serde_json::from_str(&body.as_string().unwrap_or_default()).unwrap_or_default();
    let text = |name: &str| body.get(name)?.as_str().map(String::from);
    Ok(FakeCall::Create(CreateParams {
        user_id: text("user_id").unwrap_or_default(),
        org_id: text("org_id"),
        expires_in_seconds: body.get("expires_in_seconds").and_then(Value::as_u64),
    }))
}

impl FakeResponse {
    fn response(&self) -> Result<Response, JsValue> {
        let headers = Headers::new()?;
        if self.status == 429 {
            headers.set("retry-after", "0")?;
        }
        let init = ResponseInit::new();
        init.set_status(self.status);
        init.set_headers(&headers);
        Response::new_with_opt_str_and_init(Some(&self.body), &init)
    }
}
