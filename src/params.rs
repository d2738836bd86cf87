//! The arguments of the two operations, checked before a request is made.

use core::time::Duration;

use serde::Serialize;

use crate::error::Error;

/// The largest integer that JSON keeps exact everywhere (2^53 - 1).
const MAX_SAFE_INTEGER: u64 = 9_007_199_254_740_991;

/// Describes the sign-in token to create. It serializes to the request's JSON body.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[must_use]
pub struct CreateParams {
    pub(crate) user_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) org_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expires_in_seconds: Option<u64>,
}

impl CreateParams {
    /// Describes a token for this user, with the API's default lifetime of 30 days.
    pub fn new(user_id: impl Into<String>) -> Self {
        Self {
            user_id: user_id.into(),
            ..Self::default()
        }
    }

    /// Returns the user that the token signs in.
    #[must_use]
    pub fn user_id(&self) -> &str {
        &self.user_id
    }

    /// Sets the organization to activate when the user signs in. The user must be a member of it.
    pub fn org_id(mut self, org_id: impl Into<String>) -> Self {
        self.org_id = Some(org_id.into());
        self
    }

    /// Sets the token's lifetime, at least 1 second. A fraction of a second is cut off.
    pub const fn expires_in(mut self, lifetime: Duration) -> Self {
        self.expires_in_seconds = Some(lifetime.as_secs());
        self
    }

    /// Refuses a blank `user_id` or `org_id`, one with control characters, and a lifetime under 1
    /// second.
    pub(crate) fn check(&self) -> Result<(), Error> {
        check_text("user_id", &self.user_id)?;
        if let Some(org_id) = &self.org_id {
            check_text("org_id", org_id)?;
        }
        match self.expires_in_seconds {
            None | Some(1..=MAX_SAFE_INTEGER) => Ok(()),
            Some(_) => Err(Error::invalid_argument(
                "expires_in_seconds",
                "a whole number of seconds, at least 1",
            )),
        }
    }
}

#[cfg(feature = "bulk")]
impl AsRef<Self> for CreateParams {
    fn as_ref(&self) -> &Self {
        self
    }
}

/// Refuses a text that cannot be a sign-in token's ID. A URL parser would remove `.` and `..` from
/// the path.
pub(crate) fn check_token_id(id: &str) -> Result<(), Error> {
    check_text("id", id)?;
    // A token (a JWT) or its URL in the path would be in the logs of whatever is on the way, and in
    // Clerk's "not found".
    if matches!(id, "." | "..") || id.starts_with("eyJ") || id.starts_with("http") {
        let expected = "the ID of a sign-in token, not the token or its URL";
        return Err(Error::invalid_argument("id", expected));
    }
    Ok(())
}

fn check_text(field: &'static str, text: &str) -> Result<(), Error> {
    if text.chars().all(|c| c == ' ') || text.chars().any(char::is_control) {
        return Err(Error::invalid_argument(
            field,
            "a non-empty string without control characters",
        ));
    }
    Ok(())
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn body(params: &CreateParams) -> serde_json::Value {
        params.check().unwrap();
        serde_json::to_value(params).unwrap()
    }

    #[test]
    fn the_body_has_the_names_of_the_api() {
        let params = CreateParams::new("user_\"1\"");
        assert_eq!(
            body(&params),
            serde_json::json!({ "user_id": "user_\"1\"" })
        );
        let params = params.org_id("org_1").expires_in(Duration::from_secs(600));
        assert_eq!(
            body(&params),
            serde_json::json!({
                "user_id": "user_\"1\"", "org_id": "org_1", "expires_in_seconds": 600,
            })
        );
    }

    #[test]
    fn bad_arguments_are_refused_by_name() {
        let user = CreateParams::new("user_1");
        for (field, params) in [
            ("user_id", CreateParams::new("")),
            ("user_id", CreateParams::new("  ")),
            ("user_id", CreateParams::new("user_1\n")),
            ("user_id", CreateParams::new("user_1\u{85}")),
            ("org_id", user.clone().org_id("")),
            ("org_id", user.clone().org_id("org\u{0}")),
            (
                "expires_in_seconds",
                user.clone().expires_in(Duration::from_millis(999)),
            ),
            (
                "expires_in_seconds",
                user.clone()
                    .expires_in(Duration::from_secs(MAX_SAFE_INTEGER + 1)),
            ),
        ] {
            assert_eq!(params.check().unwrap_err().field, Some(field), "{params:?}");
        }
        user.expires_in(Duration::from_secs(MAX_SAFE_INTEGER))
            .check()
            .unwrap();
    }

    #[test]
    fn a_token_id_is_one_segment_of_a_path() {
        for id in ["", " ", ".", "..", "sit_1\u{0}", "\u{9f}"] {
            assert_eq!(check_token_id(id).unwrap_err().field, Some("id"), "{id:?}");
        }
        for id in [
            "eyJhbGciOiJSUzI1NiJ9.e30.c2ln",
            "https://a.test/?__clerk_ticket=eyJ9",
        ] {
            let message = check_token_id(id).unwrap_err().to_string();
            assert!(message.starts_with("id: ") && !message.contains("eyJ"));
        }
        for id in ["sit_1", "...", "a/b", "a b", "\u{e9}", "?#%"] {
            check_token_id(id).unwrap();
        }
    }

    proptest! {
        #[test]
        fn a_checked_body_keeps_every_character(
            user_id in "\\PC{1,30}",
            seconds in 1..=MAX_SAFE_INTEGER,
        ) {
            prop_assume!(!user_id.trim_matches(' ').is_empty());
            let body = body(&CreateParams::new(&*user_id).expires_in(Duration::from_secs(seconds)));
            let expected = serde_json::json!({ "user_id": user_id, "expires_in_seconds": seconds });
            prop_assert_eq!(body, expected);
        }
    }
}
