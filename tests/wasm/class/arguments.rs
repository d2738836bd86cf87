//! Tests how the arguments of the operations are sent, and which are refused.

use js_sys::JsString;
use serde_json::json;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::stub::{clerk_error, token};

/// Sets a property of `Object.prototype` until it is dropped.
struct Polluted(&'static str);

impl Polluted {
    fn new(name: &'static str, value: impl Into<JsValue>) -> Self {
        let prototype = Object::get_prototype_of(&Object::new());
        Reflect::set(&prototype, &name.into(), &value.into()).unwrap();
        Self(name)
    }
}

impl Drop for Polluted {
    fn drop(&mut self) {
        let prototype = Object::get_prototype_of(&Object::new());
        Reflect::delete_property(&prototype, &self.0.into()).unwrap();
    }
}

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

#[wasm_bindgen_test]
async fn invalid_parameters_are_refused_by_name() {
    let stub = StubFetch::new([token("pending")]);
    let tokens = client(&stub);
    for (field, params) in [
        ("params", json!("user_1")),
        ("params", json!(null)),
        ("userId", json!({})),
        ("userId", json!({ "userId": "" })),
        ("userId", json!({ "userId": "  " })),
        ("userId", json!({ "userId": 1 })),
        ("userId", json!({ "userId": "user_1\n" })),
        (
            "user_id",
            json!({ "userId": "user_1", "user_id": "user_1" }),
        ),
        ("orgId", json!({ "userId": "user_1", "orgId": "" })),
        ("orgId", json!({ "userId": "user_1", "orgId": 1 })),
    ] {
        let call = tokens.create(&object(params), &JsValue::UNDEFINED).await;
        assert_refused(call.unwrap_err(), field);
    }
    assert_eq!(stub.count(), 0);
}

#[wasm_bindgen_test]
async fn invalid_lifetimes_are_refused_by_name() {
    let stub = StubFetch::new([token("pending")]);
    let tokens = client(&stub);
    let too_long = json!(9_007_199_254_740_992_u64);
    for seconds in [json!(0), json!(0.5), json!(-1), too_long, json!("600")] {
        let params = object(json!({ "userId": "user_1", "expiresInSeconds": seconds }));
        let call = tokens.create(&params, &JsValue::UNDEFINED).await;
        assert_refused(call.unwrap_err(), "expiresInSeconds");
    }
    for number in [f64::NAN, f64::INFINITY] {
        let params = with(&user(), "expiresInSeconds", number);
        let call = tokens.create(&params, &JsValue::UNDEFINED).await;
        assert_refused(call.unwrap_err(), "expiresInSeconds");
    }
    assert_eq!(stub.count(), 0);
}

#[wasm_bindgen_test]
async fn invalid_ids_are_refused_by_name() {
    let stub = StubFetch::new([token("revoked")]);
    let tokens = client(&stub);
    for id in [
        json!(null),
        json!({ "id": "sit_1" }),
        json!(""),
        json!("."),
        json!(".."),
        json!("\u{0}"),
    ] {
        let call = tokens.revoke(&object(id), &JsValue::UNDEFINED).await;
        assert_refused(call.unwrap_err(), "id");
    }
    assert_eq!(stub.count(), 0);
}

#[wasm_bindgen_test]
async fn unpaired_surrogates_are_refused() {
    let stub = StubFetch::new([token("pending")]);
    let tokens = client(&stub);
    // A surrogate alone, before another character, and after a pair.
    for units in [&[0xd800][..], &[0xdc00, 0x61], &[0xd83d, 0xde00, 0xd83d]] {
        let text = JsString::from_char_code(units);
        for (field, params) in [
            ("userId", with(&user(), "userId", text.clone())),
            ("orgId", with(&user(), "orgId", text.clone())),
        ] {
            let call = tokens.create(&params, &JsValue::UNDEFINED).await;
            assert_refused(call.unwrap_err(), field);
        }
        let call = tokens.revoke(&text, &JsValue::UNDEFINED).await;
        assert_refused(call.unwrap_err(), "id");
        let options = with(&object(json!({})), "secretKey", text);
        assert_refused(construct(&options).unwrap_err(), "secretKey");
    }
    assert_eq!(stub.count(), 0);
}

#[wasm_bindgen_test]
async fn inherited_properties_are_ignored() {
    let stub = StubFetch::new([clerk_error(429)]);
    let tokens = client_with(&stub, json!({ "maxRetries": 0 }));
    let own_fetch = object(json!({ "secretKey": KEY, "maxRetries": 0 }));
    with(&own_fetch, "fetch", stub.function());
    let evil = StubFetch::new([token("pending")]);
    let calls = {
        // Nothing is awaited while these exist: the test runner's own scripts run in the same
        // realm.
        let _polluted = [
            Polluted::new("secretKey", "sk_test_evil"),
            Polluted::new("fetch", evil.function()),
            Polluted::new("apiUrl", "https://evil.example"),
            Polluted::new("orgId", "org_evil"),
            Polluted::new("expiresInSeconds", 1),
            Polluted::new("maxRetries", 9),
            Polluted::new("timeout", 1),
            Polluted::new("signal", web_sys::AbortSignal::abort()),
        ];
        assert_refused(construct(&Object::new()).unwrap_err(), "secretKey");
        [&tokens, &construct(&own_fetch).unwrap()].map(|tokens| begin(tokens, &user()))
    };
    for call in calls {
        let thrown = JsFuture::from(call).await.unwrap_err();
        assert_eq!(error(thrown).attempts(), 1);
    }
    for seen in stub.requests() {
        assert_eq!(seen.json(), json!({ "user_id": "user_1" }));
        assert_eq!(seen.url(), "https://api.clerk.com/v1/sign_in_tokens");
        assert_eq!(seen.header("authorization"), Some(format!("Bearer {KEY}")));
    }
    assert_eq!((stub.count(), evil.count()), (2, 0));
}

#[wasm_bindgen_test]
async fn the_error_of_a_getter_reaches_the_caller() {
    let stub = StubFetch::new([token("pending")]);
    let reason = Object::new();
    let thrown = reason.clone();
    let get: JsValue =
        Closure::<dyn Fn() -> Result<JsValue, JsValue>>::new(move || Err(thrown.clone().into()))
            .into_js_value();
    let descriptor = with(&object(json!({ "enumerable": true })), "get", get);
    let params = Object::define_property(&Object::new(), &"userId".into(), &descriptor);
    let call = client(&stub).create(&params, &JsValue::UNDEFINED).await;
    assert!(Object::is(&call.unwrap_err(), &reason));
    create(&client(&stub)).await.unwrap();
}
