//! Tests the values that cross the boundary between Rust and JavaScript, and what hostile or
//! unusual callers may do.

use std::rc::Rc;

use serde_json::json;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::stub::{StubFetch, answer, clerk_error, resolves, to_json, token, token_json};

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

#[wasm_bindgen_test]
async fn all_errors_are_of_one_class_that_extends_error() {
    let stub = StubFetch::new([clerk_error(404)]);
    let of_call = create(&client(&stub)).await.unwrap_err();
    let of_constructor = error(construct(&Object::new()).unwrap_err());
    for error in [&of_call, &of_constructor] {
        assert_eq!(error.name(), "SignInTokensError");
        assert!(error.stack().starts_with("SignInTokensError: "));
        let class = error.constructor();
        assert_eq!(class.name(), "SignInTokensError");
        let parent = Object::get_prototype_of(&class);
        assert_eq!(parent.unchecked_into::<Function>().name(), "Error");
    }
    assert!(Object::is(
        &of_call.constructor(),
        &of_constructor.constructor()
    ));
    // A field without a value is absent.
    assert_eq!(
        to_json(&of_constructor),
        json!({ "code": "invalid_argument", "errors": [], "attempts": 0, "outcome": "none" })
    );
}

#[wasm_bindgen_test]
async fn the_methods_return_promises_and_never_throw() {
    let stub = StubFetch::new([token("pending")]);
    let tokens = client(&stub);
    for name in ["create", "revoke", "delete"] {
        let method: Function = Reflect::get(&tokens, &name.into())
            .unwrap()
            .unchecked_into();
        let promise: Promise = method.call0(&tokens).unwrap().dyn_into().unwrap();
        error(JsFuture::from(promise).await.unwrap_err());
    }
    assert_eq!(stub.count(), 0);
}

#[wasm_bindgen_test]
async fn arguments_may_change_after_the_call_starts() {
    let stub = StubFetch::new([token("pending")]);
    let tokens = client(&stub);
    let params = user();
    let call = begin(&tokens, &params);
    with(&params, "userId", "user_2");
    JsFuture::from(call).await.unwrap();
    assert_eq!(stub.request().json(), json!({ "user_id": "user_1" }));
}

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
