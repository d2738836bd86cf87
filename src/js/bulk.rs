//! What the package's `bulk` entry asks of a client. Not part of the package's own exports.

use wasm_bindgen::prelude::*;

use crate::js::class::JsSignInTokens;

/// Returns the `secretKey` that the client was made with: it says which rate limit holds.
#[wasm_bindgen(js_name = secretKeyOf, skip_typescript)]
pub fn secret_key_of(tokens: &JsSignInTokens) -> JsValue {
    tokens.secret_key.clone()
}
