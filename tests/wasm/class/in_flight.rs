//! Tests calls in flight at the same time.

use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::stub::{answer, token, token_json};

#[wasm_bindgen_test]
async fn free_does_not_stop_a_call_in_flight() {
    let stub = StubFetch::new([token("pending")]);
    let tokens = client(&stub);
    let call = begin(&tokens, &user());
    tokens.free();
    assert_eq!(
        to_json(&JsFuture::from(call).await.unwrap())["status"],
        "pending"
    );
}

#[wasm_bindgen_test]
async fn concurrent_calls_do_not_affect_each_other() {
    let reply = |n: u32| {
        let mut body = token_json("pending");
        body["id"] = json!(format!("sit_{n}"));
        answer(200, body.to_string())
    };
    let stub = StubFetch::new((0..100).map(reply));
    let tokens = client(&stub);
    let calls: Array = (0..100).map(|_| begin(&tokens, &user())).collect();
    let made: Array = JsFuture::from(Promise::all(&calls))
        .await
        .unwrap()
        .unchecked_into();
    for (n, token) in made.iter().enumerate() {
        assert_eq!(to_json(&token)["id"], format!("sit_{n}"));
    }
}
