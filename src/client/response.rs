//! The answer to a request: a `Response`, or what a `fetch` of the caller's returned in its place.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// A `Response`, or an object of the caller's that has the part of one that is used.
    pub(crate) type FetchResponse;

    #[wasm_bindgen(method, getter, catch)]
    fn status(this: &FetchResponse) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, catch)]
    fn headers(this: &FetchResponse) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, catch)]
    pub(crate) fn body(this: &FetchResponse) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(crate) fn text(this: &FetchResponse) -> Result<JsValue, JsValue>;

    pub(crate) type FetchHeaders;

    #[wasm_bindgen(method, getter, js_name = get, catch)]
    fn get_method(this: &FetchHeaders) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn get(this: &FetchHeaders, name: &str) -> Result<JsValue, JsValue>;
}

impl FetchHeaders {
    /// Returns the header, or `None` where there is no text under that name.
    ///
    /// # Errors
    /// Whatever the caller's own headers object throws.
    pub fn text(&self, name: &str) -> Result<Option<String>, JsValue> {
        Ok(self.get(name)?.as_string())
    }
}

/// Returns a response's parts, or `None` for what is not a response.
pub(crate) fn as_response(
    value: JsValue,
) -> Result<Option<(u16, FetchResponse, FetchHeaders)>, JsValue> {
    if !value.is_object() {
        return Ok(None);
    }
    let response: FetchResponse = value.unchecked_into();
    let (status, headers) = (response.status()?, response.headers()?);
    let (Some(status), true) = (status.as_f64(), headers.is_object()) else {
        return Ok(None);
    };
    let headers: FetchHeaders = headers.unchecked_into();
    if !headers.get_method()?.is_function() {
        return Ok(None);
    }
    // A number that is not a status counts as none.
    let is_status = status.fract() == 0.0 && (0.0..=f64::from(u16::MAX)).contains(&status);
    Ok(Some((
        if is_status { status as u16 } else { 0 },
        response,
        headers,
    )))
}
