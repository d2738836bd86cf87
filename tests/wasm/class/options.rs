//! Tests the options of the client and of a call: what each does, and which values are refused.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::stub::{answer_with, clerk_error, clerk_error_json, lost, never, token};

fn function<T: Into<JsValue>>(body: impl Fn() -> Result<T, JsValue> + 'static) -> JsValue {
    Closure::<dyn Fn() -> Result<JsValue, JsValue>>::new(move || body().map(Into::into))
        .into_js_value()
}

async fn ticks() {
    for _ in 0..20 {
        JsFuture::from(Promise::resolve(&JsValue::UNDEFINED))
            .await
            .unwrap();
    }
}

#[wasm_bindgen_test]
fn the_constructor_refuses_invalid_options_by_name() {
    for (field, name, value) in [
        ("secretKey", "secretKey", json!(1)),
        ("secretKey", "secretKey", json!(null)),
        ("apiUrl", "apiUrl", json!("http://api.clerk.com")),
        ("apiUrl", "apiUrl", json!("https://api.clerk.com/v1")),
        ("apiUrl", "apiUrl", json!(KEY)),
        ("fetch", "fetch", json!("fetch")),
        ("timeout", "timeout", json!(0)),
        ("timeout", "timeout", json!(0.5)),
        ("timeout", "timeout", json!(2_147_483_648_u32)),
        ("timeout", "timeout", json!(KEY)),
        ("maxRetries", "maxRetries", json!(-1)),
        ("maxRetries", "maxRetries", json!(1.5)),
        ("onAttempt", "onAttempt", json!({})),
        ("headers", "headers", json!("x")),
        ("headers", "headers", json!({ "x y": "z" })),
        ("headers", "headers", json!({ "x": format!("a\n{KEY}") })),
        ("apiURL", "apiURL", json!("https://api.clerk.com")),
        ("[redacted]", KEY, json!(KEY)),
    ] {
        let options = with(&object(json!({ "secretKey": KEY })), name, object(value));
        assert_refused(construct(&options).unwrap_err(), field);
    }
    assert_refused(construct(&JsValue::UNDEFINED).unwrap_err(), "options");
    assert_refused(construct(&JsValue::NULL).unwrap_err(), "options");
    assert_refused(construct(&KEY.into()).unwrap_err(), "options");
    assert_refused(construct(&Object::new()).unwrap_err(), "secretKey");
}

#[wasm_bindgen_test]
async fn a_call_refuses_invalid_options_by_name() {
    let stub = StubFetch::new([token("pending")]);
    let tokens = client(&stub);
    for (field, options) in [
        ("options", json!(null)),
        ("options", json!(5)),
        ("retries", json!({ "retries": 1 })),
        ("signal", json!({ "signal": {} })),
        ("signal", json!({ "signal": "now" })),
        ("timeout", json!({ "timeout": -1 })),
        ("maxRetries", json!({ "maxRetries": "2" })),
        ("headers", json!({ "headers": { "Authorization": KEY } })),
    ] {
        let call = tokens.create(&user(), &object(options)).await;
        assert_refused(call.unwrap_err(), field);
    }
    assert_eq!(stub.count(), 0);
}

#[wasm_bindgen_test]
async fn a_key_function_runs_once_for_each_call() {
    let busy = || answer_with(503, &[("retry-after", "0")], "");
    let stub = StubFetch::new([busy(), token("revoked")]);
    let asked = Rc::new(Cell::new(0));
    let count = Rc::clone(&asked);
    let key = function(move || {
        count.set(count.get() + 1);
        let key = format!("sk_test_{}", count.get());
        Ok(Promise::resolve(&JsValue::from(key)))
    });
    let options = with(&object(json!({})), "secretKey", key);
    let tokens = construct(&with(&options, "fetch", stub.function())).unwrap();
    revoke(&tokens).await.unwrap();
    revoke(&tokens).await.unwrap();
    assert_eq!(stub.keys(), ["sk_test_1", "sk_test_1", "sk_test_2"]);
}

