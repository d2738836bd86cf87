//! All that the client imports from JavaScript. Each import is `catch`: an exception that leaves
//! through wasm runs no destructor, and callers replace even the platform's own functions.

use js_sys::{Array, Function};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;
use web_sys::RequestInit;

use crate::serialize::AsMap;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, catch)]
    fn now() -> Result<f64, JsValue>;

    #[wasm_bindgen(js_namespace = Math, js_name = random, catch)]
    fn math_random() -> Result<f64, JsValue>;

    #[wasm_bindgen(js_namespace = Date, js_name = now, catch)]
    fn date_now() -> Result<f64, JsValue>;

    #[wasm_bindgen(js_namespace = Date, js_name = parse, catch)]
    fn date_parse(text: &str) -> Result<f64, JsValue>;

    /// Throws where the runtime allows no timers, such as the global scope of a Worker.
    #[wasm_bindgen(js_name = setTimeout, catch)]
    pub(crate) fn set_timeout(
        event: &Event,
        ms: u32,
        index: u32,
        ticket: u32,
        what: u32,
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = clearTimeout, catch)]
    pub(crate) fn clear_timeout(id: &JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(js_name = encodeURIComponent, catch)]
    pub(crate) fn encode_uri_component(text: &str) -> Result<String, JsValue>;

    /// Returns a string, or `undefined` for what has no form in JSON. Throws for a value that is
    /// nested too deep for the stack.
    #[wasm_bindgen(js_namespace = JSON, catch)]
    pub(crate) fn stringify(value: &JsValue) -> Result<JsValue, JsValue>;

    /// The function that JavaScript calls for each event of a call, with the call's slot and
    /// ticket.
    pub(crate) type Event;

    type Global;

    #[wasm_bindgen(method, getter, catch)]
    fn fetch(this: &Global) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen(module = "/pkg/src/platform.js")]
extern "C" {
    #[wasm_bindgen(js_name = guard, catch)]
    fn run(work: &mut dyn FnMut()) -> Result<bool, JsValue>;

    /// What the requests of one call share.
    pub(crate) type Call;

    #[wasm_bindgen(js_name = newCall, catch)]
    pub(crate) fn new_call() -> Result<Call, JsValue>;

    #[wasm_bindgen(catch)]
    pub(crate) fn abandon(call: &Call, reason: &JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(catch)]
    pub(crate) fn wait(
        promise: &JsValue,
        event: &Event,
        index: u32,
        ticket: u32,
    ) -> Result<(), JsValue>;

    #[wasm_bindgen(catch)]
    pub(crate) fn ignore(promise: &JsValue) -> Result<(), JsValue>;

    /// An `AbortSignal`, or an object of the caller that behaves like one.
    pub(crate) type Signal;

    #[wasm_bindgen(method, getter, catch)]
    pub(crate) fn aborted(this: &Signal) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, catch)]
    pub(crate) fn reason(this: &Signal) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch)]
    pub(crate) fn listen(
        signal: &Signal,
        event: &Event,
        index: u32,
        ticket: u32,
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch)]
    pub(crate) fn unlisten(signal: &Signal, index: u32) -> Result<(), JsValue>;

    /// Returns an array, or the name of a property that is not among `names`.
    #[wasm_bindgen(catch)]
    pub(crate) fn options(object: &JsValue, names: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = fields, catch)]
    fn fields_of(object: &JsValue, names: &str) -> Result<Array, JsValue>;

    /// Returns the name, the message and the code, if it is a text, of an error and of its causes.
    #[wasm_bindgen(catch)]
    pub(crate) fn causes(thrown: &JsValue) -> Result<Array, JsValue>;

    /// Headers as `fetch` takes them: a plain object, which a `fetch` of the caller can read and
    /// copy.
    #[wasm_bindgen(extends = js_sys::Object)]
    #[derive(Clone, Debug)]
    pub(crate) type HeaderRecord;

    /// Throws for what `fetch` does not take as headers.
    #[wasm_bindgen(js_name = headerRecord, catch)]
    pub(crate) fn header_record(headers: &JsValue) -> Result<HeaderRecord, JsValue>;

    /// Returns the protocol, the hostname and the pathname.
    #[wasm_bindgen(js_name = urlParts, catch)]
    pub(crate) fn url_parts(url: &str) -> Result<Array, JsValue>;
}

