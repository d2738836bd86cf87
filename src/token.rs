//! A sign-in token as the API describes it.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::serialize::impl_as_str;

/// The status of a token. One that this version does not know is kept as it is.
///
/// Non-exhaustive: a later version may know more of them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
#[non_exhaustive]
pub enum Status {
    /// The token signs the user in until it is used, revoked or expires.
    Pending,
    /// The token was used.
    Accepted,
    /// The token was revoked.
    Revoked,
    /// A status that this version does not know.
    Other(String),
}

impl Status {
    /// Returns the status as the API spells it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Revoked => "revoked",
            Self::Other(status) => status,
        }
    }
}

impl From<String> for Status {
    fn from(status: String) -> Self {
        match &*status {
            "pending" => Self::Pending,
            "accepted" => Self::Accepted,
            "revoked" => Self::Revoked,
            _ => Self::Other(status),
        }
    }
}

impl_as_str!(Status);

/// A sign-in token. Its `Debug` output leaves out `token` and `url`, each of which signs the user
/// in.
///
/// It serializes with the API's own names (`user_id`, `created_at`), and can be read back.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SignInToken {
    /// Always `sign_in_token`.
    pub object: String,
    /// The token's ID, which revokes it. Not a secret.
    pub id: String,
    /// The user it signs in.
    pub user_id: String,
    /// Its status.
    pub status: Status,
    /// The ticket itself: a password until it is used, revoked or expires.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// A page that signs the user in with the ticket. As secret as `token`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When it was created, in Unix time in milliseconds.
    pub created_at: i64,
    /// When it last changed, in Unix time in milliseconds.
    pub updated_at: i64,
}

impl fmt::Debug for SignInToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignInToken")
            .field("id", &self.id)
            .field("user_id", &self.user_id)
            .field("status", &self.status)
            .field("created_at", &self.created_at)
            .field("updated_at", &self.updated_at)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn debug_output_shows_no_secret() {
        let token = SignInToken {
            object: "sign_in_token".into(),
            id: "sit_1".into(),
            user_id: "user_1".into(),
            status: Status::Pending,
            token: Some("the-ticket".into()),
            url: Some("https://clerk.example?ticket=the-ticket".into()),
            created_at: 1,
            updated_at: 2,
        };
        let text = format!("{token:?}");
        assert!(
            text.contains("sit_1") && !text.contains("the-ticket"),
            "{text}"
        );
    }

    #[test]
    fn it_has_the_names_of_the_api_and_can_be_read_back() {
        let json = serde_json::json!({
            "object": "sign_in_token", "id": "sit_1", "user_id": "user_1", "status": "paused",
            "created_at": 1, "updated_at": 2,
        });
        let token: SignInToken = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(token.status, Status::Other("paused".into()));
        assert_eq!(serde_json::to_value(&token).unwrap(), json);
        let whole = SignInToken {
            token: Some("t".into()),
            url: Some("u".into()),
            ..token
        };
        let text = serde_json::to_string(&whole).unwrap();
        assert_eq!(serde_json::from_str::<SignInToken>(&text).unwrap(), whole);
    }

    #[test]
    fn an_unknown_status_is_kept() {
        for status in ["pending", "accepted", "revoked", "expired", ""] {
            assert_eq!(
                serde_json::to_value(Status::from(String::from(status))).unwrap(),
                status
            );
            assert_eq!(Status::from(String::from(status)).as_str(), status);
        }
    }
}
