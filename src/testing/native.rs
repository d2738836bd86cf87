//! Reads an answer where there is no JavaScript.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::answer::{Answer, BODY_LIMIT, Body, ClerkErrors};
use crate::error::ClerkApiError;
use crate::testing::FakeResponse;
use crate::token::SignInToken;

#[derive(Deserialize)]
struct ErrorBody {
    errors: Vec<ErrorEntry>,
    clerk_trace_id: Option<String>,
}

#[derive(Deserialize)]
struct ErrorEntry {
    code: String,
    message: Option<String>,
    long_message: Option<String>,
    meta: Option<Map<String, Value>>,
}

impl FakeResponse {
    /// Returns what the answer is, and the token in it, as `pkg/src/exchange.js` reads one.
    pub(crate) fn understood(self) -> (Answer, Option<SignInToken>) {
        let token = serde_json::from_str::<SignInToken>(&self.body).ok();
        let token = token.filter(|token| token.object == "sign_in_token" && !token.id.is_empty());
        let body = match &token {
            _ if self.body.len() > BODY_LIMIT => Body::TooLong,
            Some(_) => Body::SignInToken,
            None => serde_json::from_str(&self.body).map_or(Body::Unrecognized, clerk_errors),
        };
        let answer = Answer {
            status: self.status,
            retry_after: (self.status == 429).then_some(0),
            cf_ray: None,
            body,
        };
        (answer, token)
    }
}

fn clerk_errors(body: ErrorBody) -> Body {
    let entry = |error: ErrorEntry| ClerkApiError {
        code: error.code,
        message: error.message.unwrap_or_default(),
        long_message: error.long_message.unwrap_or_default(),
        meta: error.meta.map(|meta| Value::Object(meta).to_string()),
    };
    Body::ClerkErrors(ClerkErrors {
        errors: body.errors.into_iter().map(entry).collect(),
        clerk_trace_id: body.clerk_trace_id,
    })
}
