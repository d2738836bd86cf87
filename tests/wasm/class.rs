//! Tests that the published class works in this runtime, through wasm-bindgen's glue. The tests of
//! the packed tarball say the rest.

use clerk_sign_in_tokens::js::{JsSignInTokens, SignInTokensError};
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stub::{KEY, StubFetch, clerk_error, token};

/// Returns an object with these properties.
fn object<const N: usize>(properties: [(&str, JsValue); N]) -> Object {
    let object = Object::new();
    for (name, value) in properties {
        Reflect::set(&object, &name.into(), &value).unwrap();
    }
    object
}

/// Calls a method of a new client.
fn call(stub: &StubFetch, name: &str, argument: JsValue) -> Promise {
    let options = object([("secretKey", KEY.into()), ("fetch", stub.function().into())]);
    let client = JsValue::from(JsSignInTokens::new(options.into()).unwrap());
    let method: Function = Reflect::get(&client, &name.into())
        .unwrap()
        .unchecked_into();
    method.call1(&client, &argument).unwrap().unchecked_into()
}

fn field(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap()
}

#[wasm_bindgen_test]
async fn a_create_sends_its_request_at_once_and_resolves_with_the_token() {
    let stub = StubFetch::new([token("pending")]);
    let call = call(
        &stub,
        "create",
        object([("userId", "user_1".into())]).into(),
    );
    assert_eq!(stub.count(), 1);
    let token = JsFuture::from(call).await.unwrap();
    assert_eq!(field(&token, "userId"), "user_1");
    assert_eq!(stub.keys(), [KEY]);
}

#[wasm_bindgen_test]
async fn a_call_that_fails_rejects_with_the_error_class() {
    let stub = StubFetch::new([clerk_error(404)]);
    for (argument, code, count) in [("..", "invalid_argument", 0), ("sit_1", "not_found", 1)] {
        let call = call(&stub, "revoke", argument.into());
        let error = JsFuture::from(call).await.unwrap_err();
        assert!(error.is_instance_of::<SignInTokensError>());
        assert_eq!(field(&error, "code"), code);
        assert_eq!(stub.count(), count);
    }
}
