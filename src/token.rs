//! A sign-in token as the API describes it.

use alloc::string::String;
use core::fmt;

use crate::json;

/// Where a token is in its life. The API may grow further states.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Status {
    /// Not used yet; it signs somebody in until it expires.
    Pending,
    /// Used.
    Accepted,
    /// Revoked.
    Revoked,
    /// A state this version does not know.
    #[cfg_attr(feature = "serde", serde(untagged))]
    Other(String),
}

impl Status {
    /// The status as the API spells it.
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

/// A sign-in token. Its `Debug` output leaves out `token` and `url`, each of which signs the user in.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct SignInToken {
    /// Always `sign_in_token`.
    pub object: String,
    /// The token's id, which revokes it; not a secret.
    pub id: String,
    /// The user it signs in.
    pub user_id: String,
    /// Where it is in its life.
    pub status: Status,
    /// The ticket itself: a password until it is used, revoked or expires.
    pub token: Option<String>,
    /// A page that signs the user in with the ticket; as secret as `token`.
    pub url: Option<String>,
    /// Unix time in milliseconds.
    pub created_at: i64,
    /// Unix time in milliseconds.
    pub updated_at: i64,
}

impl SignInToken {
    /// Reads a token; `None` for anything else. Fields and states that are not known yet do not matter.
    pub(crate) fn parse(body: &str) -> Option<Self> {
        let [object, id, user_id, status, token, url, created_at, updated_at] =
            json::members(body, ["object", "id", "user_id", "status", "token", "url", "created_at", "updated_at"])?;
        Some(Self {
            object: json::string(object?).filter(|object| object == "sign_in_token")?,
            id: json::string(id?).filter(|id| !id.is_empty())?,
            user_id: json::string(user_id?)?,
            status: json::string(status?)?.into(),
            token: json::nullable_string(token)?,
            url: json::nullable_string(url)?,
            created_at: json::integer(created_at?)?,
            updated_at: json::integer(updated_at?)?,
        })
    }
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
