//! What the package's `bulk` entry asks of a client. Not part of the package's own exports.

use wasm_bindgen::prelude::*;

use crate::js::class::JsSignInTokens;
use crate::js::options;

/// Throws if these are not options of a call.
#[wasm_bindgen(js_name = checkCallOptions, skip_typescript)]
pub fn check_call_options(tokens: &JsSignInTokens, options: &JsValue) -> Result<(), JsValue> {
    options::call_options(options, &tokens.settings).map(|_| ())
}

/// Returns the `secretKey` that the client was made with: it says which rate limit holds.
#[wasm_bindgen(js_name = secretKeyOf, skip_typescript)]
pub fn secret_key_of(tokens: &JsSignInTokens) -> JsValue {
    tokens.secret_key.clone()
}