#[wasm_bindgen_test]
async fn the_error_of_a_key_function_is_the_cause_of_an_error_that_names_the_option() {
    let stub = StubFetch::new([token("pending")]);
    let failed = || JsValue::from(js_sys::Error::new(&format!("no {KEY} in store")));
    for (key, has_cause) in [
        (function(move || Err::<JsValue, _>(failed())), true),
        (function(move || Ok(Promise::reject(&failed()))), true),
        (function(|| Ok(5)), false),
        (function(|| Ok("sk test")), false),
    ] {
        let options = with(&object(json!({})), "secretKey", key);
        let tokens = construct(&with(&options, "fetch", stub.function())).unwrap();
        let thrown = create(&tokens).await.unwrap_err();
        let cause = Reflect::get(&thrown, &"cause".into()).unwrap();
        assert_eq!(cause.is_instance_of::<js_sys::Error>(), has_cause);
        if has_cause {
            let message = String::from(cause.unchecked_into::<js_sys::Error>().message());
            assert_eq!(message, "no [redacted] in store");
        }
        assert_refused(thrown.into(), "secretKey");
    }
    assert_eq!(stub.count(), 0);
}

#[wasm_bindgen_test]
async fn max_retries_of_the_call_overrides_the_clients() {
    let stub = StubFetch::new([answer_with(429, &[("retry-after", "0")], "")]);
    let tokens = client_with(&stub, json!({ "maxRetries": 0 }));
    assert_eq!(create(&tokens).await.unwrap_err().attempts(), 1);
    let call = tokens
        .create(&user(), &object(json!({ "maxRetries": 4 })))
        .await;
    assert_eq!(error(call.unwrap_err()).attempts(), 5);
}

#[wasm_bindgen_test]
async fn timeout_of_the_call_overrides_the_clients() {
    let stub = StubFetch::new([never()]);
    let tokens = client_with(&stub, json!({ "timeout": 600_000 }));
    let call = tokens
        .create(&user(), &object(json!({ "timeout": 5 })))
        .await;
    assert_eq!(error(call.unwrap_err()).code(), "timeout");
}

#[wasm_bindgen_test]
async fn the_observer_sees_each_attempt() {
    let stub = StubFetch::new([
        answer_with(503, &[("retry-after", "0"), ("cf-ray", "ray_1")], ""),
        lost(),
        clerk_error(404),
    ]);
    let options = object(json!({ "secretKey": KEY }));
    let events = observe(&options);
    let tokens = construct(&with(&options, "fetch", stub.function())).unwrap();
    revoke(&tokens).await.unwrap_err();
    for event in events.iter() {
        let duration = Reflect::get(&event, &"duration".into()).unwrap();
        assert!(duration.as_f64().unwrap() >= 0.0);
        Reflect::delete_property(event.unchecked_ref::<Object>(), &"duration".into()).unwrap();
    }
    let wait = Reflect::get(&events.get(1), &"retryIn".into())
        .unwrap()
        .as_f64()
        .unwrap();
    assert!(wait < 1000.0);
    with(events.get(1).unchecked_ref(), "retryIn", 0);
    assert_eq!(
        to_json(&events),
        json!([
            {
                "operation": "revoke", "attempt": 1, "status": 503, "clerkTraceId": "ray_1",
                "code": "server_error", "retryIn": 0,
            },
            { "operation": "revoke", "attempt": 2, "code": "network", "retryIn": 0 },
            {
                "operation": "revoke", "attempt": 3, "status": 404, "clerkTraceId": "trace_1",
                "code": "not_found",
            },
        ])
    );
}

#[wasm_bindgen_test]
async fn the_event_of_a_retried_attempt_has_the_trace_id_of_its_answer() {
    let headers = &[("retry-after", "0"), ("cf-ray", "ray_1")];
    let refused = answer_with(429, headers, clerk_error_json().to_string());
    let stub = StubFetch::new([refused, token("pending")]);
    let options = object(json!({ "secretKey": KEY }));
    let events = observe(&options);
    let tokens = construct(&with(&options, "fetch", stub.function())).unwrap();
    create(&tokens).await.unwrap();
    let first = to_json(&events.get(0));
    assert_eq!(
        (&first["code"], &first["clerkTraceId"]),
        (&json!("rate_limited"), &json!("trace_1"))
    );
}

#[wasm_bindgen_test]
async fn an_observer_that_fails_does_not_lose_the_token() {
    let failed = || JsValue::from(js_sys::Error::new("no"));
    for observer in [
        function(move || Err::<JsValue, _>(failed())),
        function(move || Ok(Promise::reject(&failed()))),
        function(|| Ok(object(json!({ "then": 5 })))),
    ] {
        let stub = StubFetch::new([token("pending")]);
        let options = with(&object(json!({ "secretKey": KEY })), "onAttempt", observer);
        let tokens = construct(&with(&options, "fetch", stub.function())).unwrap();
        create(&tokens).await.unwrap();
        ticks().await;
    }
}
