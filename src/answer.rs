//! What an answer means: the token in it, or the error.

use core::time::Duration;

use crate::error::{Cause, ClerkApiError, Error, ErrorCode, Outcome};
use crate::operation::Operation;

/// The longest body that is read, in bytes; a token's is about 1 KB. A longer one is
/// [`Body::TooLong`].
pub const BODY_LIMIT: usize = 64 * 1024;

/// What the body of an answer was.
#[derive(Clone, Debug)]
pub enum Body {
    /// A sign-in token with every field that the API promises.
    SignInToken,
    /// Clerk's error shape. The secret key is not in it.
    ClerkErrors(ClerkErrors),
    /// Anything else: HTML of a proxy, truncated JSON, nothing.
    Unrecognized,
    /// Longer than [`BODY_LIMIT`], and not read to its end.
    TooLong,
    /// It broke off, with this error.
    Broken(Option<Cause>),
}

/// The body that Clerk sends with a 4xx or 5xx.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClerkErrors {
    /// Its `errors`.
    pub errors: Vec<ClerkApiError>,
    /// Its `clerk_trace_id`, where it has one.
    pub clerk_trace_id: Option<String>,
}

/// An answer as the driver saw it.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status; 0 where it is hidden (a browser's opaque redirect).
    pub status: u16,
    /// Seconds that the `Retry-After` header asks to wait.
    pub retry_after: Option<u32>,
    /// The `cf-ray` header, without the secret key.
    pub cf_ray: Option<String>,
    /// The body.
    pub body: Body,
}

impl Answer {
    /// Returns whether it is the token.
    pub(crate) const fn is_success(&self) -> bool {
        matches!((self.status, &self.body), (200..=299, Body::SignInToken))
    }

    /// Returns what to quote to Clerk's support.
    pub(crate) fn clerk_trace_id(&self) -> Option<&String> {
        let own = match &self.body {
            Body::ClerkErrors(clerk) => clerk.clerk_trace_id.as_ref(),
            _ => None,
        };
        own.or(self.cf_ray.as_ref())
    }

    /// Returns the error with all that the answer tells about it; `None` for the token.
    pub(crate) fn failure(self, operation: Operation) -> Option<Error> {
        if self.is_success() {
            return None;
        }
        let (code, outcome, what) = meaning(operation, self.status, &self.body);
        let mut error = Error::of(operation, code, outcome, what);
        error.0.status = (self.status != 0).then_some(self.status);
        error.0.retry_after = self
            .retry_after
            .map(|seconds| Duration::from_secs(seconds.into()));
        error.0.clerk_trace_id = self.clerk_trace_id().cloned();
        match (self.status, self.body) {
            (400..=599, Body::ClerkErrors(clerk)) => error.0.errors = clerk.errors,
            (200..=299, Body::Broken(cause)) => error.0.cause = cause,
            _ => {}
        }
        Some(error)
    }
}

/// Returns the code and the outcome of an answer that is not a success, and what a message says of
/// it.
fn meaning(operation: Operation, status: u16, body: &Body) -> (ErrorCode, Outcome, &'static str) {
    use ErrorCode::{InvalidResponse, NotFound, RateLimited, Rejected, ServerError, Unauthorized};

    match (status, body) {
        (200..=299, body) => without_token(body),
        (300..=399, _) => (
            InvalidResponse,
            Outcome::Unknown,
            "the answer is a redirect, which is never followed",
        ),
        (0, _) => (
            InvalidResponse,
            Outcome::Unknown,
            "fetch returned a hidden redirect or something that is not a Response",
        ),
        // The rate limit refuses a request before it takes effect, whoever enforces it.
        (429, _) => (RateLimited, Outcome::NoEffect, "too many requests"),
        (401 | 403, body) => (
            Unauthorized,
            refusal(body),
            "the secret key was not accepted",
        ),
        (404, body) => (NotFound, refusal(body), "not found"),
        // The API gives a revoke no other 400; one without errors is a proxy's.
        (400, Body::ClerkErrors(clerk))
            if operation == Operation::Revoke && !clerk.errors.is_empty() =>
        {
            (
                ErrorCode::NotPending,
                Outcome::NoEffect,
                "the token is not pending any more",
            )
        }
        (400..=499, body) => (Rejected, refusal(body), "the request was rejected"),
        (500..=599, _) => (ServerError, Outcome::Unknown, "the API failed"),
        _ => (
            InvalidResponse,
            Outcome::Unknown,
            "the answer has an unknown status",
        ),
    }
}

/// Returns the same for a 2xx.
const fn without_token(body: &Body) -> (ErrorCode, Outcome, &'static str) {
    let (code, what) = match body {
        Body::Broken(_) => (ErrorCode::Network, "the answer broke off"),
        Body::TooLong => (
            ErrorCode::InvalidResponse,
            "the answer is too long for a sign-in token",
        ),
        _ => (
            ErrorCode::InvalidResponse,
            "the answer is not a sign-in token",
        ),
    };
    (code, Outcome::Unknown, what)
}

