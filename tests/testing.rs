//! Tests the fakes for the tests of Rust users: natively, and on wasm32 over the real client.
#![cfg(feature = "testing")]
#![allow(clippy::unwrap_used, reason = "a panic here fails the test")]

use core::cell::RefCell;
use core::error::Error as _;
use core::time::Duration;
use std::rc::Rc;

use clerk_sign_in_tokens::testing::{FakeCall, FakeFetch, FakeStep, fake_token};
use clerk_sign_in_tokens::{
    ApiUrl, CallOptions, CreateParams, Error, ErrorCode, InstanceType, Operation, Outcome,
    SecretKey, SignInToken, SignInTokens, Status,
};

/// The tests of one name for each target.
macro_rules! tests {
    ($(async fn $name:ident() $body:block)*) => {$(
        #[cfg(target_arch = "wasm32")]
        #[wasm_bindgen_test::wasm_bindgen_test]
        async fn $name() $body

        #[cfg(not(target_arch = "wasm32"))]
        #[test]
        fn $name() {
            pollster::block_on(async $body);
        }
    )*};
}

#[cfg(feature = "bulk")]
mod bulk {
    use clerk_sign_in_tokens::bulk::{ManyOptions, PauseReason, create_many, revoke_many};
    use futures_util::stream::{self, StreamExt};

    use super::*;

    tests! {
        async fn a_bulk_run_works_over_a_script() {
            let (tokens, fetch) = client([FakeStep::Lost, FakeStep::Status(429)]);
            let pauses = RefCell::new(Vec::new());
            let options = ManyOptions::new()
                .concurrency(1)
                .on_pause(|pause| pauses.borrow_mut().push(pause.reason));
            let users = stream::iter(["user_1", "user_2"].map(CreateParams::new));
            let done: Vec<_> = create_many(&tokens, users, options).collect().await;
            let outcomes: Vec<_> = done
                .iter()
                .map(|done| match &done.result {
                    Ok(token) => Ok(&*token.user_id),
                    Err(error) => Err(error.outcome),
                })
                .collect();
            assert_eq!(outcomes, [Err(Outcome::Unknown), Ok("user_2")]);
            assert_eq!((fetch.calls().len(), pauses.take()), (3, vec![PauseReason::RateLimit]));
        }

        async fn ids_may_be_borrowed_and_a_revoke_is_retried() {
            let (tokens, fetch) = client([FakeStep::Lost, FakeStep::Status(400)]);
            let ids = [String::from("sit_1")];
            let run = revoke_many(&tokens, stream::iter(&ids), ManyOptions::new());
            let done: Vec<_> = run.collect().await;
            let error = done.first().unwrap().result.as_ref().unwrap_err();
            let outcome = (error.code, error.outcome, error.attempts);
            assert_eq!(outcome, (ErrorCode::NotPending, Outcome::Unknown, 2));
            assert_eq!(fetch.calls().len(), 2);
        }
    }
}

fn client(steps: impl IntoIterator<Item = FakeStep>) -> (SignInTokens, FakeFetch) {
    let fetch = FakeFetch::new(steps);
    let tokens = SignInTokens::new(SecretKey::new("sk_test_any").unwrap());
    (tokens.fake_fetch(&fetch), fetch)
}

fn params() -> CreateParams {
    CreateParams::new("user_2x")
}

async fn create(tokens: &SignInTokens) -> Result<SignInToken, Error> {
    tokens.create(&params()).await
}

async fn failure(step: FakeStep) -> Error {
    let short = CallOptions::new().timeout(Duration::from_millis(250));
    let (tokens, _) = client([step]);
    tokens.create_with(&params(), &short).await.unwrap_err()
}

fn assert_refused(error: &Error, field: &'static str) {
    assert_eq!(
        (error.code, error.field),
        (ErrorCode::InvalidArgument, Some(field))
    );
    assert!(
        error
            .to_string()
            .starts_with(&format!("{field}: expected ")),
        "{error}"
    );
    assert_eq!((error.outcome, error.attempts), (Outcome::NoEffect, 0));
}

