//! The API's two operations on sign-in tokens, and what follows from which one it is.

use crate::serialize::impl_as_str;

/// One of the API's two operations on sign-in tokens.
///
/// Exhaustive: they are all that the API has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// `POST /v1/sign_in_tokens`. Not idempotent: each request that takes effect creates a token.
    Create,
    /// `POST /v1/sign_in_tokens/{id}/revoke`. Idempotent: a token that was revoked stays revoked.
    Revoke,
}

impl Operation {
    /// Returns the operation's name, as errors and events spell it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Revoke => "revoke",
        }
    }

    /// Returns whether the request can be retried after it may have taken effect.
    #[must_use]
    pub const fn is_idempotent(self) -> bool {
        match self {
            Self::Create => false,
            Self::Revoke => true,
        }
    }

    /// Returns whether the request has a body.
    pub(crate) const fn has_body(self) -> bool {
        matches!(self, Self::Create)
    }

    /// Returns what an error's message adds if the operation may have taken effect.
    pub(crate) const fn possible_effect(self) -> &'static str {
        match self {
            Self::Create => "a token may have been created",
            Self::Revoke => "the token may have been revoked",
        }
    }
}

impl_as_str!(Operation);

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn only_a_revoke_is_idempotent() {
        assert!(Operation::Revoke.is_idempotent());
        assert!(!Operation::Create.is_idempotent());
    }

    #[test]
    fn it_serializes_by_its_name() {
        for (operation, name) in [(Operation::Create, "create"), (Operation::Revoke, "revoke")] {
            assert_eq!(format!("{operation:>7}"), format!("{name:>7}"));
            assert_eq!(serde_json::to_value(operation).unwrap(), name);
        }
    }
}
