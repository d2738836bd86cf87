//! Tests the client for Rust users.

use core::cell::{Cell, RefCell};
use core::error::Error as _;
use core::pin::Pin;
use core::task::{Context, Waker};
use core::time::Duration;
use std::rc::Rc;

use clerk_sign_in_tokens::web_sys::{AbortController, AbortSignal, RequestRedirect};
use clerk_sign_in_tokens::{
    ApiUrl, CallOptions, CreateParams, Error, ErrorCode, Outcome, SecretKey, SignInToken,
    SignInTokens, Status,
};
use js_sys::Reflect;
use serde_json::json;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stub::{KEY, Reply, SHORT_MS, StubFetch, answer, clerk_error, lost, never, token};

fn key() -> SecretKey {
    SecretKey::new(KEY).unwrap()
}

fn over(stub: &StubFetch, tokens: SignInTokens) -> SignInTokens {
    let stub = stub.clone();
    tokens.fetch(move |request| {
        let reply = stub.fetch(&request);
        async move { reply.await?.dyn_into() }
    })
}

fn client(stub: &StubFetch) -> SignInTokens {
    over(stub, SignInTokens::new(key()))
}

async fn create(tokens: &SignInTokens) -> Result<SignInToken, Error> {
    tokens.create(&CreateParams::new("user_1")).await
}

fn busy() -> Reply {
    answer(503, &[("retry-after", "0")], "")
}

type Call<'a> = Pin<Box<dyn Future<Output = Result<SignInToken, Error>> + 'a>>;

/// Polls a call. The first time sends its request.
fn is_pending(call: &mut Call<'_>) -> bool {
    let mut context = Context::from_waker(Waker::noop());
    call.as_mut().poll(&mut context).is_pending()
}

fn assert_aborted(error: &Error, outcome: Outcome, attempts: u32) {
    assert_eq!(
        (error.code, error.outcome, error.attempts),
        (ErrorCode::Aborted, outcome, attempts)
    );
}

#[wasm_bindgen_test]
async fn a_create_sends_what_the_api_expects() {
    let stub = StubFetch::new([token("pending")]);
    let params = CreateParams::new("user_1")
        .org_id("org_1")
        .expires_in(Duration::from_secs(600));
    let token = client(&stub).create(&params).await.unwrap();
    assert_eq!(
        (
            &*token.id,
            token.status,
            token.token.as_deref(),
            token.created_at
        ),
        (
            "sit_1",
            Status::Pending,
            Some("the-ticket"),
            1_700_000_000_000
        )
    );
    let seen = stub.request();
    assert_eq!(seen.url(), "https://api.clerk.com/v1/sign_in_tokens");
    assert_eq!(seen.request.method(), "POST");
    assert_eq!(seen.request.redirect(), RequestRedirect::Manual);
    assert_eq!(
        seen.json(),
        json!({ "user_id": "user_1", "org_id": "org_1", "expires_in_seconds": 600 })
    );
    assert_eq!(seen.header("authorization"), Some(format!("Bearer {KEY}")));
    assert_eq!(
        seen.header("content-type").as_deref(),
        Some("application/json")
    );
    assert_eq!(
        seen.header("clerk-api-version").as_deref(),
        Some("2026-05-12")
    );
}

#[wasm_bindgen_test]
async fn a_revoke_is_retried_after_a_lost_answer() {
    let stub = StubFetch::new([busy(), lost(), token("revoked")]);
    let token = client(&stub).revoke("sit/1").await.unwrap();
    assert_eq!(token.status, Status::Revoked);
    assert_eq!(stub.count(), 3);
    for seen in stub.requests() {
        assert!(seen.url().ends_with("/v1/sign_in_tokens/sit%2F1/revoke"));
        assert_eq!(
            (seen.body.as_deref(), seen.header("content-type")),
            (None, None)
        );
    }
}

#[wasm_bindgen_test]
async fn an_error_becomes_the_npm_packages_in_javascript() {
    let stub = StubFetch::new([clerk_error(404)]);
    let thrown = JsValue::from(create(&client(&stub)).await.unwrap_err());
    let field = |name: &str| Reflect::get(&thrown, &name.into()).unwrap();
    assert!(thrown.is_instance_of::<js_sys::Error>());
    assert_eq!(field("name"), "SignInTokensError");
    assert_eq!(field("message"), "create: not found");
    assert_eq!(
        (field("code"), field("outcome")),
        ("not_found".into(), "none".into())
    );
    assert_eq!(field("status"), 404);
    let refused = JsValue::from(ApiUrl::new("http://api.clerk.com").unwrap_err());
    let message = String::from(refused.unchecked_ref::<js_sys::Error>().message());
    assert!(
        message.starts_with("api_url: expected an https URL"),
        "{message}"
    );
}

#[wasm_bindgen_test]
async fn dropping_the_future_aborts_the_request() {
    let stub = StubFetch::new([never()]);
    let tokens = client(&stub);
    let params = CreateParams::new("user_1");
    let mut call: Call<'_> = Box::pin(tokens.create(&params));
    assert!(is_pending(&mut call));
    assert!(!stub.request().is_aborted());
    drop(call);
    assert!(stub.request().is_aborted());
}

#[wasm_bindgen_test]
async fn the_runtimes_fetch_is_used_by_default() {
    let stub = StubFetch::new([token("pending")]);
    let _installed = stub.install();
    let tokens = SignInTokens::new(key()).api_url(ApiUrl::new("http://localhost:8700").unwrap());
    create(&tokens).await.unwrap();
    assert_eq!(
        stub.request().url(),
        "http://localhost:8700/v1/sign_in_tokens"
    );
}

