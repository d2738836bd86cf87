//! The secret key: what it may look like, and how it stays out of sight.

use alloc::string::String;
use core::fmt;

use crate::error::Error;
use crate::text::join;

const REDACTED: &str = "[redacted]";

/// A Clerk secret key (`sk_live_…` or `sk_test_…`). Its `Debug` output is redacted.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretKey(String);

impl SecretKey {
    /// Takes a key, which goes into a header as it is.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`](crate::ErrorCode::InvalidArgument) where it is empty or holds anything but
    /// letters, digits and `- . _ ~ + / =` (RFC 6750, "b64token"): runtimes quote a header value they refuse in their
    /// own errors, key and all.
    pub fn new(key: &str) -> Result<Self, Error> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
        if key.is_empty() || !key.bytes().all(fits) {
            let expected = "a Clerk secret key, without spaces or quotes around it";
            return Err(Error::invalid_argument("secretKey", expected));
        }
        Ok(Self(key.into()))
    }

    /// The value of the `Authorization` header.
    #[must_use]
    pub fn authorization(&self) -> String {
        join(&["Bearer ", &self.0])
    }

    /// `text` from outside, without the key should it be in there (a proxy may echo the request).
    pub(crate) fn redact(&self, text: &str) -> String {
        let mut redacted = String::new();
        let mut rest = text;
        // str::replace would bring its two-way search, 2 KB of wasm; this text is short.
        while let Some(next) = rest.chars().next() {
            if let Some(behind) = rest.strip_prefix(&*self.0) {
                redacted.push_str(REDACTED);
                rest = behind;
            } else {
                redacted.push(next);
                rest = rest.get(next.len_utf8()..).unwrap_or_default();
            }
        }
        redacted
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_never_shows() {
        let key = SecretKey::new("sk_test_abc").unwrap();
        assert_eq!(format!("{key:?}"), "SecretKey([redacted])");
        assert_eq!(key.redact("a sk_test_abc b sk_test_abc"), "a [redacted] b [redacted]");
        assert_eq!(key.authorization(), "Bearer sk_test_abc");
    }

    #[test]
    fn a_key_that_is_no_header_value_is_refused_without_being_quoted() {
        for key in ["", "sk_test_abc\n", " sk_test_abc", "sk_test_\u{e9}", "\"sk_test_abc\"", "sk\r\nx: y"] {
            let error = SecretKey::new(key).unwrap_err();
            assert!(error.message.starts_with("secretKey: expected"));
            assert!(!error.message.contains("abc"));
        }
    }
}
