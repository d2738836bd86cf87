//! The secret key: its form, and how it is kept out of texts.

use core::fmt;

use crate::error::Error;
use crate::serialize::impl_as_str;

const REDACTED: &str = "[redacted]";

/// What `pkg/src/platform.js` ends a text with that it has cut.
const CUT: &str = "…";

/// What each of Clerk's secret keys begins with.
const PREFIX: &str = "sk_";

/// The kind of a Clerk instance, which its keys tell.
///
/// Exhaustive: Clerk has no other kind of key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstanceType {
    /// Its keys begin with `sk_live_`. Clerk takes 1000 requests in 10 seconds.
    Production,
    /// Its keys begin with `sk_test_`. Clerk takes 100 requests in 10 seconds.
    Development,
}

impl_as_str!(InstanceType);

impl InstanceType {
    /// Returns the kind as Clerk spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Development => "development",
        }
    }

    /// Returns the kind of the instance of a key, or `None` for another key than Clerk's.
    pub(crate) fn of(key: &str) -> Option<Self> {
        let kind = key.strip_prefix(PREFIX)?;
        if kind.starts_with("live_") {
            Some(Self::Production)
        } else if kind.starts_with("test_") {
            Some(Self::Development)
        } else {
            None
        }
    }
}

/// A Clerk secret key (`sk_live_…` or `sk_test_…`). Its `Debug` output is redacted.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretKey(String);

impl SecretKey {
    /// Takes a key, which goes into a header as it is.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`](crate::ErrorCode::InvalidArgument) where it is empty or has
    /// anything but letters, digits and `- . _ ~ + / =` (RFC 6750, "b64token"): runtimes quote a
    /// header value that they refuse in their own errors, key and all.
    pub fn new(key: impl Into<String>) -> Result<Self, Error> {
        let key = key.into();
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
        if key.is_empty() || !key.bytes().all(fits) {
            let expected = "a Clerk secret key, without spaces or quotes around it";
            return Err(Error::invalid_argument("secret_key", expected));
        }
        Ok(Self(key))
    }

    /// Returns the key itself.
    pub(crate) fn into_text(self) -> String {
        self.0
    }

    /// Returns the kind of its instance, or `None` for another key than Clerk's.
    #[must_use]
    pub fn instance_type(&self) -> Option<InstanceType> {
        InstanceType::of(&self.0)
    }

    /// Returns the value of the `Authorization` header.
    pub(crate) fn authorization(&self) -> String {
        String::from("Bearer ") + &self.0
    }

    /// Returns `text` from outside without this key, should it be in there (a proxy may echo the
    /// request), and without anything else that looks like a key.
    pub(crate) fn redact(&self, text: &str) -> String {
        redact(text, Some(self))
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey([redacted])")
    }
}

/// Returns `text` without the key, if it is known, and without anything that looks like one: a word
/// that begins with `sk_`.
pub(crate) fn redact(text: &str, key: Option<&SecretKey>) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut redacted = String::new();
    let mut rest = text;
    // "task_1" is not a key: its prefix does not start a word. "sk_live_…" is one anywhere: in
    // JSON, an escape such as `\n` before it looks like a part of the word.
    let is_key = |after: &str| after.starts_with("live_") || after.starts_with("test_");
    // Most letters begin neither, which is cheap to see.
    let may_begin = |c| PREFIX.starts_with(c) || key.is_some_and(|key| key.0.starts_with(c));
    let mut is_in_word = false;
    while let Some(next) = rest.chars().next() {
        let known = || rest.strip_prefix(&*key?.0);
        let like_one = || {
            rest.strip_prefix(PREFIX)
                .filter(|after| !is_in_word || is_key(after))
                .filter(|after| after.starts_with(is_word))
                .map(|after| after.trim_start_matches(is_word))
        };
        if may_begin(next)
            && let Some(after) = known().or_else(like_one)
        {
            redacted.push_str(REDACTED);
            rest = after;
            is_in_word = false;
        } else {
            redacted.push(next);
            rest = rest.strip_prefix(next).unwrap_or_default();
            is_in_word = is_word(next);
        }
    }
    redacted
}

