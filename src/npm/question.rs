//! A question as it crosses the boundary, taken apart once.

use alloc::string::String;

use crate::call::{Call, Operation};
use crate::error::Error;
use crate::json;
use crate::secret::SecretKey;

const FIELDS: [&str; 19] = [
    "ask",
    "apiUrl",
    "timeout",
    "maxRetries",
    "secretKey",
    "operation",
    "id",
    "userId",
    "orgId",
    "expiresInSeconds",
    "attempts",
    "unknown",
    "inFlight",
    "remaining",
    "now",
    "random",
    "status",
    "retryAfter",
    "cfRay",
];

/// The fields' JSON texts. One that is missing or of another type is one that no check lets through.
pub(super) struct Question<'a>([Option<&'a str>; FIELDS.len()]);

impl<'a> Question<'a> {
    pub(super) fn read(text: &'a str) -> Self {
        Self(json::members(text, FIELDS).unwrap_or([None; FIELDS.len()]))
    }

    /// The field as the JSON text it is.
    pub(super) fn get(&self, field: &str) -> Option<&'a str> {
        let index = FIELDS.iter().position(|name| *name == field)?;
        self.0.get(index).copied().flatten()
    }

    pub(super) fn text(&self, field: &str) -> String {
        self.optional_text(field).unwrap_or_default()
    }

    /// `None` for `null` too.
    pub(super) fn optional_text(&self, field: &str) -> Option<String> {
        json::string(self.get(field)?)
    }

    pub(super) fn number(&self, field: &str) -> i64 {
        self.get(field).and_then(json::integer).unwrap_or(-1)
    }

    /// 0 where it does not fit.
    pub(super) fn count<T: TryFrom<i64> + Default>(&self, field: &str) -> T {
        self.number(field).try_into().unwrap_or_default()
    }

    pub(super) fn is_true(&self, field: &str) -> bool {
        self.get(field) == Some("true")
    }

    pub(super) fn operation(&self) -> Operation {
        if self.get("operation") == Some("\"create\"") { Operation::Create } else { Operation::Revoke }
    }

    pub(super) fn secret_key(&self) -> Result<SecretKey, Error> {
        SecretKey::new(&self.text("secretKey"))
    }

    /// The call as the driver keeps it.
    pub(super) fn call(&self) -> Call {
        Call::resume(self.operation(), self.count("maxRetries"), self.count("attempts"), self.is_true("unknown"))
    }
}
