//! Tests what a call does when the runtime's timers run late, refuse, or are not there.

use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::stub::{answer_with, token};

/// Keeps the thread busy for so many milliseconds, so that no timer runs.
fn block(ms: f64) {
    let end = js_sys::Date::now() + ms;
    while js_sys::Date::now() < end {}
}

fn assert_timed_out(error: &TokensError, attempts: u32) {
    assert_eq!(
        (&*error.code(), &*error.outcome(), error.attempts()),
        ("timeout", "none", attempts)
    );
}

#[wasm_bindgen_test]
async fn the_first_request_is_sent_inside_the_call() {
    // As by an async function: it runs in its caller's async context.
    let stub = StubFetch::new([token("pending")]);
    let call = begin(&client(&stub), &user());
    assert_eq!(stub.count(), 1);
    JsFuture::from(call).await.unwrap();
}

#[wasm_bindgen_test]
async fn no_request_is_sent_after_the_timeout() {
    let stub = StubFetch::new([token("pending")]);
    let key = Closure::<dyn Fn() -> Promise>::new(|| Promise::resolve(&JsValue::from(KEY)));
    let options = with(
        &object(json!({ "timeout": 20 })),
        "secretKey",
        key.into_js_value(),
    );
    let tokens = construct(&with(&options, "fetch", stub.function())).unwrap();
    let call = begin(&tokens, &user());
    block(40.0);
    assert_timed_out(&error(JsFuture::from(call).await.unwrap_err()), 0);
    assert_eq!(stub.count(), 0);
}

#[wasm_bindgen_test]
async fn no_request_is_sent_after_a_key_that_came_too_late() {
    let stub = StubFetch::new([token("pending")]);
    let key = Closure::<dyn Fn() -> JsValue>::new(|| {
        block(40.0);
        KEY.into()
    });
    let options = with(
        &object(json!({ "timeout": 20 })),
        "secretKey",
        key.into_js_value(),
    );
    let tokens = construct(&with(&options, "fetch", stub.function())).unwrap();
    assert_timed_out(&create(&tokens).await.unwrap_err(), 0);
    assert_eq!(stub.count(), 0);
}

#[wasm_bindgen_test]
async fn no_retry_is_sent_after_the_timeout() {
    let stub = StubFetch::new([answer_with(429, &[("retry-after", "0")], "")]);
    let observer = Closure::<dyn Fn()>::new(|| block(2000.0)).into_js_value();
    let options = object(json!({ "secretKey": KEY, "timeout": 2000 }));
    with(&options, "onAttempt", observer);
    let tokens = construct(&with(&options, "fetch", stub.function())).unwrap();
    assert_timed_out(&create(&tokens).await.unwrap_err(), 1);
    assert_eq!(stub.count(), 1);
}
