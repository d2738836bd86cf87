//! Any status with any body is a token, a wait or an error; and a create that may have been carried out ends there.
#![no_main]

use clerk_sign_in_tokens::{Body, Call, Clock, Operation, Outcome, Response, SecretKey, Step};
use libfuzzer_sys::fuzz_target;

const CLOCK: Clock = Clock {
    remaining_ms: 10_000,
    now_unix_ms: 0,
    random: 0.5,
};

fuzz_target!(|input: (u16, bool, &str)| {
    let (status, is_create, body) = input;
    // Mostly the statuses whose bodies are read.
    let status = if status % 4 == 0 {
        status
    } else {
        [200, 404, 422][usize::from(status % 4 - 1)]
    };
    let key = SecretKey::new("sk_test_key").unwrap();
    let mut call = Call::new(
        if is_create {
            Operation::Create
        } else {
            Operation::Revoke
        },
        1,
    );
    call.sent();
    let response = Response {
        status,
        retry_after: None,
        cf_ray: None,
        body: Body::Complete(body),
    };
    match call.answered(&response, &CLOCK, &key) {
        Step::Done(token) => {
            assert!((200..300).contains(&status));
            assert!(!token.id.is_empty());
        }
        Step::Wait { ms, .. } => {
            assert!(ms < CLOCK.remaining_ms);
            assert!(!is_create || status == 429);
        }
        Step::Failed(error) => {
            assert_eq!(error.outcome == Outcome::None, (400..500).contains(&status));
            assert!(!format!("{error:?}").contains("sk_test_key"));
        }
    }
});
