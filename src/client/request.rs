//! What goes out: the URL, the headers and the body of the two operations.

use wasm_bindgen::prelude::*;

use crate::api_url::ApiUrl;
use crate::client::headers::HeaderRecord;
use crate::client::json::stringify;
use crate::client::object::to_object;
use crate::error::Error;
use crate::operation::Operation;
use crate::params::{self, CreateParams};

const PATH: &str = "/v1/sign_in_tokens";

#[wasm_bindgen]
extern "C" {
    /// Throws for an unpaired surrogate only, which a `str` cannot have.
    #[wasm_bindgen(js_name = encodeURIComponent)]
    fn encode_uri_component(text: &str) -> String;
}

/// What an operation asks for, from checked arguments. The path follows the base URL.
pub(crate) struct Target {
    pub operation: Operation,
    path: String,
    /// The JSON text, or `undefined`.
    pub body: JsValue,
}

/// A request, as every attempt sends it.
pub(crate) struct Request {
    pub url: JsValue,
    /// Without those that no caller can set.
    pub headers: HeaderRecord,
    /// The JSON text, or `undefined`.
    pub body: JsValue,
}

impl Target {
    /// Asks to create a token.
    ///
    /// # Errors
    /// `invalid_argument` for parameters that the API would not take.
    pub fn create(params: &CreateParams) -> Result<Self, Error> {
        params.check()?;
        let body = to_object(params).map_err(JsValue::from);
        let body = body.and_then(|body| stringify(&body));
        Ok(Self {
            operation: Operation::Create,
            path: PATH.into(),
            body: body.map_err(|_| Error::internal(0))?,
        })
    }

    /// Asks to revoke a token.
    ///
    /// # Errors
    /// `invalid_argument` for a text that cannot be a token's ID. Everything else is percent-encoded,
    /// so it stays one segment of the path.
    pub fn revoke(id: &str) -> Result<Self, Error> {
        params::check_token_id(id)?;
        let id = encode_uri_component(id);
        let path = String::from(PATH) + "/" + &id + "/revoke";
        Ok(Self {
            operation: Operation::Revoke,
            path,
            body: JsValue::UNDEFINED,
        })
    }

    pub fn request(&self, api_url: &ApiUrl, headers: HeaderRecord) -> Request {
        let url = String::from(api_url.as_str()) + &self.path;
        Request {
            url: url.into(),
            headers,
            body: self.body.clone(),
        }
    }
}
