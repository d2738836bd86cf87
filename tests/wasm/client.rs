//! Tests the client for Rust users.

mod settings;
mod signal;

use core::error::Error as _;
use core::future::Future;
use core::task::{Context, Waker};
use core::time::Duration;

use clerk_sign_in_tokens::{
    ApiUrl, CallOptions, CreateParams, Error, ErrorCode, Outcome, SecretKey, SignInToken,
    SignInTokens, Status,
};
use js_sys::Reflect;
use serde_json::json;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stub::{KEY, Reply, StubFetch, answer_with, clerk_error, lost, never, resolves, token};

fn key() -> SecretKey {
    SecretKey::new(KEY).unwrap()
}

pub fn over(stub: &StubFetch, tokens: SignInTokens) -> SignInTokens {
    let stub = stub.clone();
    tokens.fetch(move |request| {
        let reply = stub.fetch(&request);
        async move { reply.await?.dyn_into() }
    })
}

pub fn client(stub: &StubFetch) -> SignInTokens {
    over(stub, SignInTokens::new(key()))
}

async fn create(tokens: &SignInTokens) -> Result<SignInToken, Error> {
    tokens.create(&CreateParams::new("user_1")).await
}

fn busy() -> Reply {
    answer_with(503, &[("retry-after", "0")], "")
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
    assert_eq!(seen.request.redirect(), web_sys::RequestRedirect::Manual);
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
async fn a_create_is_not_retried_after_a_lost_answer() {
    let stub = StubFetch::new([lost(), token("pending")]);
    let error = create(&client(&stub)).await.unwrap_err();
    assert_eq!(
        (error.code, error.outcome, error.attempts),
        (ErrorCode::Network, Outcome::Unknown, 1)
    );
    let source = error.source().unwrap();
    assert_eq!(source.to_string(), "TypeError: connection broken");
    assert_eq!(stub.count(), 1);
}

#[wasm_bindgen_test]
async fn an_error_has_all_fields_of_the_answer() {
    let stub = StubFetch::new([clerk_error(404)]);
    let error = create(&client(&stub)).await.unwrap_err();
    assert_eq!(
        (error.code, error.outcome, error.status),
        (ErrorCode::NotFound, Outcome::NoEffect, Some(404))
    );
    assert_eq!(error.errors[0].code, "some_code");
    assert_eq!(
        error.errors[0].meta.as_deref(),
        Some(r#"{"param_name":"user_id"}"#)
    );
    assert_eq!(error.clerk_trace_id.as_deref(), Some("trace_1"));
    assert_eq!(error.to_string(), "create: not found");
}

#[wasm_bindgen_test]
async fn a_fetch_that_returns_no_response_is_a_network_error() {
    let stub = StubFetch::new([resolves(5)]);
    let error = create(&client(&stub)).await.unwrap_err();
    assert_eq!(
        (error.code, error.outcome),
        (ErrorCode::Network, Outcome::Unknown)
    );
}

#[wasm_bindgen_test]
async fn invalid_arguments_are_refused_by_their_rust_names() {
    let stub = StubFetch::new([token("pending")]);
    let tokens = client(&stub);
    let too_long = CallOptions::new().timeout(Duration::from_secs(u64::MAX));
    for (field, error) in [
        ("id", tokens.revoke("..").await.unwrap_err()),
        (
            "user_id",
            tokens.create(&CreateParams::new(" ")).await.unwrap_err(),
        ),
        (
            "expires_in_seconds",
            tokens
                .create(&CreateParams::new("user_1").expires_in(Duration::ZERO))
                .await
                .unwrap_err(),
        ),
        (
            "timeout",
            tokens.revoke_with("sit_1", &too_long).await.unwrap_err(),
        ),
        (
            "timeout",
            create(&client(&stub).timeout(Duration::ZERO))
                .await
                .unwrap_err(),
        ),
        ("api_url", ApiUrl::new("http://api.clerk.com").unwrap_err()),
        ("secret_key", SecretKey::new("sk test").unwrap_err()),
    ] {
        assert_refused(&error, field);
    }
    assert_eq!(stub.count(), 0);
}

#[wasm_bindgen_test]
fn reserved_headers_are_refused() {
    let tokens = client(&StubFetch::new([]));
    for name in ["Authorization", "Host", "no name", ""] {
        let error = tokens.clone().header(name, "x").unwrap_err();
        assert_refused(&error, "headers");
        let error = CallOptions::new().header(name, "x").unwrap_err();
        assert_refused(&error, "headers");
    }
    assert_refused(&tokens.header("x-a", "a\nb").unwrap_err(), "headers");
}

fn assert_refused(error: &Error, field: &'static str) {
    assert_eq!(
        (error.code, error.field),
        (ErrorCode::InvalidArgument, Some(field))
    );
    let expected = format!("{field}: expected ");
    assert!(error.to_string().starts_with(&expected), "{error}");
    assert_eq!((error.outcome, error.attempts), (Outcome::NoEffect, 0));
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
    let mut call = Box::pin(tokens.create(&params));
    // The first poll sends the request.
    let mut context = Context::from_waker(Waker::noop());
    assert!(call.as_mut().poll(&mut context).is_pending());
    assert!(!stub.request().is_aborted());
    drop(call);
    assert!(stub.request().is_aborted());
}
