//! Tests a bulk run of the Rust client over the runtime's own timers. tests/testing.rs has others.

use core::time::Duration;

use clerk_sign_in_tokens::bulk::{ManyOptions, create_many};
use clerk_sign_in_tokens::{CallOptions, CreateParams, SecretKey, SignInTokens};
use futures_util::stream::{self, StreamExt};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stub::{SHORT_MS, StubFetch, later, sleep, token};

#[wasm_bindgen_test]
async fn an_answer_is_kept_while_the_caller_is_busy() {
    let late = later(SHORT_MS / 4, token("pending"));
    let stub = StubFetch::new([token("pending"), late]);
    let options = ManyOptions::new()
        .call_options(CallOptions::new().timeout(Duration::from_millis(SHORT_MS.into())));
    let tokens = SignInTokens::new(SecretKey::new("sk_live_1").unwrap());
    let installed = stub.install();
    let users = (0..4).map(|n| CreateParams::new(format!("user_{n}")));
    let mut run = create_many(&tokens, stream::iter(users), options);
    while let Some(done) = run.next().await {
        assert!(done.result.is_ok(), "{done:?}");
        sleep(2 * SHORT_MS).await;
    }
    drop(installed);
    assert_eq!(stub.count(), 4);
}
