//! The errors that JavaScript sees.

use wasm_bindgen::prelude::*;

use crate::client::driver::Failure;
use crate::client::error;
use crate::client::platform::guard;
use crate::error::{Error, ErrorCode, Outcome};
use crate::secret;

#[wasm_bindgen(module = "/pkg/src/error.js")]
extern "C" {
    /// A JavaScript class, since only JavaScript can extend `Error`.
    #[wasm_bindgen(reexport)]
    pub type SignInTokensError;
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
    if let Some(field) = error.0.field.take() {
        error.0.message = camel_case(field) + ": " + &error.message;
    }
    error::to_js(error)
}

/// Returns the error of a bug that showed when `attempts` requests had been sent; `undefined` where
/// the platform is too broken to make one.
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
