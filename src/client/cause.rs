//! Copies the useful parts of a foreign error. The error itself may contain the request, and with
//! it the key.

use wasm_bindgen::prelude::*;

use crate::client::platform::{causes, fields};
use crate::error::Cause;
use crate::secret::{self, SecretKey};

/// Returns whether this is not a failure but the control flow of a framework, such as Next.js. The
/// framework recognizes such an error by its `digest`.
pub(crate) fn is_control_flow(thrown: &JsValue) -> bool {
    thrown.is_object() && fields(thrown, "digest").is_some_and(|[digest]| digest.is_string())
}

/// Describes what was thrown by its name, message and code, and those of its causes, without `key`
/// and anything that looks like one. Returns `None` for what is not an error.
pub(crate) fn describe(thrown: &JsValue, key: Option<&SecretKey>) -> Option<Cause> {
    let texts = causes(thrown).ok()?;
    let text = |index| Some(secret::redact_bounded(&texts.get(index).as_string()?, key));
    let mut described = None;
    for index in (0..texts.length()).step_by(3).rev() {
        described = Some(Cause {
            name: text(index)?,
            message: text(index + 1)?,
            code: text(index + 2),
            cause: described.map(Box::new),
        });
    }
    described
}