/// Returns the outcome of a 4xx. Only Clerk's own refusal is proof that nothing happened: anything
/// else comes from something on the way, which may have swallowed the answer of an operation that
/// took effect.
const fn refusal(body: &Body) -> Outcome {
    match body {
        Body::ClerkErrors(_) => Outcome::NoEffect,
        _ => Outcome::Unknown,
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(crate) fn clerk_errors() -> Body {
        let error = ClerkApiError {
            code: "resource_not_found".into(),
            ..ClerkApiError::default()
        };
        Body::ClerkErrors(ClerkErrors {
            errors: vec![error],
            clerk_trace_id: None,
        })
    }

    /// Any body, of every kind.
    pub(crate) fn any_body() -> impl Strategy<Value = Body> {
        prop_oneof![
            Just(Body::SignInToken),
            Just(clerk_errors()),
            Just(Body::Unrecognized),
            Just(Body::TooLong),
            Just(Body::Broken(None)),
        ]
    }

    fn failure(status: u16, body: Body) -> Option<Error> {
        failure_of(Operation::Create, status, body)
    }

    fn failure_of(operation: Operation, status: u16, body: Body) -> Option<Error> {
        Answer {
            status,
            retry_after: Some(7),
            cf_ray: Some("ray_1".into()),
            body,
        }
        .failure(operation)
    }

    #[test]
    fn a_status_has_its_code_and_outcome() {
        use ErrorCode::*;
        use Outcome::{NoEffect, Unknown};
        for (status, code, outcome) in [
            (0, InvalidResponse, Unknown),
            (302, InvalidResponse, Unknown),
            (307, InvalidResponse, Unknown),
            (400, Rejected, NoEffect),
            (401, Unauthorized, NoEffect),
            (403, Unauthorized, NoEffect),
            (404, NotFound, NoEffect),
            (409, Rejected, NoEffect),
            (422, Rejected, NoEffect),
            (429, RateLimited, NoEffect),
            (500, ServerError, Unknown),
            (599, ServerError, Unknown),
            (600, InvalidResponse, Unknown),
            (100, InvalidResponse, Unknown),
        ] {
            let error = failure(status, clerk_errors()).unwrap();
            assert_eq!((error.code, error.outcome), (code, outcome), "{status}");
            assert_eq!(error.status, (status != 0).then_some(status));
            assert_eq!(
                (error.clerk_trace_id.as_deref(), error.retry_after),
                (Some("ray_1"), Some(Duration::from_secs(7)))
            );
            assert_eq!(
                error.errors.len(),
                usize::from((400..600).contains(&status)),
                "{status}"
            );
        }
    }

    #[test]
    fn a_refusal_that_is_not_clerks_leaves_the_outcome_open() {
        for body in [
            Body::Unrecognized,
            Body::TooLong,
            Body::Broken(None),
            Body::SignInToken,
        ] {
            for status in [400, 401, 403, 404, 409, 422, 451] {
                assert_eq!(
                    failure(status, body.clone()).unwrap().outcome,
                    Outcome::Unknown,
                    "{status}"
                );
            }
            assert_eq!(failure(429, body).unwrap().outcome, Outcome::NoEffect);
        }
    }

    #[test]
    fn only_clerks_own_400_of_a_revoke_says_that_the_token_is_not_pending() {
        use Operation::{Create, Revoke};
        let no_errors = || Body::ClerkErrors(ClerkErrors::default());
        for (operation, status, body, code) in [
            (Revoke, 400, clerk_errors(), ErrorCode::NotPending),
            (Revoke, 400, no_errors(), ErrorCode::Rejected),
            (Revoke, 400, Body::Unrecognized, ErrorCode::Rejected),
            (Revoke, 422, clerk_errors(), ErrorCode::Rejected),
            (Create, 400, clerk_errors(), ErrorCode::Rejected),
        ] {
            let error = failure_of(operation, status, body).unwrap();
            assert_eq!(error.code, code, "{operation:?} {status}");
        }
    }

    #[test]
    fn a_success_without_a_token_is_told_apart() {
        for (body, code) in [
            (Body::Unrecognized, ErrorCode::InvalidResponse),
            (Body::TooLong, ErrorCode::InvalidResponse),
            (Body::Broken(None), ErrorCode::Network),
            (clerk_errors(), ErrorCode::InvalidResponse),
        ] {
            let error = failure(200, body).unwrap();
            assert_eq!((error.code, error.outcome), (code, Outcome::Unknown));
            assert_eq!(error.errors, []);
        }
    }

    #[test]
    fn the_trace_id_of_the_body_wins_over_the_header() {
        let clerk = ClerkErrors {
            clerk_trace_id: Some("trace_1".into()),
            ..ClerkErrors::default()
        };
        let error = failure(404, Body::ClerkErrors(clerk)).unwrap();
        assert_eq!(error.clerk_trace_id.as_deref(), Some("trace_1"));
    }

    proptest! {
        #[test]
        fn only_a_success_with_a_token_is_one(status in any::<u16>(), body in any_body()) {
            let is_token = matches!(body, Body::SignInToken) && (200..300).contains(&status);
            prop_assert_eq!(failure(status, body).is_none(), is_token);
        }
    }
}
