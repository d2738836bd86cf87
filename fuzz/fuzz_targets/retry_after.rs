//! Whatever Retry-After says at whatever time, no wait reaches the end of the time limit.
#![no_main]

use clerk_sign_in_tokens::{Body, Call, Clock, Operation, Response, SecretKey, Step};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, u32, u64)| {
    let (retry_after, remaining_ms, now_unix_ms) = input;
    let key = SecretKey::new("sk_test_key").unwrap();
    let mut call = Call::new(Operation::Create, 1);
    call.sent();
    let response = Response {
        status: 429,
        retry_after: Some(retry_after),
        cf_ray: None,
        body: Body::Complete(""),
    };
    let clock = Clock {
        remaining_ms,
        now_unix_ms,
        random: 0.5,
    };
    match call.answered(&response, &clock, &key) {
        Step::Wait { ms, .. } => assert!(ms < remaining_ms),
        Step::Failed(error) => assert!(error.retry_after.is_some() || remaining_ms <= 250),
        Step::Done(_) => unreachable!("a 429 is no token"),
    }
});
