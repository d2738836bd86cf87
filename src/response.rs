//! What an answer means: the token in it, or the error.

use crate::call::Operation;
use crate::error::{ClerkApiError, Error, ErrorCode, Outcome};
use crate::json;
use crate::secret::SecretKey;
use crate::token::SignInToken;

/// The longest body that a driver reads, in bytes; a token's is about 1 KB. A longer one is [`Body::TooLong`].
pub const BODY_LIMIT: usize = 64 * 1024;

/// What became of an answer's body.
#[derive(Clone, Copy, Debug)]
pub enum Body<'a> {
    /// All of it, decoded as UTF-8.
    Complete(&'a str),
    /// It was longer than [`BODY_LIMIT`] and was not read to its end.
    TooLong,
    /// It broke off.
    Broken,
}

/// An answer, as a driver saw it.
#[derive(Clone, Copy, Debug)]
pub struct Response<'a> {
    /// The HTTP status; 0 where there is none to be seen (a browser's opaque redirect).
    pub status: u16,
    /// The `Retry-After` header.
    pub retry_after: Option<&'a str>,
    /// The `cf-ray` header.
    pub cf_ray: Option<&'a str>,
    /// The body.
    pub body: Body<'a>,
}

impl Response<'_> {
    /// The token, or the error with its code, status, outcome and Clerk's own errors filled in.
    pub(crate) fn read(&self, operation: Operation, key: &SecretKey) -> Result<SignInToken, Error> {
        let (code, outcome, what) = match (self.status, self.body) {
            (200..=299, Body::Complete(body)) => match SignInToken::parse(body) {
                Some(token) => return Ok(token),
                None => (ErrorCode::InvalidResponse, Outcome::Unknown, "the answer is not a sign-in token"),
            },
            (200..=299, Body::TooLong) => {
                (ErrorCode::InvalidResponse, Outcome::Unknown, "the answer is too long for a sign-in token")
            }
            (200..=299, Body::Broken) => (ErrorCode::Network, Outcome::Unknown, "the answer broke off"),
            (300..=399, _) => {
                (ErrorCode::InvalidResponse, Outcome::Unknown, "redirected, and the secret key does not follow")
            }
            (0, _) => {
                (ErrorCode::InvalidResponse, Outcome::Unknown, "what fetch gave is a hidden redirect or not a Response")
            }
            (401 | 403, _) => (ErrorCode::Unauthorized, Outcome::None, "the secret key was not accepted"),
            (404, _) => (ErrorCode::NotFound, Outcome::None, "not found"),
            (429, _) => (ErrorCode::RateLimited, Outcome::None, "too many requests"),
            (400..=499, _) => (ErrorCode::Rejected, Outcome::None, "the request was rejected"),
            (500..=599, _) => (ErrorCode::ServerError, Outcome::Unknown, "the API failed"),
            _ => (ErrorCode::InvalidResponse, Outcome::Unknown, "the answer has no known status"),
        };
        let mut error = Error::of(operation, code, outcome, what);
        error.status = (self.status != 0).then_some(self.status);
        error.clerk_trace_id = self.cf_ray.map(|ray| key.redact(ray));
        if let (400..=599, Body::Complete(body)) = (self.status, self.body) {
            read_clerk_errors(body, key, &mut error);
        }
        Err(error)
    }
}

/// Fills in what a ClerkErrors body says; a body that is something else (a proxy's HTML) says nothing.
fn read_clerk_errors(body: &str, key: &SecretKey, error: &mut Error) -> Option<()> {
    let [errors, trace] = json::members(body, ["errors", "clerk_trace_id"])?;
    if let Some(trace) = json::nullable_string(trace)? {
        error.clerk_trace_id = Some(key.redact(&trace));
    }
    for clerk in json::elements(errors?)? {
        error.errors.push(read_clerk_error(clerk, key)?);
    }
    Some(())
}

