//! Tests the signal of a Rust user's call.

use core::cell::RefCell;
use core::pin::Pin;
use std::rc::Rc;

use clerk_sign_in_tokens::web_sys::{AbortController, AbortSignal};

use super::*;

type Call<'a> = Pin<Box<dyn Future<Output = Result<SignInToken, Error>> + 'a>>;

fn options(signal: &AbortSignal) -> CallOptions {
    CallOptions::new().signal(signal)
}

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
async fn an_aborted_signal_sends_nothing_and_looks_up_no_key() {
    let stub = StubFetch::new([token("pending")]);
    let look_up = || async { panic!("it looked up the key") };
    let tokens = over(&stub, SignInTokens::with_key_from::<_, _, Error>(look_up));
    let params = CreateParams::new("user_1");
    let options = options(&AbortSignal::abort());
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
    let (params, options) = (CreateParams::new("user_1"), options(&controller.signal()));
    let mut call: Call<'_> = Box::pin(tokens.create_with(&params, &options));
    assert!(is_pending(&mut call));
    controller.abort_with_reason(&"enough".into());
    assert_aborted(&call.await.unwrap_err(), Outcome::Unknown, 1);
    assert!(stub.request().is_aborted());
    assert_eq!(*events.borrow(), [Some(ErrorCode::Aborted)]);
}

#[wasm_bindgen_test]
async fn an_abort_during_the_wait_for_a_retry_sends_no_second_request() {
    let stub = StubFetch::new([answer_with(429, &[("retry-after", "3")], "")]);
    let controller = AbortController::new().unwrap();
    let aborting = controller.clone();
    let tokens = client(&stub).on_attempt(move |_| aborting.abort());
    let params = CreateParams::new("user_1");
    let error = tokens
        .create_with(&params, &options(&controller.signal()))
        .await;
    assert_aborted(&error.unwrap_err(), Outcome::NoEffect, 1);
    assert_eq!(stub.count(), 1);
}

#[wasm_bindgen_test]
async fn an_abort_during_the_look_up_of_the_key_sends_nothing() {
    let stub = StubFetch::new([token("pending")]);
    let look_up = || core::future::pending::<Result<SecretKey, Error>>();
    let tokens = over(&stub, SignInTokens::with_key_from(look_up));
    let controller = AbortController::new().unwrap();
    let options = options(&controller.signal());
    let mut call: Call<'_> = Box::pin(tokens.revoke_with("sit_1", &options));
    assert!(is_pending(&mut call));
    controller.abort();
    assert_aborted(&call.await.unwrap_err(), Outcome::NoEffect, 0);
    assert_eq!(stub.count(), 0);
}
