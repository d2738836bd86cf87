//! The event that an observer gets for each attempt.

use core::time::Duration;

use serde::Serialize;

use crate::answer::Answer;
use crate::call::Step;
use crate::error::ErrorCode;
use crate::operation::Operation;

/// One attempt of a call that is over. It contains no secret.
///
/// It serializes with the names of the npm package's `AttemptEvent`, durations as milliseconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AttemptEvent {
    /// Which operation it is.
    pub operation: Operation,
    /// Counts from 1.
    pub attempt: u32,
    pub(crate) duration: f64,
    /// The HTTP status, if an answer came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The request's ID in Clerk's logs, to quote to Clerk's support, if an answer came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clerk_trace_id: Option<String>,
    /// Why it failed; `None` where it succeeded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<ErrorCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) retry_in: Option<u32>,
}

impl AttemptEvent {
    pub(crate) const fn new(operation: Operation, attempt: u32) -> Self {
        Self {
            operation,
            attempt,
            duration: 0.0,
            status: None,
            clerk_trace_id: None,
            code: None,
            retry_in: None,
        }
    }

    /// Returns how long it took.
    #[must_use]
    pub fn duration(&self) -> Duration {
        // The error is for a clock that went backwards.
        Duration::try_from_secs_f64(self.duration / 1000.0).unwrap_or_default()
    }

    /// Returns how long it is until the next attempt, if there is one.
    #[must_use]
    pub fn retry_in(&self) -> Option<Duration> {
        let ms = self.retry_in?;
        Some(Duration::from_millis(ms.into()))
    }

    /// Records the answer's status and trace ID.
    pub(crate) fn answered(&mut self, answer: &Answer) {
        self.status = (answer.status != 0).then_some(answer.status);
        self.clerk_trace_id = answer.clerk_trace_id().cloned();
    }

    /// Records how the attempt ended.
    pub(crate) fn ended(&mut self, step: &Step) {
        match step {
            Step::Done => {}
            Step::Retry { wait_ms, code } => {
                self.code = Some(*code);
                self.retry_in = Some(*wait_ms);
            }
            Step::Failed(error) => self.code = Some(error.code),
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn it_serializes_with_the_names_of_the_npm_package() {
        let event = AttemptEvent {
            operation: Operation::Revoke,
            attempt: 1,
            duration: 2.5,
            status: Some(503),
            clerk_trace_id: Some("ray".into()),
            code: Some(ErrorCode::ServerError),
            retry_in: Some(1500),
        };
        assert_eq!(
            serde_json::to_value(&event).unwrap(),
            serde_json::json!({
                "operation": "revoke", "attempt": 1, "duration": 2.5, "status": 503,
                "clerkTraceId": "ray", "code": "server_error", "retryIn": 1500,
            })
        );
        assert_eq!(event.duration(), Duration::from_micros(2500));
        assert_eq!(event.retry_in(), Some(Duration::from_millis(1500)));
        let event = AttemptEvent {
            status: None,
            clerk_trace_id: None,
            code: Some(ErrorCode::Aborted),
            retry_in: None,
            ..event
        };
        assert_eq!(
            serde_json::to_value(&event).unwrap(),
            serde_json::json!({
                "operation": "revoke", "attempt": 1, "duration": 2.5, "code": "aborted",
            })
        );
    }
}