/// Returns `text` without the key, and without the part of one that is left where the text was cut,
/// which an ellipsis says.
pub(crate) fn redact_bounded(text: &str, key: Option<&SecretKey>) -> String {
    let (Some(cut), Some(SecretKey(key_text))) = (text.strip_suffix(CUT), key) else {
        return redact(text, key);
    };
    let mut parts = (1..key_text.len())
        .rev()
        .filter_map(|length| key_text.get(..length));
    let whole = parts.find_map(|part| cut.strip_suffix(part)).unwrap_or(cut);
    redact(whole, key) + CUT
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_key_tells_its_instance() {
        for (key, kind) in [
            ("sk_live_abc", Some("production")),
            ("sk_test_abc", Some("development")),
            ("sk_other_abc", None),
            ("sk_live", None),
        ] {
            let found = SecretKey::new(key).unwrap().instance_type();
            assert_eq!(
                found.map(|found| found.to_string()).as_deref(),
                kind,
                "{key}"
            );
        }
    }

    #[test]
    fn a_key_never_shows() {
        let key = SecretKey::new("key-abc").unwrap();
        assert_eq!(format!("{key:?}"), "SecretKey([redacted])");
        assert_eq!(
            key.redact("a key-abc b key-abc"),
            "a [redacted] b [redacted]"
        );
        assert_eq!(key.authorization(), "Bearer key-abc");
    }

    #[test]
    fn another_key_does_not_show_either() {
        let key = SecretKey::new("sk_test_abc").unwrap();
        for (text, redacted) in [
            ("sk_live_x1", "[redacted]"),
            (
                "\"sk_live_x1\": \"sk_test_abc\"",
                "\"[redacted]\": \"[redacted]\"",
            ),
            ("Bearer sk_test_abc_old.", "Bearer [redacted]_old."),
            ("xsk_test_abcsk_live_y", "x[redacted][redacted]"),
            ("task_id, desk_", "task_id, desk_"),
            ("sk_ alone, sk_", "sk_ alone, sk_"),
            ("ask_sk_x sk_y", "ask_sk_x [redacted]"),
            (r#""a\nsk_live_x1""#, r#""a\n[redacted]""#),
        ] {
            assert_eq!(key.redact(text), redacted);
        }
    }

    #[test]
    fn a_key_that_is_no_header_value_is_refused_without_being_quoted() {
        for key in [
            "",
            "sk_test_abc\n",
            " sk_test_abc",
            "sk_test_\u{e9}",
            "\"sk_test_abc\"",
            "sk\r\nx: y",
        ] {
            let error = SecretKey::new(key).unwrap_err();
            assert_eq!(error.field, Some("secret_key"));
            assert!(!error.to_string().contains("abc"));
        }
    }

    #[test]
    fn a_cut_leaves_no_part_of_the_key() {
        let key = SecretKey::new("key-abc").unwrap();
        for (text, redacted) in [
            ("a key-ab…", "a …"),
            ("a key-abc…", "a [redacted]…"),
            ("a k…", "a …"),
            ("sk_live_ab…", "[redacted]…"),
            ("a key-ab", "a key-ab"),
            ("…", "…"),
        ] {
            assert_eq!(redact_bounded(text, Some(&key)), redacted);
        }
        assert_eq!(redact_bounded("sk_live_a…", None), "[redacted]…");
    }

    proptest! {
        #[test]
        fn no_part_of_a_key_outlives_a_cut(before in "[!-*]{0,20}", at in 1..15usize) {
            let key = SecretKey::new("Xy7-Qw9_Zz3+Kk5").unwrap();
            let text = before + &key.0[..at] + CUT;
            let redacted = redact_bounded(&text, Some(&key));
            prop_assert!(!redacted.ends_with(&[&key.0[..at], CUT].concat()));
        }

        #[test]
        fn no_key_outlives_redaction(
            before in "\\PC{0,20}",
            key in "sk_(test|live)_[A-Za-z0-9]{8}",
            after in "\\PC{0,20}",
        ) {
            let text = [&*before, &key, &after].concat();
            prop_assert!(!SecretKey::new(&*key).unwrap().redact(&text).contains(&key));
        }

        #[test]
        fn text_without_a_key_is_kept(text in "[a-z _.]{0,40}") {
            prop_assume!(!text.contains("sk_"));
            prop_assert_eq!(redact(&text, None), text);
        }
    }
}
