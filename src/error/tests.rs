use core::error::Error as _;

use super::*;

#[test]
fn the_message_names_the_field_and_the_possible_effect() {
    let error = Error::invalid_argument("user_id", "a string");
    assert_eq!(error.to_string(), "user_id: expected a string");
    let error = Error::of(
        Operation::Create,
        ErrorCode::Network,
        Outcome::Unknown,
        "no answer came",
    );
    assert_eq!(
        error.to_string(),
        "create: no answer came; a token may have been created"
    );
    let error = Error::of(
        Operation::Revoke,
        ErrorCode::NotFound,
        Outcome::NoEffect,
        "not found",
    );
    assert_eq!(error.to_string(), "revoke: not found");
}

#[test]
fn an_internal_error_after_sending_leaves_the_outcome_open() {
    assert_eq!(Error::internal(0).outcome, Outcome::NoEffect);
    assert_eq!(Error::internal(1).outcome, Outcome::Unknown);
}

#[test]
fn the_causes_can_be_walked() {
    let cause = |name: &str, cause| Cause {
        name: name.into(),
        message: "refused".into(),
        code: None,
        cause,
    };
    let outer = cause("TypeError", Some(Box::new(cause("Error", None))));
    let error = Error::internal(1).with_cause(Some(outer));
    let source = error.source().unwrap();
    assert_eq!(source.to_string(), "TypeError: refused");
    assert_eq!(source.source().unwrap().to_string(), "Error: refused");
    assert!(source.source().unwrap().source().is_none());
}

#[test]
fn it_serializes_with_the_names_of_the_npm_package() {
    let mut error = Error::of(
        Operation::Create,
        ErrorCode::Rejected,
        Outcome::NoEffect,
        "refused",
    );
    error.0.status = Some(422);
    error.0.clerk_trace_id = Some("trace_1".into());
    error.0.retry_after = Some(3);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3)));
    error.0.errors = vec![ClerkApiError {
        code: "c".into(),
        ..ClerkApiError::default()
    }];
    assert_eq!(
        serde_json::to_value(error).unwrap(),
        serde_json::json!({
            "code": "rejected", "message": "create: refused", "status": 422,
            "errors": [{ "code": "c", "message": "", "longMessage": "" }],
            "clerkTraceId": "trace_1", "retryAfter": 3, "attempts": 0, "outcome": "none",
        })
    );
}

#[test]
fn it_serializes_the_refused_argument() {
    let error = Error::invalid_argument("user_id", "a non-empty string");
    assert_eq!(
        serde_json::to_value(error).unwrap(),
        serde_json::json!({
            "code": "invalid_argument", "field": "user_id",
            "message": "expected a non-empty string",
            "errors": [], "attempts": 0, "outcome": "none",
        })
    );
}
