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

    #[wasm_bindgen(method, getter, catch)]
    fn code(this: &Thrown) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, catch)]
    fn cause(this: &Thrown) -> Result<JsValue, JsValue>;
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
    // A getter that throws counts as absent.
    let text = |value: Result<JsValue, JsValue>| {
        bounded(&value.ok()?).map(|text| secret::redact_bounded(&text, key))
    };
    if thrown.is_string() {
        return Some(Cause {
            name: "Error".into(),
            message: text(Ok(thrown.clone()))?,
            code: None,
            cause: None,
        });
    }
    let error: &Thrown = thrown.unchecked_ref();
    let cause = match depth {
        0 => None,
        _ => error
            .cause()
            .ok()
            .and_then(|cause| describe_to(&cause, key, depth - 1)),
    };
    Some(Cause {
        name: text(error.name())?,
        message: text(error.message())?,
        code: text(error.code()),
        cause: cause.map(Box::new),
    })
}
