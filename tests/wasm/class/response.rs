//! Tests responses that are not quite ones.

use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::stub::{resolves, token_json};

#[wasm_bindgen_test]
async fn a_value_that_is_not_a_response_is_an_invalid_response() {
    let hidden = object(json!({ "status": 0, "type": "opaqueredirect" }));
    with(&hidden, "headers", web_sys::Headers::new().unwrap());
    for value in [
        JsValue::UNDEFINED,
        JsValue::NULL,
        200.into(),
        Object::new().into(),
        hidden.into(),
    ] {
        let error = failure(resolves(value)).await;
        assert_eq!(kind(&error), expected("invalid_response", "unknown", None));
    }
}

#[wasm_bindgen_test]
async fn a_custom_response_is_accepted() {
    let text = token_json("pending").to_string();
    let response = Function::new_with_args(
        "text",
        "return { status: 200, headers: new Map(), body: {}, text: async () => text };",
    );
    let response = response.call1(&JsValue::UNDEFINED, &text.into()).unwrap();
    let stub = StubFetch::new([resolves(response)]);
    create(&client(&stub)).await.unwrap();
}

#[wasm_bindgen_test]
async fn a_response_that_throws_is_a_network_error() {
    for source in [
        "return { get status() { throw new Error('x'); } };",
        "return { status: 200, headers: { get() { throw new Error('x'); } } };",
        "return { status: 200, headers: new Map(), get body() { throw new Error('x'); } };",
        "return { status: 200, headers: new Map(), text() { throw new Error('x'); } };",
        "return { status: 200, headers: new Map(), text: () => ({ get then() { throw new Error('x'); } }) };",
    ] {
        let response = Function::new_no_args(source)
            .call0(&JsValue::UNDEFINED)
            .unwrap();
        let stub = StubFetch::new([resolves(response)]);
        let error = create(&client(&stub)).await.unwrap_err();
        assert_eq!(
            (&*error.code(), &*error.outcome()),
            ("network", "unknown"),
            "{source}"
        );
    }
}
