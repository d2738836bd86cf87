//! One call as a state machine: told what happened, it says what comes next. It does no I/O and reads no clock.

use crate::error::{Error, ErrorCode, Outcome};
use crate::response::Response;
use crate::retry;
use crate::secret::SecretKey;
use crate::token::SignInToken;

/// The API's two operations on sign-in tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// `POST /v1/sign_in_tokens`. Never sent again once it may have been carried out.
    Create,
    /// `POST /v1/sign_in_tokens/{id}/revoke`. Idempotent in effect, so sent again after a lost answer.
    Revoke,
}

impl Operation {
    /// The operation's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Revoke => "revoke",
        }
    }
}

/// What a driver has to look up for the core.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// Milliseconds left of the call's time limit.
    pub remaining_ms: u32,
    /// Unix time in milliseconds, for a `Retry-After` that is a date.
    pub now_unix_ms: u64,
    /// A fresh random number in [0, 1), for the jitter.
    pub random: f64,
}

/// What comes next.
#[derive(Debug)]
pub enum Step {
    /// The call is over, with this token.
    Done(SignInToken),
    /// Wait, then send the request again.
    Wait {
        /// How long to wait, in milliseconds; always less than the time left.
        ms: u32,
        /// Why the attempt has to be repeated, for the observer.
        code: ErrorCode,
    },
    /// The call is over, with this error.
    Failed(Error),
}

/// A call under way. The driver sends the request, tells [`Call::sent`] so, then tells one of [`Call::answered`],
/// [`Call::unanswered`] and [`Call::timed_out`] what came of it.
///
/// ```
/// use clerk_sign_in_tokens::{Body, Call, Clock, ErrorCode, Operation, Outcome, Response, SecretKey, Step};
///
/// let key = SecretKey::new("sk_test_key")?;
/// let clock = Clock { remaining_ms: 10_000, now_unix_ms: 0, random: 0.5 };
/// let mut call = Call::new(Operation::Create, 2);
///
/// // Refused for now: nothing happened, so the request is sent again after a second.
/// call.sent();
/// let refused = Response { status: 429, retry_after: Some("1"), cf_ray: None, body: Body::Complete("") };
/// assert!(matches!(call.answered(&refused, &clock, &key), Step::Wait { ms: 1000, code: ErrorCode::RateLimited }));
///
/// // No answer: a token may exist, so a create ends here.
/// call.sent();
/// let Step::Failed(error) = call.unanswered(&clock) else { unreachable!() };
/// assert_eq!((error.code, error.outcome, error.attempts), (ErrorCode::Network, Outcome::Unknown, 2));
/// # Ok::<(), clerk_sign_in_tokens::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Call {
    operation: Operation,
    max_retries: u32,
    attempts: u32,
    /// Whether an earlier attempt may have taken effect.
    unknown: bool,
}

impl Call {
    /// A call that may repeat its request up to `max_retries` times.
    #[must_use]
    pub const fn new(operation: Operation, max_retries: u32) -> Self {
        Self { operation, max_retries, attempts: 0, unknown: false }
    }

    /// The call as it stood after `attempts` requests: for a driver that keeps the state itself between two steps.
    /// `unknown` is [`Call::may_have_taken_effect`].
    #[must_use]
    pub const fn resume(operation: Operation, max_retries: u32, attempts: u32, unknown: bool) -> Self {
        Self { operation, max_retries, attempts, unknown }
    }

    /// Whether an earlier attempt may have taken effect.
    #[must_use]
    pub const fn may_have_taken_effect(&self) -> bool {
        self.unknown
    }

    /// Requests sent so far.
    #[must_use]
    pub const fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The request is on its way.
    pub const fn sent(&mut self) {
        self.attempts += 1;
    }

    /// An answer came.
    pub fn answered(&mut self, response: &Response<'_>, clock: &Clock, key: &SecretKey) -> Step {
        match response.read(self.operation, key) {
            Ok(token) => Step::Done(token),
            Err(mut error) => {
                error.retry_after = response.retry_after.and_then(|value| retry::retry_after(value, clock.now_unix_ms));
                self.failed(error, clock)
            }
        }
    }