#[wasm_bindgen(module = "/pkg/src/exchange.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    pub(crate) fn init(
        call: &Call,
        user_agent: &str,
        api_version: &str,
        of_client: Option<&HeaderRecord>,
        of_call: Option<&HeaderRecord>,
        authorization: &str,
        body: &JsValue,
    ) -> Result<RequestInit, JsValue>;

    /// Takes a function or a response that is there already. Returns a promise of an [`Answer`].
    #[wasm_bindgen(catch)]
    pub(crate) fn exchange(
        call: &Call,
        fetch: &JsValue,
        url: &JsValue,
        init: &RequestInit,
        limit: u32,
    ) -> Result<JsValue, JsValue>;

    pub(crate) type Answer;

    #[wasm_bindgen(method, getter, catch)]
    pub(crate) fn status(this: &Answer) -> Result<f64, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    pub(crate) fn ray(this: &Answer) -> Result<Option<String>, JsValue>;
    #[wasm_bindgen(method, getter, js_name = retryAfter, catch)]
    pub(crate) fn retry_after(this: &Answer) -> Result<Option<String>, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    pub(crate) fn body(this: &Answer) -> Result<u32, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    pub(crate) fn value(this: &Answer) -> Result<JsValue, JsValue>;
}

/// Runs `work`, and returns whether it got to its end.
///
/// A panic is a trap here, and so is the end of the stack. Only JavaScript can catch them: so
/// `work` runs inside a call of JavaScript. Nothing that it owned is dropped then.
pub(crate) fn guard(mut work: impl FnMut()) -> bool {
    run(&mut work).unwrap_or_default()
}

/// Returns the time of a monotonic clock, in milliseconds. One that is broken stands still.
pub(crate) fn now_ms() -> f64 {
    now().unwrap_or_default()
}

/// Returns a random number in [0, 1).
pub(crate) fn random() -> f64 {
    math_random().unwrap_or_default()
}

/// Returns the Unix time in milliseconds.
pub(crate) fn unix_ms() -> f64 {
    date_now().unwrap_or_default()
}

/// Returns the Unix time of a date in milliseconds, or NaN.
pub(crate) fn parse_date(text: &str) -> f64 {
    date_parse(text).unwrap_or(f64::NAN)
}

/// Returns the runtime's own `fetch`, if it has one.
pub(crate) fn global_fetch() -> Option<Function> {
    let global: Global = js_sys::global().unchecked_into();
    global.fetch().ok().and_then(as_function)
}

/// Returns the function, whichever realm it is of.
pub(crate) fn as_function(value: JsValue) -> Option<Function> {
    value.is_function().then(|| value.unchecked_into())
}

/// Returns an object's own properties of these names, which a comma and a space separate.
pub(crate) fn fields<const N: usize>(object: &JsValue, names: &str) -> Option<[JsValue; N]> {
    fields_of(object, names)
        .ok()
        .map(|values| as_array(&values))
}

pub(crate) fn as_array<const N: usize>(values: &Array) -> [JsValue; N] {
    core::array::from_fn(|index| values.get(index as u32))
}

/// Returns an object with the struct's fields. A field that is skipped is absent.
///
/// # Errors
/// Gives one for an integer that JavaScript's numbers do not keep exact.
pub(crate) fn to_object(fields: &impl Serialize) -> Result<JsValue, serde_wasm_bindgen::Error> {
    AsMap::new(fields).serialize(&Serializer::new().serialize_maps_as_objects(true))
}
