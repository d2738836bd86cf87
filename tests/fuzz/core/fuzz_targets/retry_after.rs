//! Whatever Retry-After says at whatever time, a wait ends before the deadline.
#![no_main]

use clerk_sign_in_tokens::Operation;
use clerk_sign_in_tokens::fuzzing::{Answer, Body, Call, RetryInputs, Step, retry_after};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, f64, f64, u32)| {
    let (header, now_ms, date_ms, remaining_ms) = input;
    let seconds = retry_after(header, now_ms, |_| date_ms);
    let mut call = Call::new(Operation::Create, 1);
    call.sent();
    let answer = Answer {
        status: 429,
        retry_after: seconds,
        cf_ray: None,
        body: Body::Unrecognized,
    };
    let inputs = RetryInputs {
        remaining_ms,
        random: 0.5,
    };
    match call.answered(answer, &|| inputs) {
        Step::Retry { wait_ms, .. } => {
            assert!(wait_ms < remaining_ms);
            if let Some(seconds) = seconds {
                let asked = seconds.saturating_mul(1000);
                assert!((asked..=asked.saturating_add(125)).contains(&wait_ms));
            }
        }
        Step::Failed(error) => assert_eq!(
            error.retry_after.map(|wait| wait.as_secs()),
            seconds.map(u64::from)
        ),
        Step::Done => unreachable!("a 429 is no token"),
    }
});
