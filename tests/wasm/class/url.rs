//! Tests the base URL.

use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::stub::token;

#[wasm_bindgen_test]
async fn requests_go_to_the_api_url() {
    let stub = StubFetch::new([token("pending")]);
    create(&client_with(
        &stub,
        json!({ "apiUrl": "http://localhost:8700/base/" }),
    ))
    .await
    .unwrap();
    assert_eq!(
        stub.request().url(),
        "http://localhost:8700/base/v1/sign_in_tokens"
    );
}
