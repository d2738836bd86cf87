//! Tests the headers of the caller's.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Headers;

use super::*;
use crate::stub::token;

#[wasm_bindgen_test]
async fn reserved_headers_are_refused() {
    for name in [
        "authorization",
        "Content-Type",
        "Clerk-API-Version",
        "Host",
        "content-length",
        "Cookie",
        "Connection",
        "transfer-encoding",
        "Origin",
        "Proxy-Authorization",
        "Sec-Fetch-Mode",
    ] {
        let headers = object(json!({ name: "x" }));
        let options = with(&object(json!({ "secretKey": KEY })), "headers", headers);
        assert_refused(construct(&options).unwrap_err(), "headers");
    }
}

#[wasm_bindgen_test]
async fn a_header_whose_name_only_begins_like_a_forbidden_one_is_sent() {
    let stub = StubFetch::new([token("pending")]);
    let headers = json!({ "headers": { "Cookie-Consent": "x", "Hosted": "y" } });
    create(&client_with(&stub, headers)).await.unwrap();
    let seen = stub.request();
    assert_eq!(seen.header("cookie-consent").as_deref(), Some("x"));
    assert_eq!(seen.header("hosted").as_deref(), Some("y"));
}

#[wasm_bindgen_test]
async fn headers_are_a_record_pairs_or_headers_and_the_calls_override() {
    let own = Headers::new().unwrap();
    own.set("x-a", "client").unwrap();
    own.set("x-b", "client").unwrap();
    let as_headers: Object = own.unchecked_into();
    for headers in [
        object(json!({ "x-a": "client", "X-B": "client" })),
        object(json!([["x-a", "client"], ["X-B", "client"]])),
        as_headers,
    ] {
        let stub = StubFetch::new([token("pending")]);
        let options = object(json!({ "secretKey": KEY }));
        with(&options, "headers", headers);
        let tokens = construct(&with(&options, "fetch", stub.function())).unwrap();
        let call_options = object(json!({ "headers": { "X-A": "call" } }));
        tokens.create(&user(), &call_options).await.unwrap();
        let seen = stub.request();
        assert_eq!(seen.header("x-a").as_deref(), Some("call"));
        assert_eq!(seen.header("x-b").as_deref(), Some("client"));
        assert_eq!(seen.header("authorization"), Some(format!("Bearer {KEY}")));
    }
}
