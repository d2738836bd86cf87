//! The errors that JavaScript sees.

use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;

use crate::client::driver::Failure;
use crate::client::json::{Json, parse};
use crate::client::object::to_object;
use crate::error::{Cause, Error, ErrorCode, Outcome};
use crate::secret;

#[wasm_bindgen(module = "/pkg/error.js")]
extern "C" {
    /// A JavaScript class, since only JavaScript can extend `Error`.
    #[wasm_bindgen(reexport)]
    pub type SignInTokensError;

    /// Throws at the end of the stack.
    #[wasm_bindgen(constructor, catch)]
    fn new(fields: &ErrorObject) -> Result<SignInTokensError, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    /// An error, or the fields of one.
    #[wasm_bindgen(extends = Json)]
    type ErrorObject;

    #[wasm_bindgen(constructor, js_class = "Error")]
    fn new(message: &str) -> ErrorObject;

    #[wasm_bindgen(method, setter)]
    fn set_name(this: &ErrorObject, name: &str);

    #[wasm_bindgen(method, setter)]
    fn set_stack(this: &ErrorObject, stack: &str);

    #[wasm_bindgen(method, setter)]
    fn set_code(this: &ErrorObject, code: &str);

    #[wasm_bindgen(method, setter)]
    fn set_cause(this: &ErrorObject, cause: &ErrorObject);

    #[wasm_bindgen(method, setter)]
    fn set_meta(this: &ErrorObject, meta: &JsValue);
}

/// Returns what a call rejects with.
pub(super) fn from_failure(failure: Failure) -> JsValue {
    match failure {
        Failure::Aborted(reason) => reason,
        Failure::Error(error) => from_error(error),
    }
}

/// Returns the `SignInTokensError`, whose message names the field as JavaScript spells it.
pub(super) fn from_error(mut error: Error) -> JsValue {
    if let Some(field) = error.field.take() {
        error.message = camel_case(field) + ": " + &error.message;
    }
    // Serializing to JavaScript cannot fail for these types. Without fields, the class says that
    // there is a bug.
    let fields = to_object(&error).unwrap_or_else(|_| Object::new().into());
    let fields: ErrorObject = fields.unchecked_into();
    if !error.errors.is_empty() {
        for clerk_error in fields.errors().unchecked_into::<Array>() {
            parse_meta(&clerk_error.unchecked_into());
        }
    }
    if let Some(cause) = error.cause.take() {
        fields.set_cause(&from_cause(cause));
    }
    SignInTokensError::new(&fields).map_or_else(|thrown| thrown, JsValue::from)
}

/// Refuses what JavaScript users passed. `field` is theirs, and may be a secret in the wrong place.
pub(super) fn invalid_argument(field: &str, expected: &str) -> JsValue {
    let message = secret::redact(field, None) + ": expected " + expected;
    from_error(Error::new(
        ErrorCode::InvalidArgument,
        Outcome::NoEffect,
        message,
    ))
}

fn parse_meta(clerk_error: &ErrorObject) {
    let meta = clerk_error.meta();
    if meta.is_string() {
        // Redaction can leave a text that is not JSON, where the key is as short as a number.
        clerk_error.set_meta(&parse(&meta).unwrap_or_default());
    }
}

fn from_cause(cause: Cause) -> ErrorObject {
    let error = ErrorObject::new(&cause.message);
    error.set_name(&cause.name);
    error.set_stack(&(cause.name + ": " + &cause.message));
    if let Some(code) = cause.code {
        error.set_code(&code);
    }
    if let Some(inner) = cause.cause {
        error.set_cause(&from_cause(*inner));
    }
    error
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
