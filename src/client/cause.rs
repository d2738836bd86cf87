//! Copies the useful parts of a foreign error. The error itself may hold the request, and with it
//! the key.

use wasm_bindgen::prelude::*;

use crate::client::platform::{bounded, fields};
use crate::error::Cause;
use crate::secret::{self, SecretKey};

/// How many causes of causes are kept.
const DEPTH: u32 = 3;

#[wasm_bindgen]
extern "C" {
    /// An error of the runtime or of the caller.
    type Thrown;

    #[wasm_bindgen(method, getter, catch)]
    fn name(this: &Thrown) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, catch)]
    fn message(this: &Thrown) -> Result<JsValue, JsValue>;
}

/// Returns whether this is not a failure but the control flow of a framework, such as Next.js. Such
/// an error has a `digest`, by which the framework knows it again.
pub(crate) fn is_control_flow(thrown: &JsValue) -> bool {
    thrown.is_object() && fields(thrown, "digest").is_some_and(|[digest]| digest.is_string())
}

/// Describes what was thrown by its name, message and code, and those of its causes, without `key`
/// and anything that looks like one. Returns `None` for what is not an error.
pub(crate) fn describe(thrown: &JsValue, key: Option<&SecretKey>) -> Option<Cause> {
    describe_to(thrown, key, DEPTH)
}

fn describe_to(thrown: &JsValue, key: Option<&SecretKey>, depth: u32) -> Option<Cause> {
    let text = |value: &JsValue| {
        let text = bounded(value)?;
        Some(secret::redact_bounded(&text, key))
    };
    if thrown.is_string() {
        return Some(Cause {
            name: "Error".into(),
            message: text(thrown)?,
            ..Cause::default()
        });
    }
    let error: &Thrown = thrown.unchecked_ref();
    // A getter that throws counts as absent. A name and a message can be inherited.
    let (name, message) = (error.name().ok()?, error.message().ok()?);
    let [code, cause, errors] = fields(thrown, "code, cause, errors")?;
    let inner = |inner: &JsValue| describe_to(inner, key, depth.checked_sub(1)?);
    Some(Cause {
        name: text(&name)?,
        message: text(&message)?,
        code: text(&code),
        cause: inner(&cause).map(Box::new),
        errors: each(&errors, |error| inner(error).unwrap_or_default()),
    })
}

/// Returns what `describe` makes of the elements of an array. One that is too long ends with an empty
/// cause.
fn each(errors: &JsValue, describe: impl Fn(&JsValue) -> Cause) -> Vec<Cause> {
    let Some([length, elements @ ..]) = fields::<9>(errors, "length, 0, 1, 2, 3, 4, 5, 6, 7")
    else {
        return Vec::new();
    };
    let length = length.as_f64().unwrap_or_default() as usize;
    let mut causes: Vec<Cause> = elements.iter().take(length).map(describe).collect();
    if length > causes.len() {
        causes.push(Cause::default());
    }
    causes
}
