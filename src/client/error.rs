//! The error as JavaScript sees it: the class of the npm package.

use core::mem;

use wasm_bindgen::prelude::*;

use crate::error::{Cause, Error};

/// Ends each text of Clerk's errors: one text takes JavaScript less time than many.
const END: char = '\0';

#[wasm_bindgen(module = "/pkg/src/error.js")]
extern "C" {
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

/// Returns the `SignInTokensError`, with the message as it is.
pub(crate) fn to_js(mut error: Error) -> JsValue {
    let cause = error.0.cause.take().map(from_cause).unwrap_or_default();
    let trace = error.0.clerk_trace_id.take();
    let mut errors = String::new();
    for clerk in mem::take(&mut error.0.errors) {
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