    /// No answer came: `fetch` failed.
    pub fn unanswered(&mut self, clock: &Clock) -> Step {
        self.failed(Error::of(self.operation, ErrorCode::Network, Outcome::Unknown, "no answer came"), clock)
    }

    /// The time limit passed, `in_flight` while a request was under way.
    #[must_use]
    pub fn timed_out(&self, in_flight: bool) -> Error {
        let outcome = if in_flight { Outcome::Unknown } else { Outcome::None };
        self.ended(Error::of(self.operation, ErrorCode::Timeout, outcome, "the time limit passed"))
    }

    fn failed(&mut self, error: Error, clock: &Clock) -> Step {
        if self.is_safe_to_repeat(&error) && self.attempts <= self.max_retries {
            let ms = match error.retry_after {
                Some(seconds) => seconds.saturating_mul(1000),
                None => retry::backoff_ms(self.attempts, clock.random),
            };
            if ms < clock.remaining_ms {
                self.unknown |= error.outcome == Outcome::Unknown;
                return Step::Wait { ms, code: error.code };
            }
        }
        Step::Failed(self.ended(error))
    }

    /// A refused request (429) did nothing, so it is safe to repeat; what may have taken effect is repeated only where
    /// twice is as good as once.
    fn is_safe_to_repeat(&self, error: &Error) -> bool {
        match error.code {
            ErrorCode::RateLimited => true,
            ErrorCode::Network => self.operation == Operation::Revoke,
            ErrorCode::ServerError => {
                self.operation == Operation::Revoke && matches!(error.status, Some(500 | 502 | 503 | 504))
            }
            _ => false,
        }
    }

    /// The error with what the whole call knows: an earlier attempt may have taken effect even where the last did not.
    /// So a revoke whose first answer was lost and whose second is "not pending" (400) is not a plain 400: its outcome
    /// is unknown, most likely because the first attempt did revoke the token.
    fn ended(&self, mut error: Error) -> Error {
        error.attempts = self.attempts;
        if self.unknown && error.outcome == Outcome::None {
            error.outcome = Outcome::Unknown;
            error.message.push_str("; an earlier attempt, whose answer was lost, may have revoked the token");
        }
        error
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::response::Body;

    const TOKEN: &str = r#"{"object":"sign_in_token","id":"sit_1","user_id":"user_1","status":"revoked","created_at":1,"updated_at":2}"#;

    fn key() -> SecretKey {
        SecretKey::new("sk_test_key").unwrap()
    }

    fn clock(remaining_ms: u32) -> Clock {
        Clock { remaining_ms, now_unix_ms: 0, random: 0.5 }
    }

    fn answer(status: u16, retry_after: Option<&str>) -> Response<'_> {
        Response { status, retry_after, cf_ray: None, body: Body::Complete(if status == 200 { TOKEN } else { "" }) }
    }

    /// Sends once more and hands over the answer; status 0 stands for a lost one.
    fn attempt(call: &mut Call, status: u16, retry_after: Option<&str>) -> Step {
        call.sent();
        match status {
            0 => call.unanswered(&clock(10_000)),
            _ => call.answered(&answer(status, retry_after), &clock(10_000), &key()),
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
            Step::Wait { ms, .. } => ms,
            step => panic!("{step:?}"),
        }
    }

    #[test]
    fn a_create_is_repeated_only_when_it_was_refused() {
        for status in [0, 500, 502, 503, 504] {
            let error = error(attempt(&mut Call::new(Operation::Create, 2), status, Some("1")));
            assert_eq!((error.outcome, error.attempts), (Outcome::Unknown, 1), "{status}");
            assert!(error.message.contains("may have been created"));
        }
        let mut call = Call::new(Operation::Create, 2);
        assert_eq!(wait(attempt(&mut call, 429, Some("3"))), 3000);
        assert_eq!(wait(attempt(&mut call, 429, None)), 500, "half of the second backoff's 1000 ms");
        let error = error(attempt(&mut call, 429, Some("7")));
        assert_eq!((error.code, error.outcome, error.attempts), (ErrorCode::RateLimited, Outcome::None, 3));
        assert_eq!(error.retry_after, Some(7));
    }

