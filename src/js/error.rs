//! The errors that JavaScript sees.

use js_sys::{Array, Error as JsError, Object};
use wasm_bindgen::prelude::*;

use crate::client::driver::Failure;
use crate::error::{Cause, Error, ErrorCode, Outcome};
use crate::secret;

#[wasm_bindgen(module = "/pkg/error.js")]
extern "C" {
    /// A JavaScript class, since only JavaScript can extend `Error`.
    #[wasm_bindgen(reexport)]
    pub type SignInTokensError;

    #[wasm_bindgen(constructor)]
    fn new(fields: &ErrorFields) -> SignInTokensError;
}

#[wasm_bindgen]
extern "C" {
    type ErrorFields;

    #[wasm_bindgen(method, getter)]
    fn errors(this: &ErrorFields) -> Array;

    #[wasm_bindgen(method, setter)]
    fn set_cause(this: &ErrorFields, cause: &JsValue);

    type ClerkErrorFields;

    #[wasm_bindgen(method, getter)]
    fn meta(this: &ClerkErrorFields) -> JsValue;

    #[wasm_bindgen(method, setter)]
    fn set_meta(this: &ClerkErrorFields, meta: &JsValue);

    #[wasm_bindgen(js_namespace = JSON, js_name = parse, catch)]
    fn parse(text: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(extends = JsError)]
    type CauseError;

    #[wasm_bindgen(method, setter)]
    fn set_stack(this: &CauseError, stack: &str);

    #[wasm_bindgen(method, setter)]
    fn set_code(this: &CauseError, code: &str);
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
    if let Some(field) = error.field {
        error.message = [&*camel_case(field), ": ", &error.message].concat();
    }
    // Serializing to JavaScript cannot fail for these types. Without fields, the class says that there is a bug.
    let fields = serde_wasm_bindgen::to_value(&error).unwrap_or_else(|_| Object::new().into());
    let fields: ErrorFields = fields.unchecked_into();
    if !error.errors.is_empty() {
        for clerk_error in fields.errors() {
            parse_meta(&clerk_error.unchecked_into());
        }
    }
    if let Some(cause) = error.cause {
        fields.set_cause(&from_cause(cause));
    }
    SignInTokensError::new(&fields).into()
}

/// Refuses what JavaScript users passed. `field` is theirs, and may be a secret in the wrong place.
pub(super) fn invalid_argument(field: &str, expected: &str) -> JsValue {
    let message = [&*secret::redact(field), ": expected ", expected].concat();
    from_error(Error::new(
        ErrorCode::InvalidArgument,
        Outcome::NoEffect,
        message,
    ))
}

fn parse_meta(clerk_error: &ClerkErrorFields) {
    let meta = clerk_error.meta();
    if meta.is_string() {
        // Redaction can leave a text that is not JSON, where the key is as short as a number.
        clerk_error.set_meta(&parse(&meta).unwrap_or_default());
    }
}

fn from_cause(cause: Cause) -> JsValue {
    let error: CauseError = JsError::new(&cause.message).unchecked_into();
    error.set_name(&cause.name);
    error.set_stack(&cause.to_string());
    if let Some(code) = cause.code {
        error.set_code(&code);
    }
    if let Some(inner) = cause.cause {
        error.set_cause(&from_cause(*inner));
    }
    error.into()
}

/// Returns the name as JavaScript spells it: `userId` for `user_id`.
fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let mut camel: String = words.next().unwrap_or_default().into();
    for word in words {
        let (first, rest) = word.split_at(word.len().min(1));
        camel.push_str(&first.to_ascii_uppercase());
        camel.push_str(rest);
    }
    camel
}
