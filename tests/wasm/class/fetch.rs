//! Tests a `fetch` of the caller's that is not quite one.

use std::rc::Rc;

use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::stub::token;

#[wasm_bindgen_test]
async fn a_late_response_is_cancelled() {
    let counts = object(json!({ "times": 0 }));
    let response = "{ status: 200, headers: new Map(), body: { cancel() { counts.times++; } } }";
    let fetch = format!("() => new Promise((resolve) => setTimeout(resolve, 400, {response}))");
    let tokens = client_counting(&fetch, &counts);
    assert_eq!(create(&tokens).await.unwrap_err().code(), "timeout");
    while to_json(&counts) == json!({ "times": 0 }) {
        sleep(5).await;
    }
}

#[wasm_bindgen_test]
async fn a_fetch_may_call_the_client() {
    let stub = StubFetch::new([token("pending")]);
    let inner = Rc::new(client(&stub));
    let fetch = {
        let inner = Rc::clone(&inner);
        move || {
            let inner = Rc::clone(&inner);
            wasm_bindgen_futures::future_to_promise(async move {
                create(&inner).await.unwrap();
                JsFuture::from(token("accepted")()).await
            })
        }
    };
    let fetch = Closure::<dyn Fn() -> Promise>::new(fetch).into_js_value();
    let outer = construct(&with(&object(json!({ "secretKey": KEY })), "fetch", fetch)).unwrap();
    assert_eq!(
        to_json(&create(&outer).await.unwrap())["status"],
        "accepted"
    );
    assert_eq!(stub.count(), 1);
}

#[wasm_bindgen_test]
async fn the_runtimes_fetch_is_looked_up_for_each_call_by_default() {
    let tokens = construct(&object(json!({ "secretKey": KEY }))).unwrap();
    for _ in 0..2 {
        let stub = StubFetch::new([token("pending")]);
        let _installed = stub.install();
        create(&tokens).await.unwrap();
        assert_eq!(
            stub.request().url(),
            "https://api.clerk.com/v1/sign_in_tokens"
        );
    }
}

#[wasm_bindgen_test]
async fn a_runtime_without_fetch_is_an_error_that_names_fetch() {
    let tokens = construct(&object(json!({ "secretKey": KEY }))).unwrap();
    let stub = StubFetch::new([token("pending")]);
    let _installed = stub.install();
    Reflect::set(&js_sys::global(), &"fetch".into(), &JsValue::UNDEFINED).unwrap();
    let error = create(&tokens).await.unwrap_err();
    assert_eq!(kind(&error), expected("invalid_argument", "none", None));
    assert!(String::from(error.message()).starts_with("fetch: expected a function"));
}
