//! Tests the object that a call fulfils with.

use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::stub::{answer, token, token_json};

#[wasm_bindgen_test]
async fn a_token_is_a_plain_object() {
    let stub = StubFetch::new([token("pending")]);
    let token = create(&client(&stub)).await.unwrap();
    assert_eq!(
        to_json(&token),
        json!({
            "object": "sign_in_token", "id": "sit_1", "userId": "user_1", "status": "pending",
            "token": "the-ticket", "url": "https://clerk.example?ticket=the-ticket",
            "createdAt": 1_700_000_000_000_u64, "updatedAt": 1_700_000_000_001_u64,
        })
    );
    let prototype = Object::get_prototype_of(&token);
    assert!(Object::is(
        &prototype,
        &Object::get_prototype_of(&Object::new())
    ));
}

#[wasm_bindgen_test]
async fn a_token_may_lack_its_secrets_and_have_unknown_fields_and_statuses() {
    let mut body = token_json("expired");
    body["token"] = json!(null);
    body.as_object_mut().unwrap().remove("url");
    body["more"] = json!({ "x": [1] });
    let stub = StubFetch::new([answer(200, body.to_string())]);
    let token = create(&client(&stub)).await.unwrap();
    assert_eq!(
        to_json(&token),
        json!({
            "object": "sign_in_token", "id": "sit_1", "userId": "user_1", "status": "expired",
            "createdAt": 1_700_000_000_000_u64, "updatedAt": 1_700_000_000_001_u64,
        })
    );
    assert!(!Reflect::has(&token, &"token".into()).unwrap());
}
