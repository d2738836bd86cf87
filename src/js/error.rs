//! The errors that JavaScript sees.

use core::mem;

use wasm_bindgen::prelude::*;

use crate::client::driver::Failure;
use crate::client::platform::guard;
use crate::error::{Cause, Error, ErrorCode, Outcome};
use crate::secret;

/// Ends each text of Clerk's errors: one text takes JavaScript less time than many.
const END: char = '\0';

#[wasm_bindgen(module = "/pkg/error.js")]
extern "C" {
    /// A JavaScript class, since only JavaScript can extend `Error`.
    #[wasm_bindgen(reexport)]
    pub type SignInTokensError;

    /// Takes four texts for each of Clerk's errors, each with [`END`]. Throws at the end of the
    /// stack.
    #[wasm_bindgen(js_name = errorOf, catch)]
    fn error_of(
        code: &str,
        message: &str,
        status: Option<u16>,
        errors: &str,
        clerk_trace_id: Option<String>,
        retry_after: Option<u32>,
        attempts: u32,
        outcome: &str,
        cause: &JsValue,
    ) -> Result<JsValue, JsValue>;

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
    let trace = error.clerk_trace_id.take();
    let mut errors = String::new();
    for clerk in mem::take(&mut error.errors) {
        let meta = clerk.meta.unwrap_or_default();
        for text in [clerk.code, clerk.message, clerk.long_message, meta] {
            errors.extend(text.chars().filter(|letter| *letter != END));
            errors.push(END);
        }
    }
    error_of(
        error.code.as_str(),
        &error.message,
        error.status,
        &errors,
        trace,
        error.retry_after,
        error.attempts,
        error.outcome.as_str(),
        &cause,
    )
    .unwrap_or_else(|thrown| thrown)
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
