//! One request and its answer, over the runtime's `fetch` or one of the caller's.

use std::rc::Rc;

use js_sys::{Array, Function, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{RequestInit, RequestRedirect};

use crate::answer::{Answer, Body};
use crate::client::body;
use crate::client::headers;
use crate::client::interrupt::{Interrupt, NoValue};
use crate::client::request::Request;
use crate::client::response::{FetchResponse, as_response};
use crate::client::settled::{self, Callback};
use crate::error::Error;
use crate::retry;
use crate::secret::SecretKey;

/// Sends a request, as `fetch` does: from a URL and an init to a promise of a response.
pub(crate) type Fetch = Rc<dyn Fn(&JsValue, &RequestInit) -> Result<JsValue, JsValue>>;

#[wasm_bindgen]
extern "C" {
    type Global;

    #[wasm_bindgen(method, getter, catch)]
    fn fetch(this: &Global) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = Date, js_name = parse)]
    fn parse_date(text: &str) -> f64;

    #[wasm_bindgen(js_namespace = ReadableStream, js_name = from)]
    fn stream_of(chunks: &Array) -> JsValue;

    #[wasm_bindgen(extends = RequestInit)]
    type FetchInit;

    #[wasm_bindgen(method, setter)]
    fn set_duplex(this: &FetchInit, duplex: &str);
}

/// Returns the runtime's own `fetch`.
///
/// # Errors
/// `invalid_argument` where the runtime has none.
pub(crate) fn global() -> Result<Fetch, Error> {
    let global: Global = js_sys::global().unchecked_into();
    match global.fetch().map(JsCast::dyn_into::<Function>) {
        Ok(Ok(fetch)) => Ok(from_function(fetch)),
        _ => Err(Error::invalid_argument(
            "fetch",
            "a function, since this runtime has no fetch",
        )),
    }
}

/// Makes a [`Fetch`] of a function of JavaScript's.
pub(crate) fn from_function(fetch: Function) -> Fetch {
    Rc::new(move |url, init| fetch.call2(&js_sys::global(), url, init))
}

/// Sends the request once and reads the answer.
pub(crate) async fn exchange(
    fetch: &Fetch,
    request: &Request,
    key: &SecretKey,
    interrupt: &Interrupt,
) -> Result<Answer, NoValue> {
    interrupt.sent();
    let pending = fetch(&request.url, &init(request, key, interrupt)?)?;
    let response = interrupt.settled(Ok(pending.clone())).await;
    if interrupt.cause().is_some() {
        // A fetch that does not heed its signal may still answer.
        settled::detach(&pending, &CANCEL_BODY);
    }
    let response = response?;
    let Some((status, response, headers)) = as_response(response)? else {
        let body = Body::Unrecognized;
        return Ok(Answer {
            status: 0,
            retry_after: None,
            cf_ray: None,
            body,
        });
    };
    let cf_ray = headers.text("cf-ray")?.map(|ray| key.redact(&ray));
    let body = body::read(&response, &headers, key, interrupt).await?;
    if !matches!(body, Body::TooLong | Body::Broken(_)) {
        interrupt.answered();
    }
    let mut answer = Answer {
        status,
        retry_after: None,
        cf_ray,
        body,
    };
    if !answer.is_success()
        && let Some(value) = headers.text("retry-after")?
    {
        answer.retry_after = retry::retry_after(&value, js_sys::Date::now(), parse_date);
    }
    Ok(answer)
}

/// The second argument of `fetch`. A new one each time, since a `fetch` of the caller's may change
/// it.
fn init(request: &Request, key: &SecretKey, interrupt: &Interrupt) -> Result<RequestInit, JsValue> {
    let init: FetchInit = RequestInit::new().unchecked_into();
    init.set_method("POST");
    init.set_headers(&headers::complete(
        &request.headers,
        key,
        !request.body.is_undefined(),
    ));
    init.set_redirect(RequestRedirect::Manual);
    init.set_signal(Some(&interrupt.signal()));
    if IS_DENO.with(|is_deno| *is_deno) {
        // Deno repeats a request whose body it still has when a kept-alive connection breaks, even
        // a POST that has arrived. It cannot repeat a stream. Other runtimes do not, and browsers
        // have no streams over HTTP/1.
        let bytes = request
            .body
            .as_string()
            .map(|text| Uint8Array::from(text.as_bytes()));
        init.set_body(&stream_of(&bytes.into_iter().collect::<Array>()));
        init.set_duplex("half");
    } else if !request.body.is_undefined() {
        init.set_body(&request.body);
    }
    Ok(init.unchecked_into())
}

thread_local! {
    static IS_DENO: bool = Reflect::has(&js_sys::global(), &"Deno".into()).unwrap_or_default();

    /// Cancels the body of a response that comes after the call ended.
    static CANCEL_BODY: Callback = settled::lasting(|response| {
        if let Ok(body) = response.unchecked_into::<FetchResponse>().body() {
            body::cancel(&body);
        }
    });
}
