//! Copies the useful parts of a foreign error. The error itself may hold the request, and with it
//! the key.

use wasm_bindgen::prelude::*;

use crate::error::Cause;
use crate::secret::{self, SecretKey};

/// How many causes of causes are kept.
const DEPTH: u32 = 3;

#[wasm_bindgen]
extern "C" {
    /// An error of the runtime's or the caller's.
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

/// Describes what was thrown by its name, message and code, and those of its causes, without `key`
/// and anything that looks like one. Returns `None` for what is not an error.
pub(crate) fn describe(thrown: &JsValue, key: Option<&SecretKey>) -> Option<Cause> {
    describe_to(thrown, key, DEPTH)
}

fn describe_to(thrown: &JsValue, key: Option<&SecretKey>, depth: u32) -> Option<Cause> {
    let redact = |text: String| secret::redact(&text, key);
    if let Some(message) = thrown.as_string() {
        let message = redact(message);
        return Some(Cause {
            name: "Error".into(),
            message,
            code: None,
            cause: None,
        });
    }
    let error: &Thrown = thrown.unchecked_ref();
    // A getter that throws counts as absent.
    let text = |value: Result<JsValue, JsValue>| Some(redact(value.ok()?.as_string()?));
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