tests! {
    async fn without_a_script_each_request_succeeds_and_is_recorded() {
        let (tokens, fetch) = client([]);
        let params = params().org_id("org_1").expires_in(Duration::from_secs(60));
        let token = tokens.create(&params).await.unwrap();
        let expected = (String::from("sit_fake1"), String::from("user_2x"), fake_token().url);
        assert_eq!((token.id, token.user_id, token.url), expected);
        let revoked = tokens.revoke("sit_/x").await.unwrap();
        let revoked = (&*revoked.id, revoked.status, revoked.token, revoked.url);
        assert_eq!(revoked, ("sit_/x", Status::Revoked, None, None));
        let calls = [FakeCall::Create(params), FakeCall::Revoke("sit_/x".into())];
        assert_eq!(fetch.calls(), calls);
        assert_eq!(tokens.instance_type(), Some(InstanceType::Development));
    }

    async fn a_request_is_retried_at_once_after_a_429() {
        let (tokens, fetch) = client([FakeStep::Status(429), FakeStep::Status(429)]);
        assert_eq!(create(&tokens).await.unwrap().id, "sit_fake3");
        assert_eq!(fetch.calls().len(), 3);
    }

    async fn each_step_fails_with_its_code_and_outcome() {
        use ErrorCode::{Network, NotFound, Rejected, ServerError, Timeout, Unauthorized};
        for (step, code, outcome) in [
            (FakeStep::Status(401), Unauthorized, Outcome::NoEffect),
            (FakeStep::Status(404), NotFound, Outcome::NoEffect),
            (FakeStep::Status(422), Rejected, Outcome::NoEffect),
            (FakeStep::Status(503), ServerError, Outcome::Unknown),
            (FakeStep::Lost, Network, Outcome::Unknown),
            (FakeStep::Silent, Timeout, Outcome::Unknown),
        ] {
            let error = failure(step).await;
            assert_eq!((error.code, error.outcome, error.attempts), (code, outcome, 1));
        }
        let error = failure(FakeStep::Status(404)).await;
        let codes: Vec<_> = error.errors.iter().map(|error| &*error.code).collect();
        assert_eq!((error.status, codes), (Some(404), vec!["fake_404"]));
        let lost = failure(FakeStep::Lost).await;
        assert_eq!(lost.source().unwrap().to_string(), "TypeError: fetch failed");
    }

    async fn a_revoke_is_retried_until_its_outcome_is_known() {
        let (tokens, fetch) = client([FakeStep::Lost, FakeStep::Status(400)]);
        let error = tokens.revoke("sit_1").await.unwrap_err();
        assert_eq!((error.code, error.outcome), (ErrorCode::NotPending, Outcome::Unknown));
        assert_eq!(fetch.calls().len(), 2);
    }

    async fn a_script_can_answer_with_a_token_a_body_or_by_the_request() {
        let mut own = fake_token();
        own.id = "sit_own".into();
        own.status = Status::Other("paused".into());
        let body = r#"{"errors":[{"code":"c","meta":{"a":1}}],"clerk_trace_id":"trace_1"}"#;
        let by_user = FakeStep::function(|call| match call {
            FakeCall::Create(params) if params.user_id() == "user_2x" => FakeStep::Status(404),
            _ => FakeStep::Status(200),
        });
        let steps = [
            FakeStep::Token(own.clone()),
            FakeStep::Body(422, body.into()),
            FakeStep::Body(422, "<html>".into()),
            by_user.clone(),
            by_user,
        ];
        let (tokens, _) = client(steps);
        assert_eq!(create(&tokens).await.unwrap(), own);
        let error = create(&tokens).await.unwrap_err();
        assert_eq!(error.errors.first().unwrap().meta.as_deref(), Some(r#"{"a":1}"#));
        assert_eq!(error.clerk_trace_id.as_deref(), Some("trace_1"));
        let not_clerks = create(&tokens).await.unwrap_err();
        assert_eq!(not_clerks.outcome, Outcome::Unknown);
        assert_eq!(create(&tokens).await.unwrap_err().code, ErrorCode::NotFound);
        assert_eq!(tokens.revoke("sit_1").await.unwrap().id, "sit_1");
    }

    async fn the_client_keeps_its_settings() {
        let (tokens, fetch) = client(vec![FakeStep::Status(429); 9]);
        let events = Rc::new(RefCell::new(Vec::new()));
        let seen = Rc::clone(&events);
        let tokens = tokens.max_retries(1);
        let observed = tokens.clone().on_attempt(move |event| {
            let told = (event.operation, event.attempt, event.status, event.code, event.retry_in());
            seen.borrow_mut().push(told);
        });
        assert_eq!(observed.revoke("sit_1").await.unwrap_err().attempts, 2);
        let told = |attempt, wait| {
            (Operation::Revoke, attempt, Some(429), Some(ErrorCode::RateLimited), wait)
        };
        assert_eq!(events.take(), [told(1, Some(Duration::ZERO)), told(2, None)]);
        let patient = CallOptions::new().max_retries(3);
        let error = tokens.create_with(&params(), &patient).await.unwrap_err();
        assert_eq!((error.attempts, create(&tokens).await.unwrap_err().attempts), (4, 2));
        assert_eq!((events.take().len(), fetch.calls().len()), (0, 8));
        assert!(!format!("{tokens:?}").contains("sk_test_any"));
    }

    async fn invalid_arguments_are_refused_by_their_rust_names() {
        let (tokens, fetch) = client([]);
        let too_long = CallOptions::new().timeout(Duration::from_secs(u64::MAX));
        let no_time = params().expires_in(Duration::ZERO);
        for (field, error) in [
            ("id", tokens.revoke("..").await.unwrap_err()),
            ("user_id", tokens.create(&CreateParams::new(" ")).await.unwrap_err()),
            ("expires_in_seconds", tokens.create(&no_time).await.unwrap_err()),
            ("timeout", tokens.revoke_with("sit_1", &too_long).await.unwrap_err()),
            ("timeout", create(&tokens.clone().timeout(Duration::ZERO)).await.unwrap_err()),
            ("api_url", ApiUrl::new("http://api.clerk.com").unwrap_err()),
            ("secret_key", SecretKey::new("sk test").unwrap_err()),
        ] {
            assert_refused(&error, field);
        }
        assert!(fetch.calls().is_empty());
    }

    async fn headers_that_the_client_or_fetch_sets_are_refused() {
        let (tokens, _) = client([]);
        for (name, value) in
            [("Authorization", "x"), ("Host", "x"), ("no name", "x"), ("", "x"), ("x-a", "a\nb")]
        {
            assert_refused(&tokens.clone().header(name, value).unwrap_err(), "headers");
            assert_refused(&CallOptions::new().header(name, value).unwrap_err(), "headers");
        }
        assert!(tokens.header("traceparent", "00").is_ok());
    }

    async fn a_key_function_can_fail() {
        let fetch = FakeFetch::new([]);
        let failing = || async { Err::<SecretKey, _>("no sk_test_abc in store") };
        let tokens = SignInTokens::with_key_from(failing).fake_fetch(&fetch);
        let error = create(&tokens).await.unwrap_err();
        assert_eq!((error.code, error.field), (ErrorCode::InvalidArgument, Some("secret_key")));
        assert!(!format!("{error:?}").contains("sk_test_abc"));
        let source = error.source().unwrap().to_string();
        assert_eq!(source, "Error: no [redacted] in store");
        assert!(fetch.calls().is_empty());
    }
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
#[should_panic(expected = "steps[1]: expected the status 200, 4xx or 5xx")]
fn an_invalid_step_is_refused_by_its_index() {
    let _ = FakeFetch::new([FakeStep::Lost, FakeStep::Status(302)]);
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn without_a_script_a_native_client_sends_nothing() {
    let tokens = SignInTokens::new(SecretKey::new("sk_test_any").unwrap());
    let error = pollster::block_on(create(&tokens)).unwrap_err();
    assert_eq!((error.field, error.attempts), (Some("fetch"), 0));
}
