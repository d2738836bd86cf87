//! Tests a `fetch` of the caller's that is not quite one.

use serde_json::json;
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

#[wasm_bindgen_test]
async fn a_late_response_is_cancelled() {
    let counts = object(json!({ "times": 0 }));
    let source = "
        const response = { status: 200, headers: new Map(), body: { cancel() { counts.times++; } } };
        return () => new Promise((resolve) => setTimeout(resolve, 60, response));";
    let fetch = Function::new_with_args("counts", source)
        .call1(&JsValue::UNDEFINED, &counts)
        .unwrap();
    let options = object(json!({ "secretKey": KEY, "timeout": 20 }));
    let tokens = construct(&with(&options, "fetch", fetch)).unwrap();
    assert_eq!(create(&tokens).await.unwrap_err().code(), "timeout");
    while to_json(&counts) == json!({ "times": 0 }) {
        sleep(5).await;
    }
}