fn read_clerk_error(object: &str, key: &SecretKey) -> Option<ClerkApiError> {
    let [code, message, long_message, meta] = json::members(object, ["code", "message", "long_message", "meta"])?;
    let text = |value| Some(key.redact(&json::nullable_string(value)?.unwrap_or_default()));
    Some(ClerkApiError {
        code: text(code)?,
        message: text(message)?,
        long_message: text(long_message)?,
        meta: meta.filter(|meta| *meta != "null").map(|meta| key.redact(meta)),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::token::Status;

    const TOKEN: &str = r#"{"object":"sign_in_token","id":"sit_1","user_id":"user_1","status":"pending","token":"ey","url":null,"created_at":1700000000000,"updated_at":1700000000001,"new_field":[{"a":1.5}]}"#;
    const NOT_FOUND: &str = r#"{"errors":[{"message":"not found","long_message":"No user","code":"resource_not_found","meta":{"param_name":"user_id"}}],"clerk_trace_id":"trace_1"}"#;

    fn key() -> SecretKey {
        SecretKey::new("sk_test_key").unwrap()
    }

    fn read(status: u16, body: &str) -> Result<SignInToken, Error> {
        let body = Body::Complete(body);
        Response { status, retry_after: None, cf_ray: Some("ray_1"), body }.read(Operation::Create, &key())
    }

    #[test]
    fn a_token_is_read_and_the_future_is_let_in() {
        let token = read(200, TOKEN).unwrap();
        assert_eq!((&*token.id, &*token.user_id, token.token.as_deref()), ("sit_1", "user_1", Some("ey")));
        assert_eq!((token.url, token.created_at, token.updated_at), (None, 1_700_000_000_000, 1_700_000_000_001));
        let token = read(200, &TOKEN.replace("pending", "expired")).unwrap();
        assert_eq!(token.status, Status::Other("expired".into()));
    }

    #[test]
    fn a_token_lacking_a_required_field_is_no_token() {
        let whole: serde_json::Map<_, _> = serde_json::from_str(TOKEN).unwrap();
        for field in ["object", "id", "user_id", "status", "created_at", "updated_at"] {
            let mut part = whole.clone();
            part.remove(field);
            let error = read(200, &serde_json::to_string(&part).unwrap()).unwrap_err();
            assert_eq!((error.code, error.outcome), (ErrorCode::InvalidResponse, Outcome::Unknown), "{field}");
        }
        for body in ["", "{}", "[]", "null", "<html>", &TOKEN[..60], &TOKEN.replace("sign_in_token", "user")] {
            assert_eq!(read(200, body).unwrap_err().code, ErrorCode::InvalidResponse, "{body}");
        }
    }

    #[test]
    fn a_status_has_its_code_and_outcome() {
        use {ErrorCode::*, Outcome::Unknown};
        for (status, code, outcome) in [
            (0, InvalidResponse, Unknown),
            (302, InvalidResponse, Unknown),
            (307, InvalidResponse, Unknown),
            (400, Rejected, Outcome::None),
            (401, Unauthorized, Outcome::None),
            (403, Unauthorized, Outcome::None),
            (404, NotFound, Outcome::None),
            (409, Rejected, Outcome::None),
            (422, Rejected, Outcome::None),
            (429, RateLimited, Outcome::None),
            (500, ServerError, Unknown),
            (599, ServerError, Unknown),
            (600, InvalidResponse, Unknown),
            (100, InvalidResponse, Unknown),
        ] {
            let error = read(status, "").unwrap_err();
            assert_eq!((error.code, error.outcome), (code, outcome), "{status}");
            assert_eq!(error.status, (status != 0).then_some(status));
            assert_eq!(error.clerk_trace_id.as_deref(), Some("ray_1"));
        }
    }

    #[test]
    fn clerk_errors_are_read() {
        let error = read(404, NOT_FOUND).unwrap_err();
        assert_eq!(error.clerk_trace_id.as_deref(), Some("trace_1"));
        let [clerk] = &error.errors[..] else { panic!("{error:?}") };
        assert_eq!(
            (&*clerk.code, &*clerk.message, &*clerk.long_message),
            ("resource_not_found", "not found", "No user")
        );
        assert_eq!(clerk.meta.as_deref(), Some(r#"{"param_name":"user_id"}"#));
        assert_eq!(read(404, "<html>no</html>").unwrap_err().errors, []);
    }

    #[test]
    fn an_echoed_key_is_redacted() {
        let body = r#"{"errors":[{"message":"sk_test_key","long_message":"\u0073k_test_key","code":"sk_test_key","meta":{"k":"sk_test_key"}}],"clerk_trace_id":"sk_test_key"}"#;
        let error = read(401, body).unwrap_err();
        assert!(!format!("{error:?}").contains("sk_test_key"));
        assert_eq!(error.errors[0].long_message, "[redacted]");
    }

    proptest! {
        #[test]
        fn any_answer_ends_well(status in any::<u16>(), body in any::<String>()) {
            let response = Response { status, retry_after: None, cf_ray: None, body: Body::Complete(&body) };
            prop_assert!(response.read(Operation::Revoke, &key()).is_err());
        }

        #[test]
        fn a_cut_off_answer_is_never_a_token(length in 0..TOKEN.len()) {
            prop_assert!(read(200, &TOKEN[..length]).is_err());
            prop_assert_eq!(read(404, &NOT_FOUND[..length.min(NOT_FOUND.len() - 1)]).unwrap_err().errors, []);
        }
    }
}
