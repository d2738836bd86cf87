//! One call as a state machine: told what happened, it says what comes next. It does no I/O and
//! reads no clock.

use crate::answer::Answer;
use crate::error::{Cause, Error, ErrorCode, Outcome};
use crate::operation::Operation;
use crate::retry;
use crate::token::SignInToken;

/// What the driver looks up when an attempt is over, so that the decision about a retry stays pure.
#[derive(Clone, Copy, Debug)]
pub struct RetryInputs {
    /// Milliseconds left until the call's deadline.
    pub remaining_ms: u32,
    /// A fresh random number in [0, 1), for the jitter.
    pub random: f64,
}

/// What comes next.
#[derive(Debug)]
pub enum Step {
    /// The call is over, with this token.
    Done(Box<SignInToken>),
    /// Wait, then send the request again.
    Retry {
        /// How long to wait, in milliseconds; always less than the time left.
        wait_ms: u32,
        /// Why the attempt has to be repeated.
        code: ErrorCode,
    },
    /// The call is over, with this error.
    Failed(Error),
}

/// A call in progress. The driver sends the request, tells [`Call::sent`] so, then tells one of
/// [`Call::answered`], [`Call::unanswered`] and [`Call::timed_out`] how it went.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    operation: Operation,
    max_retries: u32,
    attempts: u32,
    /// Whether the last request may still be answered.
    is_in_flight: bool,
    /// Whether an earlier attempt may have taken effect.
    may_have_taken_effect: bool,
}

impl Call {
    /// Begins a call that may repeat its request up to `max_retries` times.
    #[must_use]
    pub const fn new(operation: Operation, max_retries: u32) -> Self {
        Self {
            operation,
            max_retries,
            attempts: 0,
            is_in_flight: false,
            may_have_taken_effect: false,
        }
    }

    /// Returns which operation it is.
    #[must_use]
    pub const fn operation(&self) -> Operation {
        self.operation
    }

    /// Returns the number of requests sent so far.
    #[must_use]
    pub const fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Notes that the request is on its way.
    pub const fn sent(&mut self) {
        self.attempts += 1;
        self.is_in_flight = true;
    }

    /// Says what comes after an answer.
    pub fn answered(&mut self, answer: Answer, inputs: &RetryInputs) -> Step {
        match answer.read(self.operation) {
            Ok(token) => Step::Done(token),
            Err(error) => self.failed(error, inputs),
        }
    }

    /// Says what comes after a request that got no answer: `fetch` failed, with `cause`.
    pub fn unanswered(&mut self, cause: Option<Cause>, inputs: &RetryInputs) -> Step {
        let mut error = Error::of(
            self.operation,
            ErrorCode::Network,
            Outcome::Unknown,
            "no answer came",
        );
        error.cause = cause;
        self.failed(error, inputs)
    }

    /// Returns the error of a call whose deadline passed.
    #[must_use]
    pub fn timed_out(&self) -> Error {
        let outcome = if self.is_in_flight {
            Outcome::Unknown
        } else {
            Outcome::NoEffect
        };
        self.ended(Error::of(
            self.operation,
            ErrorCode::Timeout,
            outcome,
            "the timeout passed",
        ))
    }

    fn failed(&mut self, error: Error, inputs: &RetryInputs) -> Step {
        self.is_in_flight = false;
        if self.is_safe_to_repeat(&error) && self.attempts <= self.max_retries {
            let wait_ms = match error.retry_after {
                Some(seconds) => seconds.saturating_mul(1000),
                None => retry::backoff_ms(self.attempts, inputs.random),
            };
            if wait_ms < inputs.remaining_ms {
                self.may_have_taken_effect |= error.outcome == Outcome::Unknown;
                return Step::Retry {
                    wait_ms,
                    code: error.code,
                };
            }
        }
        Step::Failed(self.ended(error))
    }

    /// Returns whether the request can be sent once more.
    fn is_safe_to_repeat(&self, error: &Error) -> bool {
        match error.code {
            // A 429 refused the request before it took effect.
            ErrorCode::RateLimited => true,
            // No answer: the request may have taken effect.
            ErrorCode::Network => self.operation.is_idempotent(),
            // So may it after these. Other 5xx (501, 505, …) would only come again.
            ErrorCode::ServerError => {
                self.operation.is_idempotent()
                    && matches!(error.status, Some(500 | 502 | 503 | 504))
            }
            // Anything else would only come again, or leaves no time.
            _ => false,
        }
    }

