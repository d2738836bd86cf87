//! Tests a signal of the caller's that is not quite one.

use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::stub::token;

#[wasm_bindgen_test]
async fn an_abort_while_the_listener_is_added_counts() {
    let source = "
        const signal = {
            aborted: false,
            reason: 'why',
            addEventListener(name, listener) { signal.aborted = true; listener(); },
            removeEventListener() {},
        };
        return { signal };";
    let options = Function::new_no_args(source)
        .call0(&JsValue::UNDEFINED)
        .unwrap();
    let stub = StubFetch::new([token("pending")]);
    let tokens = client_with(&stub, json!({}));
    let thrown = tokens.create(&user(), &options).await.unwrap_err();
    assert_eq!(thrown, "why");
    assert_eq!(stub.count(), 0);
}
