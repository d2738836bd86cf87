//! Tests what the two operations send.

use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::stub::token;

#[wasm_bindgen_test]
async fn a_create_sends_what_the_api_expects() {
    for (params, body) in [
        (
            json!({ "userId": "user_1" }),
            json!({ "user_id": "user_1" }),
        ),
        (
            json!({ "userId": "user_1", "orgId": "org_1", "expiresInSeconds": 600 }),
            json!({ "user_id": "user_1", "org_id": "org_1", "expires_in_seconds": 600 }),
        ),
        (
            json!({ "userId": "\u{fffd} \u{1f600} \"", "orgId": null, "expiresInSeconds": null }),
            json!({ "user_id": "\u{fffd} \u{1f600} \"" }),
        ),
    ] {
        let stub = StubFetch::new([token("pending")]);
        client(&stub)
            .create(&object(params), &JsValue::UNDEFINED)
            .await
            .unwrap();
        let seen = stub.request();
        assert_eq!(seen.json(), body);
        assert_eq!(seen.request.method(), "POST");
        assert_eq!(seen.request.redirect(), web_sys::RequestRedirect::Manual);
        assert_eq!(
            seen.header("content-type").as_deref(),
            Some("application/json")
        );
        assert_eq!(
            seen.header("clerk-api-version").as_deref(),
            Some("2026-05-12")
        );
        assert_eq!(seen.header("authorization"), Some(format!("Bearer {KEY}")));
    }
}

#[wasm_bindgen_test]
async fn a_revoke_sends_no_body_and_encodes_its_id_as_one_path_segment() {
    let stub = StubFetch::new([token("revoked")]);
    let tokens = client(&stub);
    tokens
        .revoke(&"sit/1?\u{e9}#".into(), &JsValue::UNDEFINED)
        .await
        .unwrap();
    tokens
        .delete(&"sit_2".into(), &JsValue::UNDEFINED)
        .await
        .unwrap();
    let paths = ["sit%2F1%3F%C3%A9%23", "sit_2"];
    for (seen, path) in stub.requests().iter().zip(paths) {
        assert_eq!(
            seen.url(),
            format!("https://api.clerk.com/v1/sign_in_tokens/{path}/revoke")
        );
        assert_eq!((&*seen.request.method(), &seen.body), ("POST", &None));
        assert_eq!(seen.header("content-type"), None);
    }
    assert_eq!(stub.count(), 2);
}
