//! The platform's JSON.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = JSON, catch)]
    pub(crate) fn parse(text: &JsValue) -> Result<JsValue, JsValue>;

    /// Returns a string, or `undefined` for what has no form in JSON.
    #[wasm_bindgen(js_namespace = JSON)]
    pub(crate) fn stringify(value: &JsValue) -> JsValue;
}
