//! Tests the timeout and the caller's signal.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::AbortController;

use super::*;
use crate::stub::{Reply, answer_with, never, resolves, token};

fn options(controller: &AbortController) -> Object {
    with(&Object::new(), "signal", controller.signal())
}

/// Aborts with this reason on the first request, and never replies.
fn aborting(controller: &AbortController, reason: &JsValue) -> Reply {
    let (controller, reason) = (controller.clone(), reason.clone());
    std::rc::Rc::new(move || {
        controller.abort_with_reason(&reason);
        never()()
    })
}

fn reason() -> JsValue {
    object(json!({ "why": "changed my mind" })).into()
}

/// Returns a response whose body never ends.
fn endless_body() -> JsValue {
    let stream = Function::new_no_args("return new Response(new ReadableStream())");
    stream.call0(&JsValue::UNDEFINED).unwrap()
}

#[wasm_bindgen_test]
async fn a_signal_that_is_aborted_already_sends_nothing() {
    let stub = StubFetch::new([token("pending")]);
    let controller = AbortController::new().unwrap();
    controller.abort_with_reason(&reason());
    let aborted = controller.signal().reason();
    let call = client(&stub).create(&user(), &options(&controller)).await;
    assert!(Object::is(&call.unwrap_err(), &aborted));
    // Invalid input is reported first.
    let call = client(&stub)
        .create(&Object::new(), &options(&controller))
        .await;
    assert_eq!(error(call.unwrap_err()).code(), "invalid_argument");
    assert_eq!(stub.count(), 0);
}

#[wasm_bindgen_test]
async fn an_abort_stops_the_fetch_and_rejects_with_the_signals_reason() {
    let (controller, reason) = (AbortController::new().unwrap(), reason());
    let stub = StubFetch::new([aborting(&controller, &reason)]);
    let call = client(&stub)
        .revoke(&"sit_1".into(), &options(&controller))
        .await;
    assert!(Object::is(&call.unwrap_err(), &reason));
    let seen = stub.request();
    assert!(seen.is_aborted());
    assert!(Object::is(&seen.request.signal().reason(), &reason));
}

#[wasm_bindgen_test]
async fn an_abort_without_a_reason_is_an_abort_error() {
    let controller = AbortController::new().unwrap();
    controller.abort();
    let stub = StubFetch::new([token("pending")]);
    let thrown = client(&stub)
        .create(&user(), &options(&controller))
        .await
        .unwrap_err();
    let name = Reflect::get(&thrown, &"name".into()).unwrap();
    assert_eq!(name, "AbortError");
}

#[wasm_bindgen_test]
async fn an_abort_stops_the_key_lookup_and_a_wait() {
    let (controller, reason) = (AbortController::new().unwrap(), reason());
    let stub = StubFetch::new([token("pending")]);
    let abort = aborting(&controller, &reason);
    let key = Closure::<dyn Fn() -> Promise>::new(move || abort()).into_js_value();
    let own = with(&Object::new(), "secretKey", key);
    let tokens = construct(&with(&own, "fetch", stub.function())).unwrap();
    let call = tokens.create(&user(), &options(&controller)).await;
    assert!(Object::is(&call.unwrap_err(), &reason));
    assert_eq!(stub.count(), 0);

    let controller = AbortController::new().unwrap();
    let stub = StubFetch::new([answer_with(429, &[("retry-after", "3600")], "")]);
    let (abort, why) = (controller.clone(), reason.clone());
    let observe = Closure::<dyn Fn()>::new(move || abort.abort_with_reason(&why)).into_js_value();
    let own = with(
        &object(json!({ "secretKey": KEY, "timeout": i32::MAX })),
        "onAttempt",
        observe,
    );
    let tokens = construct(&with(&own, "fetch", stub.function())).unwrap();
    let call = tokens.create(&user(), &options(&controller)).await;
    assert!(Object::is(&call.unwrap_err(), &reason));
    assert_eq!(stub.count(), 1);
}

#[wasm_bindgen_test]
async fn many_calls_can_share_a_signal_and_it_may_be_null() {
    let stub = StubFetch::new([token("pending")]);
    let controller = AbortController::new().unwrap();
    let tokens = client(&stub);
    for _ in 0..3 {
        tokens.create(&user(), &options(&controller)).await.unwrap();
    }
    controller.abort();
    tokens
        .create(&user(), &object(json!({ "signal": null })))
        .await
        .unwrap();
}

#[wasm_bindgen_test]
async fn a_signal_aborts_all_its_calls() {
    let (controller, reason) = (AbortController::new().unwrap(), reason());
    let stub = StubFetch::new([never(), never(), aborting(&controller, &reason)]);
    let tokens = std::rc::Rc::new(client(&stub));
    let calls = Array::new();
    for _ in 0..3 {
        let (tokens, options) = (std::rc::Rc::clone(&tokens), options(&controller));
        calls.push(&wasm_bindgen_futures::future_to_promise(async move {
            Ok(tokens.create(&user(), &options).await.unwrap_err())
        }));
    }
    let results: Array = JsFuture::from(Promise::all(&calls))
        .await
        .unwrap()
        .unchecked_into();
    assert_eq!(results.length(), 3);
    assert!(results.iter().all(|thrown| Object::is(&thrown, &reason)));
}

#[wasm_bindgen_test]
async fn the_timeout_covers_the_key_the_fetch_and_the_body() {
    let stub = StubFetch::new([never()]);
    let tokens = client_with(&stub, json!({ "timeout": SHORT_MS }));
    let error_of_fetch = create(&tokens).await.unwrap_err();
    assert!(stub.request().is_aborted());

    let stub = StubFetch::new([resolves(endless_body())]);
    let tokens = client_with(&stub, json!({ "timeout": SHORT_MS }));
    let error_of_body = create(&tokens).await.unwrap_err();

    let key = Closure::<dyn Fn() -> Promise>::new(|| never()()).into_js_value();
    let own = with(&object(json!({ "timeout": SHORT_MS })), "secretKey", key);
    let tokens = construct(&with(&own, "fetch", stub.function())).unwrap();
    let error_of_key = create(&tokens).await.unwrap_err();

    for (error, outcome, attempts) in [
        (error_of_fetch, "unknown", 1),
        (error_of_body, "unknown", 1),
        (error_of_key, "none", 0),
    ] {
        assert_eq!(
            (&*error.code(), &*error.outcome(), error.attempts()),
            ("timeout", outcome, attempts)
        );
    }
}

#[wasm_bindgen_test]
async fn a_timeout_aborts_the_request_with_an_abort_error() {
    let stub = StubFetch::new([never()]);
    create(&client_with(&stub, json!({ "timeout": SHORT_MS })))
        .await
        .unwrap_err();
    let reason = stub.request().request.signal().reason();
    assert_eq!(Reflect::get(&reason, &"name".into()).unwrap(), "AbortError");
}
