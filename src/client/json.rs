//! The platform's JSON.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = JSON, catch)]
    pub(crate) fn parse(text: &JsValue) -> Result<JsValue, JsValue>;

    /// Returns a string, or `undefined` for what has no form in JSON. Throws for a value that is
    /// nested too deep for the stack.
    #[wasm_bindgen(js_namespace = JSON, catch)]
    pub(crate) fn stringify(value: &JsValue) -> Result<JsValue, JsValue>;

    /// An object that `JSON.parse` made. A field that is missing is `undefined`.
    pub(crate) type Json;

    #[wasm_bindgen(method, getter)]
    pub(crate) fn object(this: &Json) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn id(this: &Json) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn user_id(this: &Json) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn status(this: &Json) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn token(this: &Json) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn url(this: &Json) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn created_at(this: &Json) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn updated_at(this: &Json) -> JsValue;

    #[wasm_bindgen(method, getter)]
    pub(crate) fn errors(this: &Json) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn clerk_trace_id(this: &Json) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn code(this: &Json) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn message(this: &Json) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn long_message(this: &Json) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn meta(this: &Json) -> JsValue;
}
