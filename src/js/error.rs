//! The errors that JavaScript sees.

use js_sys::Object;
use wasm_bindgen::prelude::*;

use crate::client::driver::Failure;
use crate::client::platform::{guard, to_object};
use crate::error::{Cause, Error, ErrorCode, Outcome};
use crate::secret;

#[wasm_bindgen(module = "/pkg/error.js")]
extern "C" {
    /// A JavaScript class, since only JavaScript can extend `Error`.
    #[wasm_bindgen(reexport)]
    pub type SignInTokensError;

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

/// Returns what a call rejects with.
pub(super) fn from_failure(failure: Failure) -> JsValue {
    match failure {
        Failure::Foreign(thrown) => thrown,
        Failure::Error(error) => from_error(error),
    }
}

/// Returns the `SignInTokensError`, whose message names the field as JavaScript spells it.
pub(super) fn from_error(mut error: Error) -> JsValue {
    if let Some(field) = error.field.take() {
        error.message = camel_case(field) + ": " + &error.message;
    }
    let cause = error.cause.take().map(from_cause).unwrap_or_default();
    // Serializing to JavaScript cannot fail for these types. Without fields, the class says that
    // there is a bug.
    let fields = to_object(&error).unwrap_or_else(|_| Object::new().into());
    error_of(&fields, &cause).unwrap_or_else(|thrown| thrown)
}

/// Returns the error of a bug that showed when `attempts` requests had been sent; `undefined` where the
/// platform is too broken to make one.
pub(super) fn internal(attempts: u32) -> JsValue {
    let mut made = JsValue::UNDEFINED;
    guard(|| made = from_error(Error::internal(attempts)));
    made
}

/// Refuses what JavaScript users passed. `field` is theirs, and may be a secret in the wrong place.
pub(super) fn invalid_argument(field: &str, expected: &str) -> JsValue {
    from_error(refused(field, expected))
}

/// Returns the same as an error of the crate.
pub(super) fn refused(field: &str, expected: &str) -> Error {
    let message = secret::redact(field, None) + ": expected " + expected;
    Error::new(ErrorCode::InvalidArgument, Outcome::NoEffect, message)
}

fn from_cause(cause: Cause) -> JsValue {
    let inner = cause
        .cause
        .map(|cause| from_cause(*cause))
        .unwrap_or_default();
    cause_of(&cause.name, &cause.message, cause.code.as_deref(), &inner).unwrap_or_default()
}

/// Returns the name as JavaScript spells it: `userId` for `user_id`.
fn camel_case(name: &str) -> String {
    let mut camel = String::new();
    let mut is_first = false;
    for letter in name.chars() {
        if letter == '_' {
            is_first = true;
        } else if is_first {
            camel.push(letter.to_ascii_uppercase());
            is_first = false;
        } else {
            camel.push(letter);
        }
    }
    camel
}
