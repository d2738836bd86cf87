//! Tests how the fields of options and parameters are read.

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
async fn a_getter_that_throws_is_refused_with_its_error_as_the_cause() {
    let source = "return { get userId() { throw new TypeError('no'); } };";
    let params = Function::new_no_args(source)
        .call0(&JsValue::UNDEFINED)
        .unwrap();
    let stub = StubFetch::new([token("pending")]);
    let tokens = client(&stub);
    let thrown = tokens
        .create(&params, &JsValue::UNDEFINED)
        .await
        .unwrap_err();
    let cause = Reflect::get(&thrown, &"cause".into()).unwrap();
    assert_refused(thrown, "params");
    assert_eq!(
        String::from(cause.unchecked_into::<js_sys::Error>().message()),
        "no"
    );
    create(&tokens).await.unwrap();
    assert_eq!(stub.count(), 1);
}
