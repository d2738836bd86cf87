//! The event that an observer gets for each attempt.

use serde::Serialize;

use crate::answer::Answer;
use crate::call::Step;
use crate::error::ErrorCode;
use crate::operation::Operation;
use crate::serialize::serialize_as_str;

/// One attempt of a call that is over. It holds no secret.
///
/// It serializes with the names of the npm package's `AttemptEvent`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AttemptEvent {
    /// Which operation it is.
    pub operation: Operation,
    /// Counts from 1.
    pub attempt: u32,
    /// How long it took, in milliseconds.
    pub duration: f64,
    /// The HTTP status, if an answer came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// What to quote to Clerk's support and to look for in Clerk's logs, if an answer came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clerk_trace_id: Option<String>,
    /// Why it failed; `None` where it succeeded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<AttemptCode>,
    /// Milliseconds until the next attempt, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_in: Option<u32>,
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
                self.code = Some(AttemptCode::Failed(*code));
                self.retry_in = Some(*wait_ms);
            }
            Step::Failed(error) => self.code = Some(AttemptCode::Failed(error.code)),
        }
    }
}

/// Says why an attempt failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttemptCode {
    /// It failed as the error of a call does.
    Failed(ErrorCode),
    /// The caller aborted the call. Rust callers abort by dropping the future, and see no event
    /// then.
    Aborted,
}

impl AttemptCode {
    /// Returns the code as the npm package spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Failed(code) => code.as_str(),
            Self::Aborted => "aborted",
        }
    }
}

serialize_as_str!(AttemptCode);

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
            code: Some(AttemptCode::Failed(ErrorCode::ServerError)),
            retry_in: Some(0),
        };
        assert_eq!(
            serde_json::to_value(&event).unwrap(),
            serde_json::json!({
                "operation": "revoke", "attempt": 1, "duration": 2.5, "status": 503, "clerkTraceId": "ray",
                "code": "server_error", "retryIn": 0,
            })
        );
        let event = AttemptEvent {
            status: None,
            clerk_trace_id: None,
            code: Some(AttemptCode::Aborted),
            retry_in: None,
            ..event
        };
        assert_eq!(
            serde_json::to_value(&event).unwrap(),
            serde_json::json!({ "operation": "revoke", "attempt": 1, "duration": 2.5, "code": "aborted" })
        );
    }
}
