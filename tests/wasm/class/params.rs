//! Tests which arguments of the operations are refused.

use js_sys::JsString;
use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::stub::token;

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
