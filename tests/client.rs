//! The Rust client against a stand-in for the runtime's `fetch`: run by wasm-pack in Node, Deno and Chromium.
#![cfg(target_arch = "wasm32")]

use core::time::Duration;

use clerk_sign_in_tokens::{
    CreateParams, ErrorCode, Outcome, SecretKey, SignInToken, SignInTokens, Status,
};
use serde::{Deserialize, Serialize};
use wasm_bindgen_test::wasm_bindgen_test;

/// An answer that the stand-in gives: `status` 0 fails like a broken connection, 1 never comes.
#[derive(Serialize)]
struct Answer {
    status: u16,
    body: String,
    retry_after: Option<&'static str>,
}

/// A request that the stand-in saw.
#[derive(Deserialize)]
struct Seen {
    url: String,
    method: String,
    redirect: String,
    body: Option<String>,
    headers: Vec<(String, String)>,
    aborted: bool,
}

impl Seen {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find_map(|(key, value)| (key == name).then_some(&**value))
    }
}

/// Replaces `fetch`; the last answer is given again and again.
fn stub_fetch(answers: &[Answer]) {
    let install = js_sys::Function::new_with_args(
        "answers",
        "const seen = globalThis.seen = [];
        globalThis.fetch = async (url, init) => {
            seen.push({ url, init });
            const { status, body, retry_after } = answers[Math.min(seen.length, answers.length) - 1];
            if (status === 0) throw new TypeError('connection broken');
            if (status === 1) return new Promise(() => {});
            return new Response(body, { status, headers: retry_after ? { 'retry-after': retry_after } : {} });
        };",
    );
    let answers = serde_wasm_bindgen::to_value(answers).unwrap();
    install.call(&js_sys::global(), (&answers,)).unwrap();
}

fn seen() -> Vec<Seen> {
    let read = js_sys::Function::new_no_args(
        "return globalThis.seen.map(({ url, init: { method, redirect, body, headers, signal } }) =>
            ({ url, method, redirect, body, headers: [...headers], aborted: signal.aborted }))",
    );
    serde_wasm_bindgen::from_value(read.call(&js_sys::global(), ()).unwrap()).unwrap()
}

fn answer(status: u16, body: impl Into<String>) -> Answer {
    Answer {
        status,
        body: body.into(),
        retry_after: None,
    }
}

fn token(status: &str) -> Answer {
    let text = r#"{"object":"sign_in_token","id":"sit_1","user_id":"user_1","status":"STATUS","token":"ticket","created_at":1700000000000,"updated_at":1700000000001}"#;
    answer(200, text.replace("STATUS", status))
}

fn client() -> SignInTokens {
    SignInTokens::new(SecretKey::new("sk_test_key").unwrap())
}

async fn create() -> Result<SignInToken, clerk_sign_in_tokens::Error> {
    client()
        .create(&CreateParams::new("user_1").expires_in_seconds(600))
        .await
}

#[wasm_bindgen_test]
async fn a_create_sends_what_the_api_expects() {
    stub_fetch(&[token("pending")]);
    let token = create().await.unwrap();
    assert_eq!(
        (&*token.id, token.status, token.token.as_deref()),
        ("sit_1", Status::Pending, Some("ticket"))
    );
    let [request] = &seen()[..] else {
        panic!("one request")
    };
    assert_eq!(request.url, "https://api.clerk.com/v1/sign_in_tokens");
    assert_eq!((&*request.method, &*request.redirect), ("POST", "manual"));
    assert_eq!(
        request.body.as_deref(),
        Some(r#"{"user_id":"user_1","expires_in_seconds":600}"#)
    );
    assert_eq!(request.header("authorization"), Some("Bearer sk_test_key"));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(
        request.header("clerk-api-version"),
        Some(clerk_sign_in_tokens::API_VERSION)
    );
}

#[wasm_bindgen_test]
async fn a_revoke_is_repeated_after_a_lost_answer() {
    let mut busy = answer(503, "");
    busy.retry_after = Some("0");
    stub_fetch(&[busy, answer(0, ""), token("revoked")]);
    assert_eq!(
        client().revoke("sit/1").await.unwrap().status,
        Status::Revoked
    );
    let requests = seen();
    assert_eq!(requests.len(), 3);
    assert!(
        requests
            .iter()
            .all(|request| request.url.ends_with("/v1/sign_in_tokens/sit%2F1/revoke"))
    );
    assert!(
        requests
            .iter()
            .all(|request| request.body.is_none() && request.header("content-type").is_none())
    );
}

#[wasm_bindgen_test]
async fn a_create_is_not_repeated_after_a_lost_answer() {
    stub_fetch(&[answer(0, ""), token("pending")]);
    let error = create().await.unwrap_err();
    assert_eq!(
        (error.code, error.outcome, error.attempts),
        (ErrorCode::Network, Outcome::Unknown, 1)
    );
    assert_eq!(seen().len(), 1);
}

#[wasm_bindgen_test]
async fn an_error_is_told_in_full() {
    let body = r#"{"errors":[{"message":"not found","long_message":"No user","code":"resource_not_found"}],"clerk_trace_id":"t1"}"#;
    stub_fetch(&[answer(404, body)]);
    let error = create().await.unwrap_err();
    assert_eq!(
        (error.code, error.outcome, error.status),
        (ErrorCode::NotFound, Outcome::None, Some(404))
    );
    assert_eq!(
        (&*error.errors[0].code, error.clerk_trace_id.as_deref()),
        ("resource_not_found", Some("t1"))
    );
}

#[wasm_bindgen_test]
async fn a_body_without_an_end_is_cut_off() {
    stub_fetch(&[answer(200, " ".repeat(10_000_000))]);
    assert_eq!(create().await.unwrap_err().code, ErrorCode::InvalidResponse);
}

#[wasm_bindgen_test]
async fn the_time_limit_aborts_the_request() {
    stub_fetch(&[answer(1, "")]);
    let error = client()
        .timeout(Duration::from_millis(20))
        .revoke("sit_1")
        .await
        .unwrap_err();
    assert_eq!(
        (error.code, error.outcome, error.attempts),
        (ErrorCode::Timeout, Outcome::Unknown, 1)
    );
    assert!(seen()[0].aborted);
}

#[wasm_bindgen_test]
async fn bad_arguments_are_refused_before_any_request() {
    stub_fetch(&[token("pending")]);
    let error = client().revoke("..").await.unwrap_err();
    assert_eq!(
        (error.code, error.attempts),
        (ErrorCode::InvalidArgument, 0)
    );
    assert_eq!(seen().len(), 0);
}
