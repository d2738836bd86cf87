//! What the package's `bulk` entry asks of a client. Not part of the package's own exports.

use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::js::class::JsSignInTokens;
use crate::js::options;

/// Throws if these are not options of a call.
#[wasm_bindgen(js_name = checkCallOptions, skip_typescript)]
pub fn check_call_options(tokens: &JsSignInTokens, options: &JsValue) -> Result<(), JsValue> {
    options::call_options(options, &tokens.0).map(|_| ())
}

/// Resolves to whether the client's key is one of a production instance. A function that fails to give a key says so at
/// each call.
#[wasm_bindgen(js_name = isLive, skip_typescript)]
pub fn is_live(tokens: &JsSignInTokens) -> Promise {
    let settings = Rc::clone(&tokens.0);
    Promise::new(&mut |resolve, _| {
        let settings = Rc::clone(&settings);
        spawn_local(async move {
            let key = settings.secret_key.look_up().await;
            let is_live = key.is_ok_and(|key| key.is_live());
            // A promise's own function does not throw.
            let _ = resolve.call1(&JsValue::UNDEFINED, &is_live.into());
        });
    })
}