#[wasm_bindgen_test]
async fn the_timeout_of_the_call_overrides_the_clients_and_aborts_the_request() {
    let stub = StubFetch::new([never()]);
    let tokens = client(&stub).timeout(Duration::from_secs(600));
    let options = CallOptions::new().timeout(Duration::from_millis(SHORT_MS.into()));
    let error = tokens.revoke_with("sit_1", &options).await.unwrap_err();
    assert_eq!(
        (error.code, error.outcome, error.attempts),
        (ErrorCode::Timeout, Outcome::Unknown, 1)
    );
    assert!(stub.request().is_aborted());
}

#[wasm_bindgen_test]
async fn headers_of_the_call_override_the_clients() {
    let stub = StubFetch::new([token("revoked")]);
    let plain = client(&stub).header("x-a", "first").unwrap();
    let tokens = plain.clone().header("X-A", "client").unwrap();
    let tokens = tokens.header("x-b", "client").unwrap();
    let options = CallOptions::new().header("X-A", "call").unwrap();
    tokens.revoke_with("sit_1", &options).await.unwrap();
    tokens.revoke("sit_1").await.unwrap();
    plain.revoke("sit_1").await.unwrap();
    let seen = stub.requests();
    let sent = |name| -> Vec<_> { seen.iter().map(|seen| seen.header(name)).collect() };
    let text = |value: &str| Some(String::from(value));
    assert_eq!(sent("x-a"), ["call", "client", "first"].map(text));
    assert_eq!(sent("x-b"), [text("client"), text("client"), None]);
}

#[wasm_bindgen_test]
async fn a_key_function_runs_once_for_each_call() {
    let stub = StubFetch::new([busy(), token("revoked")]);
    let asked = Rc::new(Cell::new(0));
    let count = Rc::clone(&asked);
    let tokens = SignInTokens::with_key_from(move || {
        count.set(count.get() + 1);
        let key = SecretKey::new(format!("sk_test_{}", count.get()));
        async move { key }
    });
    let tokens = over(&stub, tokens);
    tokens.revoke("sit_1").await.unwrap();
    tokens.revoke("sit_1").await.unwrap();
    assert_eq!(stub.keys(), ["sk_test_1", "sk_test_1", "sk_test_2"]);
}

#[wasm_bindgen_test]
async fn an_aborted_signal_sends_nothing_and_looks_up_no_key() {
    let stub = StubFetch::new([token("pending")]);
    let look_up = || async { panic!("it looked up the key") };
    let tokens = over(&stub, SignInTokens::with_key_from::<_, _, Error>(look_up));
    let params = CreateParams::new("user_1");
    let options = CallOptions::new().signal(&AbortSignal::abort());
    let error = tokens.create_with(&params, &options).await.unwrap_err();
    assert_aborted(&error, Outcome::NoEffect, 0);
    assert_eq!(error.to_string(), "create: the signal was aborted");
    assert!(
        error
            .source()
            .unwrap()
            .to_string()
            .starts_with("AbortError")
    );
    assert_eq!(stub.count(), 0);
}

#[wasm_bindgen_test]
async fn an_abort_ends_the_request_and_leaves_the_outcome_open() {
    let stub = StubFetch::new([never()]);
    let events = Rc::new(RefCell::new(Vec::new()));
    let seen = Rc::clone(&events);
    let tokens = client(&stub).on_attempt(move |event| seen.borrow_mut().push(event.code));
    let controller = AbortController::new().unwrap();
    let params = CreateParams::new("user_1");
    let options = CallOptions::new().signal(&controller.signal());
    let mut call: Call<'_> = Box::pin(tokens.create_with(&params, &options));
    assert!(is_pending(&mut call));
    controller.abort_with_reason(&"enough".into());
    assert_aborted(&call.await.unwrap_err(), Outcome::Unknown, 1);
    assert!(stub.request().is_aborted());
    assert_eq!(*events.borrow(), [Some(ErrorCode::Aborted)]);
}

#[wasm_bindgen_test]
async fn an_abort_during_the_wait_for_a_retry_sends_no_second_request() {
    let stub = StubFetch::new([answer(429, &[("retry-after", "3")], "")]);
    let controller = AbortController::new().unwrap();
    let aborting = controller.clone();
    let tokens = client(&stub).on_attempt(move |_| aborting.abort());
    let params = CreateParams::new("user_1");
    let options = CallOptions::new().signal(&controller.signal());
    let error = tokens.create_with(&params, &options).await.unwrap_err();
    assert_aborted(&error, Outcome::NoEffect, 1);
    assert_eq!(stub.count(), 1);
}

#[wasm_bindgen_test]
async fn an_abort_during_the_look_up_of_the_key_sends_nothing() {
    let stub = StubFetch::new([token("pending")]);
    let look_up = || core::future::pending::<Result<SecretKey, Error>>();
    let tokens = over(&stub, SignInTokens::with_key_from(look_up));
    let controller = AbortController::new().unwrap();
    let options = CallOptions::new().signal(&controller.signal());
    let mut call: Call<'_> = Box::pin(tokens.revoke_with("sit_1", &options));
    assert!(is_pending(&mut call));
    controller.abort();
    assert_aborted(&call.await.unwrap_err(), Outcome::NoEffect, 0);
    assert_eq!(stub.count(), 0);
}
