//! One call as a state machine: given what happened, it decides what comes next. It does no I/O and
//! reads no clock.

use crate::answer::Answer;
use crate::error::{Cause, Error, ErrorCode, Outcome};
use crate::no_connection;
use crate::operation::Operation;
use crate::retry;

/// What the driver looks up when an attempt failed, so that the decision about a retry stays pure.
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
    /// The call is over, with the token in the answer.
    Done,
    /// Wait, then send the request again.
    Retry {
        /// How long to wait, in milliseconds; always less than the time left.
        wait_ms: u32,
        /// Why the attempt is retried.
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
    pub fn answered(&mut self, answer: Answer, inputs: &dyn Fn() -> RetryInputs) -> Step {
        match answer.failure(self.operation) {
            None => Step::Done,
            Some(error) => self.failed(error, inputs),
        }
    }

    /// Says what comes after a request that got no answer: `fetch` failed, with `cause`. That may
    /// prove that no connection was made, but only if the runtime's own `fetch` failed: another one
    /// may fail after it has sent the request.
    pub fn unanswered(
        &mut self,
        cause: Option<Cause>,
        is_runtimes_fetch: bool,
        inputs: &dyn Fn() -> RetryInputs,
    ) -> Step {
        let is_unsent = is_runtimes_fetch
            && cause
                .as_ref()
                .is_some_and(|cause| no_connection::is_proved(self.operation, cause));
        let (outcome, what) = if is_unsent {
            (Outcome::NoEffect, "no connection was made")
        } else {
            (Outcome::Unknown, "no answer came")
        };
        let error = Error::of(self.operation, ErrorCode::Network, outcome, what);
        self.failed(error.with_cause(cause), inputs)
    }

    /// Returns the error of a call whose deadline passed.
    #[must_use]
    pub fn timed_out(&self) -> Error {
        self.interrupted(ErrorCode::Timeout, "the timeout passed")
    }

    /// Returns the error of a call that was ended from outside.
    pub(crate) fn interrupted(&self, code: ErrorCode, what: &str) -> Error {
        let outcome = if self.is_in_flight {
            Outcome::Unknown
        } else {
            Outcome::NoEffect
        };
        self.ended(Error::of(self.operation, code, outcome, what))
    }

    fn failed(&mut self, error: Error, inputs: &dyn Fn() -> RetryInputs) -> Step {
        self.is_in_flight = false;
        if self.is_safe_to_repeat(&error) && self.attempts <= self.max_retries {
            let inputs = inputs();
            let wait_ms = match error.retry_after {
                Some(seconds) => retry::wait_ms(seconds, inputs.remaining_ms, inputs.random),
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
            // No connection: nothing was sent. No answer: the request may have taken effect.
            ErrorCode::Network => {
                error.outcome == Outcome::NoEffect || self.operation.is_idempotent()
            }
            // The request may have taken effect after these, too. Another 5xx (501, 505, …) would
            // come again.
            ErrorCode::ServerError => {
                self.operation.is_idempotent()
                    && matches!(error.status, Some(500 | 502 | 503 | 504))
            }
            // Anything else would fail again, or has no time left.
            _ => false,
        }
    }

    /// Adds to the error what the whole call knows: an earlier attempt may have taken effect even
    /// where the last did not. So a revoke whose first answer was lost and whose second is "not
    /// pending" (400) is not a plain 400: its outcome is unknown, most likely because the first
    /// attempt did revoke the token.
    fn ended(&self, mut error: Error) -> Error {
        error.0.attempts = self.attempts;
        if self.may_have_taken_effect && error.outcome == Outcome::NoEffect {
            error.0.outcome = Outcome::Unknown;
            error
                .0
                .message
                .push_str("; an earlier attempt failed, and ");
            error.0.message.push_str(self.operation.possible_effect());
        }
        error
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
