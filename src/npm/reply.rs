//! The JSON texts that the core's answers cross the boundary as: `{"error":…}`, or what was asked for.

use alloc::string::String;

use crate::api_url::ApiUrl;
use crate::call::{Call, Step};
use crate::error::Error;
use crate::json::Writer;
use crate::request::Request;
use crate::response::BODY_LIMIT;
use crate::secret::SecretKey;
use crate::token::SignInToken;

pub(super) fn settings(api_url: &ApiUrl) -> String {
    object(|json| {
        json.string("apiUrl", api_url.as_str());
        json.string("apiVersion", crate::API_VERSION);
        json.string("userAgent", crate::USER_AGENT);
        json.integer("bodyLimit", BODY_LIMIT as i64);
    })
}

pub(super) fn request(request: &Request, key: &SecretKey) -> String {
    object(|json| {
        json.string("url", &request.url);
        json.optional_string("body", request.body.as_deref());
        json.string("authorization", &key.authorization());
    })
}

pub(super) fn step(call: &Call, step: Step) -> String {
    match step {
        Step::Done(token) => object(|json| json.member("token", |json| write_token(json, &token))),
        Step::Failed(error) => self::error(&error),
        Step::Wait { ms, code } => object(|json| {
            json.integer("wait", ms.into());
            json.string("code", code.as_str());
            json.raw("unknown", if call.may_have_taken_effect() { "true" } else { "false" });
        }),
    }
}

pub(super) fn error(error: &Error) -> String {
    object(|json| json.member("error", |json| write_error(json, error)))
}

/// The names are those of Clerk's JavaScript SDKs.
fn write_token(json: &mut Writer, token: &SignInToken) {
    json.open();
    json.string("object", &token.object);
    json.string("id", &token.id);
    json.string("userId", &token.user_id);
    json.string("status", token.status.as_str());
    json.optional_string("token", token.token.as_deref());
    json.optional_string("url", token.url.as_deref());
    json.integer("createdAt", token.created_at);
    json.integer("updatedAt", token.updated_at);
    json.close();
}

fn write_error(json: &mut Writer, error: &Error) {
    json.open();
    json.string("code", error.code.as_str());
    json.string("message", &error.message);
    if let Some(status) = error.status {
        json.integer("status", status.into());
    }
    json.member("errors", |json| {
        json.array(&error.errors, |json, clerk| {
            json.open();
            json.string("code", &clerk.code);
            json.string("message", &clerk.message);
            json.string("longMessage", &clerk.long_message);
            if let Some(meta) = &clerk.meta {
                json.raw("meta", meta);
            }
            json.close();
        });
    });
    json.optional_string("clerkTraceId", error.clerk_trace_id.as_deref());
    if let Some(seconds) = error.retry_after {
        json.integer("retryAfter", seconds.into());
    }
    json.integer("attempts", error.attempts.into());
    json.string("outcome", error.outcome.as_str());
    json.close();
}

fn object(write: impl FnOnce(&mut Writer)) -> String {
    let mut json = Writer::default();
    json.open();
    write(&mut json);
    json.close();
    json.finish()
}
