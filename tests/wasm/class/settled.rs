//! Tests the promises that a call waits for.

use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::stub::to_json;

#[wasm_bindgen_test]
async fn the_then_of_a_thenable_is_called_once() {
    // Some query builders send their request for each `then`.
    let counts = object(json!({ "times": 0 }));
    let source = "return () => ({ then() { counts.times++; } });";
    let fetch = Function::new_with_args("counts", source)
        .call1(&JsValue::UNDEFINED, &counts)
        .unwrap();
    let options = object(json!({ "secretKey": KEY, "timeout": 20 }));
    let tokens = construct(&with(&options, "fetch", fetch)).unwrap();
    assert_eq!(create(&tokens).await.unwrap_err().code(), "timeout");
    assert_eq!(to_json(&counts), json!({ "times": 1 }));
}
