//! Tests bulk runs of the Rust client.

use core::time::Duration;

use clerk_sign_in_tokens::bulk::{ManyOptions, create_many, revoke_many};
use clerk_sign_in_tokens::{
    CallOptions, CreateParams, ErrorCode, Outcome, SecretKey, SignInTokens,
};
use futures_util::stream::{self, StreamExt};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::client::{client, over};
use crate::stub::{
    SHORT_MS, StubFetch, answer_with, clerk_error, later, lost, never, sleep, token,
};

fn users() -> impl Iterator<Item = CreateParams> {
    (0..).map(|n| CreateParams::new(format!("user_{n}")))
}

#[wasm_bindgen_test]
async fn a_429_pauses_the_run_and_the_create_is_retried() {
    let refused = answer_with(429, &[("retry-after", "1")], "");
    let stub = StubFetch::new([token("pending"), refused, token("pending")]);
    let mut told = Vec::new();
    let options = ManyOptions::new()
        .concurrency(1)
        .on_pause(|pause| told.push(pause.wait));
    let inputs = stream::iter(users().take(3));
    let results: Vec<_> = create_many(&client(&stub), inputs, options).collect().await;
    assert!(results.iter().all(|done| done.result.is_ok()));
    assert_eq!(stub.count(), 4);
    assert_eq!(told, [Duration::from_secs(1)]);
    assert_eq!(stub.requests()[2].json()["user_id"], "user_1");
}

#[wasm_bindgen_test]
async fn inputs_may_be_borrowed_and_a_revoke_is_retried() {
    let stub = StubFetch::new([lost(), clerk_error(400)]);
    let ids = [String::from("sit_1")];
    let run = revoke_many(&client(&stub), stream::iter(&ids), ManyOptions::new());
    let results: Vec<_> = run.collect().await;
    let error = results[0].result.clone().unwrap_err();
    assert_eq!(
        (error.code, error.outcome, error.attempts),
        (ErrorCode::NotPending, Outcome::Unknown, 2)
    );
}

#[wasm_bindgen_test]
async fn an_answer_is_kept_while_the_caller_is_busy() {
    let late = later(SHORT_MS / 4, token("pending"));
    let stub = StubFetch::new([token("pending"), late]);
    let options = ManyOptions::new()
        .call_options(CallOptions::new().timeout(Duration::from_millis(SHORT_MS.into())));
    let tokens = SignInTokens::new(SecretKey::new("sk_live_1").unwrap());
    let installed = stub.install();
    let mut run = create_many(&tokens, stream::iter(users().take(4)), options);
    while let Some(done) = run.next().await {
        assert!(done.result.is_ok(), "{done:?}");
        sleep(2 * SHORT_MS).await;
    }
    drop(installed);
    assert_eq!(stub.count(), 4);
}

#[wasm_bindgen_test]
async fn a_stop_returns_what_is_in_flight_and_a_drop_aborts_it() {
    let stub = StubFetch::new([token("pending"), token("pending"), never()]);
    let tokens = over(
        &stub,
        SignInTokens::new(SecretKey::new("sk_test_1").unwrap()),
    );
    let options = ManyOptions::new().concurrency(2);
    let mut run = create_many(&tokens, stream::iter(users()), options);
    assert!(run.next().await.unwrap().result.is_ok());
    run.stop();
    assert!(run.next().await.unwrap().result.is_ok());
    assert!(run.next().await.is_none());
    assert_eq!(stub.count(), 2);

    let mut run = create_many(&tokens, stream::iter(users()), ManyOptions::new());
    let next = stream::select(run.by_ref().map(drop), stream::once(sleep(50)));
    assert_eq!(next.take(1).count().await, 1);
    drop(run);
    assert!(stub.count() > 2);
    assert!(stub.requests()[2..].iter().all(|seen| seen.is_aborted()));
}
