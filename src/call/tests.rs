use proptest::prelude::*;

use super::*;
use crate::answer::Body;
use crate::answer::tests::{any_body, clerk_errors};

fn inputs(remaining_ms: u32) -> RetryInputs {
    RetryInputs {
        remaining_ms,
        random: 0.5,
    }
}

fn answer(status: u16, retry_after: Option<u32>) -> Answer {
    let body = if status == 200 {
        Body::SignInToken
    } else {
        clerk_errors()
    };
    Answer {
        status,
        retry_after,
        cf_ray: None,
        body,
    }
}

/// The status that stands for no connection in place of an answer; 0 stands for a lost one.
const UNSENT: u16 = 1;

/// Returns what Node gives for a port that is closed.
fn cause(status: u16) -> Option<Cause> {
    (status == UNSENT).then(|| Cause {
        name: "Error".into(),
        message: "connect ECONNREFUSED 127.0.0.1:1".into(),
        code: Some("ECONNREFUSED".into()),
        cause: None,
    })
}

/// Makes one attempt, which gets this answer.
fn attempt(call: &mut Call, status: u16, retry_after: Option<u32>) -> Step {
    call.sent();
    match status {
        0 | UNSENT => call.unanswered(cause(status), true, &|| inputs(10_000)),
        _ => call.answered(answer(status, retry_after), &|| inputs(10_000)),
    }
}

fn error(step: Step) -> Error {
    match step {
        Step::Failed(error) => error,
        step => panic!("{step:?}"),
    }
}

fn wait(step: Step) -> u32 {
    match step {
        Step::Retry { wait_ms, .. } => wait_ms,
        step => panic!("{step:?}"),
    }
}

#[test]
fn a_create_is_repeated_only_when_it_was_refused() {
    for status in [0, 500, 502, 503, 504] {
        let error = error(attempt(
            &mut Call::new(Operation::Create, 2),
            status,
            Some(1),
        ));
        assert_eq!(
            (error.outcome, error.attempts),
            (Outcome::Unknown, 1),
            "{status}"
        );
        assert!(error.message.contains("may have been created"));
    }
    let mut call = Call::new(Operation::Create, 2);
    assert_eq!(
        wait(attempt(&mut call, 429, Some(3))),
        3125,
        "half of the jitter's 250 ms more than asked"
    );
    assert_eq!(
        wait(attempt(&mut call, 429, None)),
        500,
        "half of the second back-off's 1000 ms"
    );
    let error = error(attempt(&mut call, 429, Some(7)));
    assert_eq!(
        (error.code, error.outcome, error.attempts),
        (ErrorCode::RateLimited, Outcome::NoEffect, 3)
    );
    assert_eq!(error.retry_after, Some(7));
}

#[test]
fn what_was_not_sent_is_sent_again() {
    for operation in [Operation::Create, Operation::Revoke] {
        let mut call = Call::new(operation, 1);
        assert_eq!(wait(attempt(&mut call, UNSENT, None)), 250);
        let error = error(attempt(&mut call, UNSENT, None));
        assert_eq!(
            (error.code, error.outcome, error.attempts),
            (ErrorCode::Network, Outcome::NoEffect, 2)
        );
        assert!(error.message.contains("no connection was made"));
    }
}

#[test]
fn the_error_of_another_fetch_proves_nothing() {
    let mut call = Call::new(Operation::Create, 2);
    call.sent();
    let error = error(call.unanswered(cause(UNSENT), false, &|| inputs(10_000)));
    assert_eq!((error.outcome, error.attempts), (Outcome::Unknown, 1));
}

#[test]
fn a_revoke_is_repeated_after_a_lost_answer_too() {
    for status in [0, 429, 500, 502, 503, 504] {
        let mut call = Call::new(Operation::Revoke, 1);
        wait(attempt(&mut call, status, None));
        assert!(
            matches!(attempt(&mut call, 200, None), Step::Done),
            "{status}"
        );
    }
    for status in [301, 400, 401, 403, 404, 409, 422, 501] {
        let error = error(attempt(&mut Call::new(Operation::Revoke, 2), status, None));
        assert_eq!(error.attempts, 1, "{status}");
    }
}

