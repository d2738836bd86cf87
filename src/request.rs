//! What goes out: the two operations' paths and bodies, from checked arguments.

use alloc::string::String;

use crate::api_url::ApiUrl;
use crate::call::Operation;
use crate::error::Error;
use crate::json::Writer;
use crate::text::join;

const PATH: &str = "/v1/sign_in_tokens";

/// The largest integer that every JSON implementation keeps exact (2^53 - 1).
const MAX_SAFE_INTEGER: i64 = 9_007_199_254_740_991;

/// What a new sign-in token is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct CreateParams {
    user_id: String,
    org_id: Option<String>,
    expires_in_seconds: Option<u64>,
}

impl CreateParams {
    /// A token for this user. The API's default lifetime is 30 days (2 592 000 seconds).
    pub fn new(user_id: impl Into<String>) -> Self {
        Self { user_id: user_id.into(), ..Self::default() }
    }

    /// The organization to activate when the user signs in; the user must be a member of it.
    pub fn org_id(mut self, org_id: impl Into<String>) -> Self {
        self.org_id = Some(org_id.into());
        self
    }

    /// The token's lifetime in seconds, at least 1.
    pub const fn expires_in_seconds(mut self, seconds: u64) -> Self {
        self.expires_in_seconds = Some(seconds);
        self
    }
}

/// A request, but for its headers: those never depend on the arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// Which of the two operations it is.
    pub operation: Operation,
    /// Where to `POST` it.
    pub url: String,
    /// Its JSON body, if it has one.
    pub body: Option<String>,
}

impl Request {
    /// The request that creates a token.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`](crate::ErrorCode::InvalidArgument) for a blank `user_id` or `org_id`, one with
    /// control characters, or a lifetime under 1 second.
    pub fn create(api_url: &ApiUrl, params: &CreateParams) -> Result<Self, Error> {
        check_id("userId", &params.user_id)?;
        let mut json = Writer::default();
        json.open();
        json.string("user_id", &params.user_id);
        if let Some(org_id) = &params.org_id {
            check_id("orgId", org_id)?;
            json.string("org_id", org_id);
        }
        if let Some(seconds) = params.expires_in_seconds {
            json.integer("expires_in_seconds", lifetime(seconds)?);
        }
        json.close();
        let url = join(&[api_url.as_str(), PATH]);
        Ok(Self { operation: Operation::Create, url, body: Some(json.finish()) })
    }

    /// The request that revokes a token.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`](crate::ErrorCode::InvalidArgument) for an id that is blank, `.`, `..`, or has
    /// control characters. Everything else is percent-encoded, so it stays one segment of the path.
    pub fn revoke(api_url: &ApiUrl, id: &str) -> Result<Self, Error> {
        check_id("id", id)?;
        if id == "." || id == ".." {
            return Err(Error::invalid_argument("id", "the id of a sign-in token"));
        }
        let mut url = join(&[api_url.as_str(), PATH, "/"]);
        percent_encode(&mut url, id);
        url.push_str("/revoke");
        Ok(Self { operation: Operation::Revoke, url, body: None })
    }
}

fn lifetime(seconds: u64) -> Result<i64, Error> {
    match i64::try_from(seconds) {
        Ok(seconds @ 1..=MAX_SAFE_INTEGER) => Ok(seconds),
        _ => Err(Error::invalid_argument("expiresInSeconds", "a whole number of seconds, at least 1")),
    }
}

fn check_id(field: &str, id: &str) -> Result<(), Error> {
    // In UTF-8, C1 control characters are 0xc2 and a byte below 0xa0.
    let bytes = id.as_bytes();
    let has_control =
        bytes.iter().any(u8::is_ascii_control) || bytes.windows(2).any(|pair| matches!(pair, [0xc2, ..0xa0]));
    if bytes.iter().all(|byte| *byte == b' ') || has_control {
        return Err(Error::invalid_argument(field, "a non-empty string without control characters"));
    }
    Ok(())
}

/// Encodes all but RFC 3986's unreserved characters.
fn percent_encode(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(byte.into());
        } else {
            let digit = |n: u8| char::from_digit(n.into(), 16).unwrap_or('0').to_ascii_uppercase();
            out.extend(['%', digit(byte / 16), digit(byte % 16)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn create(params: &CreateParams) -> Result<Request, Error> {
        Request::create(&ApiUrl::default(), params)
    }

    fn revoke(id: &str) -> Result<Request, Error> {
        Request::revoke(&ApiUrl::default(), id)
    }

    #[test]
    fn a_create_is_as_the_api_describes_it() {
        let request = create(&CreateParams::new("user_1").org_id("org_1").expires_in_seconds(600)).unwrap();
        assert_eq!(request.url, "https://api.clerk.com/v1/sign_in_tokens");
        assert_eq!(request.body.as_deref(), Some(r#"{"user_id":"user_1","org_id":"org_1","expires_in_seconds":600}"#));
        assert_eq!(create(&CreateParams::new("user_1")).unwrap().body.as_deref(), Some(r#"{"user_id":"user_1"}"#));
    }

    #[test]
    fn a_revoke_is_as_the_api_describes_it() {
        let request = revoke("sit_1").unwrap();
        assert_eq!(request.url, "https://api.clerk.com/v1/sign_in_tokens/sit_1/revoke");
        assert_eq!(request.body, None);
    }

    #[test]
    fn an_id_stays_one_segment_of_the_path() {
        for (id, encoded) in
            [("../users", "..%2Fusers"), ("a?b#c", "a%3Fb%23c"), ("ü %", "%C3%BC%20%25"), ("...", "...")]
        {
            let url = revoke(id).unwrap().url;
            assert_eq!(url, ["https://api.clerk.com/v1/sign_in_tokens/", encoded, "/revoke"].concat());
        }
    }

    #[test]
    fn bad_arguments_are_named() {
        for id in ["", " ", ".", "..", "a\nb", "a\0", "\u{7f}", "\u{85}"] {
            assert!(revoke(id).unwrap_err().message.starts_with("id: expected"), "{id:?}");
        }
        let message = |params| create(&params).unwrap_err().message;
        assert!(message(CreateParams::new("")).starts_with("userId: expected"));
        assert!(message(CreateParams::new("user_1").org_id("\n")).starts_with("orgId: expected"));
        assert!(message(CreateParams::new("user_1").expires_in_seconds(0)).starts_with("expiresInSeconds: expected"));
        assert_eq!(lifetime(2_592_000), Ok(2_592_000));
        for seconds in [0, 1 << 53, u64::MAX] {
            assert!(lifetime(seconds).is_err(), "{seconds}");
        }
    }

    proptest! {
        #[test]
        fn any_id_is_refused_or_one_segment(id in any::<String>()) {
            if let Ok(request) = revoke(&id) {
                let rest = request.url.strip_prefix("https://api.clerk.com/v1/sign_in_tokens/").unwrap();
                let segment = rest.strip_suffix("/revoke").unwrap();
                prop_assert!(!segment.is_empty() && segment != "." && segment != "..");
                prop_assert!(segment.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%".contains(&b)));
            }
        }
    }
}
