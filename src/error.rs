//! The one error type: what went wrong, and whether the operation may have taken effect all the same.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::call::Operation;
use crate::text::join;

/// What went wrong, by what a caller can do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum ErrorCode {
    /// An argument was refused before any request was made; the message names it.
    InvalidArgument,
    /// The API refused the secret key (401) or what it may do (403).
    Unauthorized,
    /// No such user, organization or token (404).
    NotFound,
    /// The API refused the request as it stands (any other 4xx); `errors` says why.
    Rejected,
    /// Too many requests (429), and no retry was left or would have fitted into the time limit.
    RateLimited,
    /// The API failed (5xx).
    ServerError,
    /// No answer came, or it broke off.
    Network,
    /// The time limit passed.
    Timeout,
    /// Something answered, but not as this API does (a redirect, or a body that is not a sign-in token).
    InvalidResponse,
    /// A bug in this package.
    Internal,
}

impl ErrorCode {
    /// The code as the npm package spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidArgument => "invalid_argument",
            Self::Unauthorized => "unauthorized",
            Self::NotFound => "not_found",
            Self::Rejected => "rejected",
            Self::RateLimited => "rate_limited",
            Self::ServerError => "server_error",
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::InvalidResponse => "invalid_response",
            Self::Internal => "internal",
        }
    }
}

/// Whether an operation that failed may have taken effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Outcome {
    /// It certainly did not.
    None,
    /// It may have: after a failed create, a token that nobody holds may exist.
    Unknown,
}

impl Outcome {
    /// The outcome as the npm package spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Unknown => "unknown",
        }
    }
}

/// One entry of the `errors` that Clerk answers with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ClerkApiError {
    /// Clerk's name for the error, such as `resource_not_found`.
    pub code: String,
    /// What happened, in a few words.
    pub message: String,
    /// What happened, in a sentence.
    pub long_message: String,
    /// Details such as `{"param_name":"user_id"}`, as the JSON text Clerk sent.
    pub meta: Option<String>,
}

/// Why a call failed. No field holds the secret key, a token or a ticket URL.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Error {
    /// What went wrong, by what a caller can do about it.
    pub code: ErrorCode,
    /// The same in a sentence, for a person.
    pub message: String,
    /// The HTTP status of the last answer, if one came.
    pub status: Option<u16>,
    /// Clerk's own errors, if the last answer held any.
    pub errors: Vec<ClerkApiError>,
    /// What to quote to Clerk's support: `clerk_trace_id`, or else the `cf-ray` header.
    pub clerk_trace_id: Option<String>,
    /// Seconds that the API asked to wait before another try.
    pub retry_after: Option<u32>,
    /// Requests that were sent.
    pub attempts: u32,
    /// Whether the operation may have taken effect although it failed.
    pub outcome: Outcome,
}

impl Error {
    /// `field` was not what it has to be. `expected` finishes the sentence "expected …"; the value itself is never
    /// repeated, since it may be a secret in the wrong place.
    #[must_use]
    pub fn invalid_argument(field: &str, expected: &str) -> Self {
        let message = join(&[field, ": expected ", expected]);
        Self { message, ..Self::bare(ErrorCode::InvalidArgument, Outcome::None) }
    }

    /// A bug in this package, met when `attempts` requests had been sent.
    #[cfg(any(feature = "npm", test))]
    pub(crate) fn internal(attempts: u32) -> Self {
        let outcome = if attempts == 0 { Outcome::None } else { Outcome::Unknown };
        Self {
            attempts,
            message: "internal error: please report it".into(),
            ..Self::bare(ErrorCode::Internal, outcome)
        }
    }

    pub(crate) fn of(operation: Operation, code: ErrorCode, outcome: Outcome, what: &str) -> Self {
        let hint = match (outcome, operation) {
            (Outcome::None, _) => "",
            (Outcome::Unknown, Operation::Create) => "; a token may have been created",
            (Outcome::Unknown, Operation::Revoke) => "; the token may have been revoked",
        };
        Self { message: join(&[operation.as_str(), ": ", what, hint]), ..Self::bare(code, outcome) }
    }

    const fn bare(code: ErrorCode, outcome: Outcome) -> Self {
        Self {
            code,
            message: String::new(),
            status: None,
            errors: Vec::new(),
            clerk_trace_id: None,
            retry_after: None,
            attempts: 0,
            outcome,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl core::error::Error for Error {}