#[test]
fn not_pending_after_a_lost_answer_is_told_apart() {
    let plain = error(attempt(&mut Call::new(Operation::Revoke, 2), 400, None));
    assert_eq!(
        (plain.code, plain.outcome),
        (ErrorCode::NotPending, Outcome::NoEffect)
    );

    let mut call = Call::new(Operation::Revoke, 2);
    wait(attempt(&mut call, 0, None));
    let after = error(attempt(&mut call, 400, None));
    assert_eq!(
        (after.code, after.outcome, after.attempts),
        (ErrorCode::NotPending, Outcome::Unknown, 2)
    );
    assert!(after.message.contains("earlier attempt"));
}

#[test]
fn a_wait_that_would_outlast_the_timeout_is_not_begun() {
    let mut call = Call::new(Operation::Create, 2);
    call.sent();
    let error = error(call.answered(answer(429, Some(10)), &|| inputs(10_000)));
    assert_eq!((error.retry_after, error.attempts), (Some(10), 1));
    let mut call = Call::new(Operation::Create, 2);
    call.sent();
    assert_eq!(
        wait(call.answered(answer(429, Some(10)), &|| inputs(10_001))),
        10_000
    );
}

#[test]
fn a_timeout_knows_whether_a_request_was_in_flight() {
    let mut call = Call::new(Operation::Create, 2);
    assert_eq!(
        (call.timed_out().outcome, call.timed_out().attempts),
        (Outcome::NoEffect, 0)
    );
    call.sent();
    assert_eq!(
        (call.timed_out().outcome, call.timed_out().attempts),
        (Outcome::Unknown, 1)
    );
    let mut call = Call::new(Operation::Create, 2);
    wait(attempt(&mut call, 429, None));
    assert_eq!(
        call.timed_out().outcome,
        Outcome::NoEffect,
        "the 429 did nothing"
    );
    let mut call = Call::new(Operation::Revoke, 2);
    wait(attempt(&mut call, 503, None));
    assert_eq!(
        call.timed_out().outcome,
        Outcome::Unknown,
        "the first attempt may have taken effect"
    );
}

proptest! {
    /// Whatever answers come: the call ends, a create that may have taken effect is never
    /// repeated, no wait reaches the deadline, and "no effect" is said only where no attempt
    /// can have had one, also by a timeout in a wait or while a request is in flight.
    #[test]
    fn every_call_ends(
        create in any::<bool>(),
        max_retries in 0..5u32,
        remaining_ms in any::<u32>(),
        answers in prop::collection::vec(
            (
                prop_oneof![0..700u16, Just(UNSENT), Just(200), Just(429)],
                proptest::option::of(any::<u32>()),
                any_body(),
            ),
            8,
        ),
        random in 0.0..1.0f64,
    ) {
        let operation = if create { Operation::Create } else { Operation::Revoke };
        let mut call = Call::new(operation, max_retries);
        let inputs = RetryInputs { remaining_ms, random };
        let mut may_have_taken_effect = false;
        for (status, retry_after, body) in answers {
            prop_assert_eq!(call.timed_out().outcome == Outcome::Unknown, may_have_taken_effect);
            let is_success = (200..300).contains(&status) && matches!(body, Body::SignInToken);
            let is_refusal = status == 429
                || status == UNSENT
                || (400..500).contains(&status) && matches!(body, Body::ClerkErrors(_));
            call.sent();
            prop_assert_eq!(call.timed_out().outcome, Outcome::Unknown);
            prop_assert_eq!(call.timed_out().attempts, call.attempts());
            let step = match status {
                0 | UNSENT => call.unanswered(cause(status), true, &|| inputs),
                _ => call.answered(Answer { status, retry_after, cf_ray: None, body }, &|| inputs),
            };
            may_have_taken_effect |= !is_refusal;
            match step {
                Step::Retry { wait_ms, .. } => {
                    prop_assert!(wait_ms < remaining_ms);
                    prop_assert!(!create || status == 429 || status == UNSENT);
                    prop_assert!(call.attempts() <= max_retries);
                }
                Step::Failed(error) => {
                    prop_assert!(!is_success);
                    prop_assert_eq!(error.attempts, call.attempts());
                    prop_assert_eq!(error.outcome == Outcome::Unknown, may_have_taken_effect);
                    return Ok(());
                }
                Step::Done => {
                    prop_assert!(is_success);
                    return Ok(());
                }
            }
        }
        prop_assert!(false, "the call does not end");
    }
}
