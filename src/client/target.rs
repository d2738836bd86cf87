//! What an operation asks for: its path and its body.

use wasm_bindgen::JsValue;

use crate::api_url::ApiUrl;
use crate::client::platform::{encode_uri_component, stringify, to_object};
use crate::error::Error;
use crate::operation::Operation;
use crate::params::{self, CreateParams};

const PATH: &str = "/v1/sign_in_tokens";

/// What an operation asks for, from checked arguments.
pub(crate) struct Target {
    pub operation: Operation,
    /// Follows the base URL.
    path: String,
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
    /// `invalid_argument` for a text that cannot be the ID of a token. Everything else is
    /// percent-encoded, so it stays one segment of the path.
    pub fn revoke(id: &str) -> Result<Self, Error> {
        params::check_token_id(id)?;
        let id = encode_uri_component(id).map_err(|_| Error::internal(0))?;
        Ok(Self {
            operation: Operation::Revoke,
            path: String::from(PATH) + "/" + &id + "/revoke",
            body: JsValue::UNDEFINED,
        })
    }

    pub fn url(&self, api_url: &ApiUrl) -> String {
        String::from(api_url.as_str()) + &self.path
    }
}