    #[test]
    fn a_revoke_is_repeated_after_a_lost_answer_too() {
        for status in [0, 429, 500, 502, 503, 504] {
            let mut call = Call::new(Operation::Revoke, 1);
            wait(attempt(&mut call, status, None));
            assert!(matches!(attempt(&mut call, 200, None), Step::Done(_)), "{status}");
        }
        for status in [301, 400, 401, 403, 404, 409, 422, 501] {
            assert_eq!(error(attempt(&mut Call::new(Operation::Revoke, 2), status, None)).attempts, 1, "{status}");
        }
    }

    #[test]
    fn not_pending_after_a_lost_answer_is_told_apart() {
        let plain = error(attempt(&mut Call::new(Operation::Revoke, 2), 400, None));
        assert_eq!((plain.code, plain.outcome), (ErrorCode::Rejected, Outcome::None));

        let mut call = Call::new(Operation::Revoke, 2);
        wait(attempt(&mut call, 0, None));
        let after = error(attempt(&mut call, 400, None));
        assert_eq!((after.code, after.outcome, after.attempts), (ErrorCode::Rejected, Outcome::Unknown, 2));
        assert!(after.message.contains("earlier attempt"));
    }

    #[test]
    fn a_wait_that_would_outlast_the_time_limit_is_not_begun() {
        let mut call = Call::new(Operation::Create, 2);
        call.sent();
        let error = error(call.answered(&answer(429, Some("10")), &clock(10_000), &key()));
        assert_eq!((error.retry_after, error.attempts), (Some(10), 1));
        let mut call = Call::new(Operation::Create, 2);
        call.sent();
        assert_eq!(wait(call.answered(&answer(429, Some("10")), &clock(10_001), &key())), 10_000);
    }

    #[test]
    fn a_timeout_knows_whether_something_was_under_way() {
        let mut call = Call::new(Operation::Create, 2);
        assert_eq!((call.timed_out(false).outcome, call.timed_out(false).attempts), (Outcome::None, 0));
        call.sent();
        assert_eq!((call.timed_out(true).outcome, call.timed_out(true).attempts), (Outcome::Unknown, 1));
        let mut call = Call::new(Operation::Revoke, 2);
        wait(attempt(&mut call, 503, None));
        assert_eq!(call.timed_out(false).outcome, Outcome::Unknown, "the first attempt may have taken effect");
    }

    #[test]
    fn an_internal_error_after_sending_leaves_the_outcome_open() {
        assert_eq!(Error::internal(0).outcome, Outcome::None);
        assert_eq!(Error::internal(1).outcome, Outcome::Unknown);
    }

    proptest! {
        /// Whatever answers come: the call ends, a create that may have been carried out is never repeated, and no
        /// wait reaches the deadline.
        #[test]
        fn every_call_ends(
            create in any::<bool>(),
            max_retries in 0..5u32,
            remaining_ms in any::<u32>(),
            answers in prop::collection::vec((0..700u16, proptest::option::of("[0-9]{1,12}|\\PC{0,30}")), 8),
            random in 0.0..1.0f64,
        ) {
            let operation = if create { Operation::Create } else { Operation::Revoke };
            let mut call = Call::new(operation, max_retries);
            let clock = Clock { remaining_ms, now_unix_ms: 0, random };
            let mut ended = false;
            for (status, retry_after) in &answers {
                call.sent();
                let step = match status {
                    0 => call.unanswered(&clock),
                    _ => call.answered(&answer(*status, retry_after.as_deref()), &clock, &key()),
                };
                match step {
                    Step::Wait { ms, .. } => {
                        prop_assert!(ms < remaining_ms);
                        prop_assert!(!create || *status == 429);
                        prop_assert!(call.attempts() <= max_retries);
                    }
                    Step::Failed(error) => {
                        prop_assert_eq!(error.attempts, call.attempts());
                        ended = true;
                        break;
                    }
                    Step::Done(_) => { ended = true; break; }
                }
            }
            prop_assert!(ended);
        }
    }
}
