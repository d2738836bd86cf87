//! Tests the promises that a call waits for.

use wasm_bindgen_test::wasm_bindgen_test;

use super::*;

#[wasm_bindgen_test]
async fn the_then_of_a_thenable_is_called_once() {
    // Some query builders send their request for each `then`.
    let counts = object(json!({ "times": 0 }));
    let tokens = client_counting("() => ({ then() { counts.times++; } })", &counts);
    assert_eq!(create(&tokens).await.unwrap_err().code(), "timeout");
    assert_eq!(to_json(&counts), json!({ "times": 1 }));
}
