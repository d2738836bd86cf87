//! Tests the settings of the client for Rust users, and of its calls.

use core::cell::{Cell, RefCell};
use core::error::Error as _;
use core::time::Duration;
use std::rc::Rc;

use clerk_sign_in_tokens::{
    ApiUrl, AttemptEvent, CallOptions, CreateParams, ErrorCode, Operation, Outcome, SecretKey,
    SignInTokens,
};
use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::stub::{KEY, SHORT_MS, StubFetch, answer_with, clerk_error, never, token};

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
async fn max_retries_of_the_call_overrides_the_clients() {
    let stub = StubFetch::new([answer_with(429, &[("retry-after", "0")], "")]);
    let tokens = client(&stub).max_retries(0);
    assert_eq!(create(&tokens).await.unwrap_err().attempts, 1);
    let options = CallOptions::new().max_retries(3);
    let call = tokens
        .create_with(&CreateParams::new("user_1"), &options)
        .await;
    assert_eq!(call.unwrap_err().attempts, 4);
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
async fn the_error_of_a_key_function_is_the_source_of_the_calls_error() {
    let stub = StubFetch::new([token("pending")]);
    let failing = || async { Err::<SecretKey, _>(format!("no {KEY} in store")) };
    let error = create(&over(&stub, SignInTokens::with_key_from(failing)))
        .await
        .unwrap_err();
    assert_eq!(
        (error.code, error.field),
        (ErrorCode::InvalidArgument, Some("secret_key"))
    );
    assert_eq!(
        error.source().unwrap().to_string(),
        "Error: no [redacted] in store"
    );
    assert!(!format!("{error:?}").contains(KEY));
    assert_eq!(stub.count(), 0);
}

#[wasm_bindgen_test]
async fn the_observer_sees_each_attempt() {
    let stub = StubFetch::new([busy(), clerk_error(404)]);
    let events = Rc::new(RefCell::new(Vec::<AttemptEvent>::new()));
    let seen = Rc::clone(&events);
    let tokens = client(&stub).on_attempt(move |event| seen.borrow_mut().push(event.clone()));
    tokens.revoke("sit_1").await.unwrap_err();
    let events = events.borrow();
    let told: Vec<_> = events
        .iter()
        .map(|event| {
            (
                event.operation,
                event.attempt,
                event.status,
                event.code,
                event.retry_in(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (
                Operation::Revoke,
                1,
                Some(503),
                Some(ErrorCode::ServerError),
                Some(Duration::ZERO)
            ),
            (
                Operation::Revoke,
                2,
                Some(404),
                Some(ErrorCode::NotFound),
                None
            ),
        ]
    );
}

#[wasm_bindgen_test]
async fn a_client_shows_no_secret_and_its_clone_has_separate_settings() {
    let stub = StubFetch::new([answer_with(429, &[("retry-after", "0")], "")]);
    let tokens = client(&stub).max_retries(1);
    let patient = tokens.clone().max_retries(3);
    assert!(!format!("{tokens:?}").contains(KEY));
    assert_eq!(create(&tokens).await.unwrap_err().attempts, 2);
    assert_eq!(create(&patient).await.unwrap_err().attempts, 4);
}