    /// Adds to the error what the whole call knows: an earlier attempt may have taken effect even
    /// where the last did not. So a revoke whose first answer was lost and whose second is "not
    /// pending" (400) is not a plain 400: its outcome is unknown, most likely because the first
    /// attempt did revoke the token.
    fn ended(&self, mut error: Error) -> Error {
        error.attempts = self.attempts;
        if self.may_have_taken_effect && error.outcome == Outcome::NoEffect {
            error.outcome = Outcome::Unknown;
            error
                .message
                .push_str("; an earlier attempt got no answer, and ");
            error.message.push_str(self.operation.possible_effect());
        }
        error
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::answer::Body;
    use crate::answer::tests::{any_body, clerk_errors, token};

    fn inputs(remaining_ms: u32) -> RetryInputs {
        RetryInputs {
            remaining_ms,
            random: 0.5,
        }
    }

    fn answer(status: u16, retry_after: Option<u32>) -> Answer {
        let body = if status == 200 {
            Body::SignInToken(Box::new(token()))
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

    /// Sends once more and hands over the answer; status 0 stands for a lost one.
    fn attempt(call: &mut Call, status: u16, retry_after: Option<u32>) -> Step {
        call.sent();
        match status {
            0 => call.unanswered(None, &inputs(10_000)),
            _ => call.answered(answer(status, retry_after), &inputs(10_000)),
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
        assert_eq!(wait(attempt(&mut call, 429, Some(3))), 3000);
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
    fn a_revoke_is_repeated_after_a_lost_answer_too() {
        for status in [0, 429, 500, 502, 503, 504] {
            let mut call = Call::new(Operation::Revoke, 1);
            wait(attempt(&mut call, status, None));
            assert!(
                matches!(attempt(&mut call, 200, None), Step::Done(_)),
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
            (ErrorCode::Rejected, Outcome::NoEffect)
        );

        let mut call = Call::new(Operation::Revoke, 2);
        wait(attempt(&mut call, 0, None));
        let after = error(attempt(&mut call, 400, None));
        assert_eq!(
            (after.code, after.outcome, after.attempts),
            (ErrorCode::Rejected, Outcome::Unknown, 2)
        );
        assert!(after.message.contains("earlier attempt"));
    }

    #[test]
    fn a_wait_that_would_outlast_the_timeout_is_not_begun() {
        let mut call = Call::new(Operation::Create, 2);
        call.sent();
        let error = error(call.answered(answer(429, Some(10)), &inputs(10_000)));
        assert_eq!((error.retry_after, error.attempts), (Some(10), 1));
        let mut call = Call::new(Operation::Create, 2);
        call.sent();
        assert_eq!(
            wait(call.answered(answer(429, Some(10)), &inputs(10_001))),
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
        /// can have had one.
        #[test]
        fn every_call_ends(
            create in any::<bool>(),
            max_retries in 0..5u32,
            remaining_ms in any::<u32>(),
            answers in prop::collection::vec(
                (0..700u16, proptest::option::of(any::<u32>()), any_body()),
                8,
            ),
            random in 0.0..1.0f64,
        ) {
            let operation = if create { Operation::Create } else { Operation::Revoke };
            let mut call = Call::new(operation, max_retries);
            let inputs = RetryInputs { remaining_ms, random };
            let mut may_have_taken_effect = false;
            let mut has_ended = false;
            for (status, retry_after, body) in answers {
                let is_refusal = status == 429
                    || (400..500).contains(&status) && matches!(body, Body::ClerkErrors(_));
                call.sent();
                let step = match status {
                    0 => call.unanswered(None, &inputs),
                    _ => call.answered(Answer { status, retry_after, cf_ray: None, body }, &inputs),
                };
                may_have_taken_effect |= !is_refusal;
                match step {
                    Step::Retry { wait_ms, .. } => {
                        prop_assert!(wait_ms < remaining_ms);
                        prop_assert!(!create || status == 429);
                        prop_assert!(call.attempts() <= max_retries);
                        continue;
                    }
                    Step::Failed(error) => {
                        prop_assert_eq!(error.attempts, call.attempts());
                        prop_assert_eq!(error.outcome == Outcome::Unknown, may_have_taken_effect);
                    }
                    Step::Done(_) => prop_assert!((200..300).contains(&status)),
                }
                has_ended = true;
                break;
            }
            prop_assert!(has_ended);
        }
    }
}
