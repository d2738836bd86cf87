//! The error as JavaScript sees it: the class of the npm package.

use js_sys::Object;
use wasm_bindgen::prelude::*;

use crate::client::platform::to_object;
use crate::error::{Cause, Error};

#[wasm_bindgen(module = "/pkg/error.js")]
extern "C" {
    /// Throws at the end of the stack.
    #[wasm_bindgen(js_name = errorOf, catch)]
    fn error_of(fields: &JsValue, cause: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = causeOf, catch)]
    fn cause_of(
        name: &str,
        message: &str,
        code: Option<&str>,
        cause: &JsValue,
    ) -> Result<JsValue, JsValue>;
}

/// Returns the `SignInTokensError`, with the message as it is.
pub(crate) fn to_js(mut error: Error) -> JsValue {
    let cause = error.0.cause.take().map(from_cause).unwrap_or_default();
    // Serializing to JavaScript cannot fail for these types. Without fields, the class says that
    // there is a bug.
    let fields = to_object(&error).unwrap_or_else(|_| Object::new().into());
    error_of(&fields, &cause).unwrap_or_else(|thrown| thrown)
}

fn from_cause(cause: Cause) -> JsValue {
    let inner = cause
        .cause
        .map(|cause| from_cause(*cause))
        .unwrap_or_default();
    cause_of(&cause.name, &cause.message, cause.code.as_deref(), &inner).unwrap_or_default()
}

/// Makes the npm package's `SignInTokensError`, so that `map_err(JsValue::from)?` works where
/// errors come from JavaScript, as in a `worker::Result`.
impl From<Error> for JsValue {
    fn from(mut error: Error) -> Self {
        if let Some(field) = error.0.field.take() {
            error.0.message = String::from(field) + ": " + &error.message;
        }
        to_js(error)
    }
}
