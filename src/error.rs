//! The one error type: what went wrong, and whether the operation may have taken effect all the
//! same.

use core::fmt;
use core::ops::Deref;
use core::time::Duration;

use serde::Serialize;

use crate::operation::Operation;
use crate::serialize::impl_as_str;

/// Says what went wrong, grouped by what a caller can do about it.
///
/// Non-exhaustive: a later version may tell more codes apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorCode {
    /// An argument was refused before any request was made. `field` names it, and so does
    /// `Display`.
    InvalidArgument,
    /// The API refused the secret key (401) or what it may do (403).
    Unauthorized,
    /// There is no such user, organization or token (404).
    NotFound,
    /// The token to revoke was used or revoked before (400, with Clerk's own errors). With
    /// [`Outcome::Unknown`] an earlier attempt of this call, which failed, may have revoked it.
    NotPending,
    /// The API refused the request as it stands (any other 4xx). `errors` says why.
    Rejected,
    /// There were too many requests (429), and no retry was left or would have fitted into the
    /// timeout.
    RateLimited,
    /// The API failed (5xx).
    ServerError,
    /// No answer came, or it broke off. With [`Outcome::NoEffect`], nothing was sent: the error of
    /// the runtime proves that no connection was made, or no request is allowed where the call was
    /// made, such as in a Worker's global scope.
    Network,
    /// The timeout passed.
    Timeout,
    /// The signal of [`CallOptions::signal`](crate::CallOptions::signal) was aborted.
    Aborted,
    /// Something answered, but not as this API does: a redirect, or a body that is not a sign-in
    /// token.
    InvalidResponse,
    /// There is a bug in this package.
    Internal,
}

impl ErrorCode {
    /// Returns the code as the npm package spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidArgument => "invalid_argument",
            Self::Unauthorized => "unauthorized",
            Self::NotFound => "not_found",
            Self::NotPending => "not_pending",
            Self::Rejected => "rejected",
            Self::RateLimited => "rate_limited",
            Self::ServerError => "server_error",
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::Aborted => "aborted",
            Self::InvalidResponse => "invalid_response",
            Self::Internal => "internal",
        }
    }
}

impl_as_str!(ErrorCode);

/// Says whether an operation that failed may have taken effect.
///
/// Exhaustive: there is no third case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It certainly had no effect. The npm package spells it `"none"`.
    NoEffect,
    /// It may have taken effect: after a failed create, a token may exist that nobody has.
    Unknown,
}

impl Outcome {
    /// Returns the outcome as the npm package spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoEffect => "none",
            Self::Unknown => "unknown",
        }
    }
}

impl_as_str!(Outcome);

/// One entry of the `errors` that Clerk answers with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ClerkApiError {
    /// Clerk's name for the error, such as `resource_not_found`.
    pub code: String,
    /// What happened, in a few words.
    pub message: String,
    /// What happened, in a sentence.
    pub long_message: String,
    /// Details such as `{"param_name":"user_id"}`, as JSON text. They serialize as that text, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meta: Option<String>,
}

/// An error of `fetch` or of the function that gives the key, without the secret key that it may
/// have quoted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cause {
    /// The error's name, such as `TypeError`.
    pub name: String,
    /// The error's message.
    pub message: String,
    /// The runtime's code for it, such as `ECONNREFUSED`.
    pub code: Option<String>,
    /// What caused it in turn. Of an `AggregateError`, its errors follow one after the other.
    pub cause: Option<Box<Self>>,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        f.write_str(": ")?;
        f.write_str(&self.message)
    }
}

impl core::error::Error for Cause {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        Some(self.cause.as_deref()?)
    }
}

/// Says why a call failed. No field contains the secret key, a token or a ticket URL.
///
/// Its fields are those of [`ErrorDetails`]: `error.code`, `error.outcome`. It serializes with the
/// names of the npm package's `SignInTokensError`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Error(pub(crate) Box<ErrorDetails>);

/// The fields of an [`Error`], which is no larger than a pointer, since each layer of a call
/// returns it to the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ErrorDetails {
    /// What went wrong, grouped by what a caller can do about it.
    pub code: ErrorCode,
    /// The refused argument, where `code` is [`ErrorCode::InvalidArgument`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<&'static str>,
    /// What went wrong, in a sentence. `Display` puts the refused argument before it.
    pub message: String,
    /// The HTTP status of the last answer, if one came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Clerk's own errors, if the last answer had any.
    pub errors: Vec<ClerkApiError>,
    /// What to quote to Clerk's support: `clerk_trace_id`, or else the `cf-ray` header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clerk_trace_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) retry_after: Option<u32>,
    /// The number of attempts, each of which sent a request or made no connection.
    pub attempts: u32,
    /// Whether the operation may have taken effect although it failed.
    pub outcome: Outcome,
    /// The error of `fetch` or of the key's function behind this one, if there is one. `source()`
    /// returns it too.
    #[serde(skip)]
    pub cause: Option<Cause>,
}

impl ErrorDetails {
    /// Returns how long the API asked to wait before another try. It serializes as `retryAfter`, in
    /// seconds.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        let seconds = self.retry_after?;
        Some(Duration::from_secs(seconds.into()))
    }
}

impl Deref for Error {
    type Target = ErrorDetails;

    fn deref(&self) -> &ErrorDetails {
        &self.0
    }
}

impl Error {
    /// Refuses `field`. `expected` finishes the sentence "expected …". The value is never repeated,
    /// since it may be a secret in the wrong place.
    pub(crate) fn invalid_argument(field: &'static str, expected: &str) -> Self {
        let message = String::from("expected ") + expected;
        let mut error = Self::new(ErrorCode::InvalidArgument, Outcome::NoEffect, message);
        error.0.field = Some(field);
        error
    }

    /// Reports a bug in this package that showed when `attempts` requests had been sent.
    pub(crate) fn internal(attempts: u32) -> Self {
        let outcome = if attempts == 0 {
            Outcome::NoEffect
        } else {
            Outcome::Unknown
        };
        let message = "internal error: please report it".into();
        let mut error = Self::new(ErrorCode::Internal, outcome, message);
        error.0.attempts = attempts;
        error
    }

    /// Describes an attempt of `operation` that failed.
    pub(crate) fn of(operation: Operation, code: ErrorCode, outcome: Outcome, what: &str) -> Self {
        let mut message = String::from(operation.as_str()) + ": " + what;
        if outcome == Outcome::Unknown {
            message = message + "; " + operation.possible_effect();
        }
        Self::new(code, outcome, message)
    }

    pub(crate) fn new(code: ErrorCode, outcome: Outcome, message: String) -> Self {
        Self(Box::new(ErrorDetails {
            code,
            field: None,
            message,
            status: None,
            errors: Vec::new(),
            clerk_trace_id: None,
            retry_after: None,
            attempts: 0,
            outcome,
            cause: None,
        }))
    }

    /// Adds what caused it.
    pub(crate) fn with_cause(mut self, cause: Option<Cause>) -> Self {
        self.0.cause = cause;
        self
    }
}

#[cfg(feature = "bulk")]
impl Error {
    /// Adds what the earlier calls for the same input of a bulk run mean.
    pub(crate) fn with_calls(mut self, attempts: u32, is_unknown: bool) -> Self {
        self.0.attempts = attempts;
        if is_unknown {
            self.0.outcome = Outcome::Unknown;
        }
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(field) = self.field {
            f.write_str(field)?;
            f.write_str(": ")?;
        }
        f.write_str(&self.message)
    }
}

impl core::error::Error for Error {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        Some(self.cause.as_ref()?)
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
