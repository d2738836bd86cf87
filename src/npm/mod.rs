//! What the npm package's JavaScript asks the core, compiled with the feature `npm`.
//!
//! One function, with a JSON text in and a JSON text out (see [`question`] and [`reply`]): a crossing a question instead of
//! one a field, one piece of glue instead of one a function, and the JSON code is there anyway. Nothing is kept in linear
//! memory between two questions, so there is nothing to free, to lock, or to lose when the instance has to be replaced.

mod question;
mod reply;
#[cfg(all(not(feature = "client"), target_arch = "wasm32"))]
mod runtime;

use alloc::string::String;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::api_url::ApiUrl;
use crate::call::{Clock, Operation};
use crate::error::Error;
use crate::request::{CreateParams, Request};
use crate::response::{BODY_LIMIT, Body, Response};
use question::Question;

/// Longer timers overflow in `setTimeout` and fire at once.
const MAX_TIMEOUT_MS: i64 = 2_147_483_647;

/// Answers one question; `body` is the answer's that `next` asks about. The JavaScript has checked the types.
#[wasm_bindgen]
pub fn ask(question: &str, body: Option<String>) -> String {
    let question = Question::read(question);
    let reply = match &*question.text("ask") {
        "settings" => settings(&question),
        "request" => request(&question),
        "next" => next(&question, body.as_deref()),
        "timedOut" => Err(question.call().timed_out(question.is_true("inFlight"))),
        _ => Err(Error::internal(0)),
    };
    reply.unwrap_or_else(|error| reply::error(&error))
}

/// Checks a client's settings, or a call's, and gives back what the driver needs to know.
fn settings(question: &Question) -> Result<String, Error> {
    let api_url = ApiUrl::new(&question.text("apiUrl"))?;
    if !(1..=MAX_TIMEOUT_MS).contains(&question.number("timeout")) {
        return Err(Error::invalid_argument("timeout", "a whole number of milliseconds from 1 to 2147483647"));
    }
    if u32::try_from(question.number("maxRetries")).is_err() {
        return Err(Error::invalid_argument("maxRetries", "a whole number, 0 or more"));
    }
    Ok(reply::settings(&api_url))
}

/// Checks the arguments of a call and the secret key, and gives back the call's request.
fn request(question: &Question) -> Result<String, Error> {
    let api_url = ApiUrl::new(&question.text("apiUrl"))?;
    let request = match question.operation() {
        Operation::Revoke => Request::revoke(&api_url, &question.text("id")),
        Operation::Create => {
            panic_if_asked(question.get("userId"));
            let mut params = CreateParams::new(question.text("userId"));
            if let Some(org_id) = question.optional_text("orgId") {
                params = params.org_id(org_id);
            }
            if question.get("expiresInSeconds").is_some_and(|seconds| seconds != "null") {
                params = params.expires_in_seconds(question.count("expiresInSeconds"));
            }
            Request::create(&api_url, &params)
        }
    };
    Ok(reply::request(&request?, &question.secret_key()?))
}

/// What comes after an attempt. Without a `status`, no answer came; a `body` left out broke off, and one over the limit was
/// not read to its end. `random` is a whole number below 2^32.
fn next(question: &Question, body: Option<&str>) -> Result<String, Error> {
    panic_if_asked(question.get("cfRay"));
    let mut call = question.call();
    let clock = Clock {
        remaining_ms: question.count("remaining"),
        now_unix_ms: question.count("now"),
        random: question.number("random") as f64 / 4_294_967_296.0,
    };
    let step = if question.get("status").is_some() {
        let (retry_after, cf_ray) = (question.optional_text("retryAfter"), question.optional_text("cfRay"));
        let response = Response {
            // A number that is no status is none to be seen.
            status: question.count("status"),
            retry_after: retry_after.as_deref(),
            cf_ray: cf_ray.as_deref(),
            body: match body {
                None => Body::Broken,
                Some(body) if body.len() > BODY_LIMIT => Body::TooLong,
                Some(body) => Body::Complete(body),
            },
        };
        call.answered(&response, &clock, &question.secret_key()?)
    } else {
        call.unanswered(&clock)
    };
    Ok(reply::step(&call, step))
}

/// What a bug does to the caller is seen by the tests with the feature `test-panic`.
fn panic_if_asked(_text: Option<&str>) {
    #[cfg(feature = "test-panic")]
    assert!(!_text.unwrap_or_default().contains("panic"));
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn ask(question: Value, body: Option<&str>) -> Value {
        serde_json::from_str(&super::ask(&question.to_string(), body.map(Into::into))).unwrap()
    }

    fn next(operation: &str, answer: Value, body: Option<&str>) -> Value {
        let mut question = json!({
            "ask": "next", "operation": operation, "maxRetries": 2, "attempts": 1, "unknown": false,
            "remaining": 10_000, "now": 0, "random": 1_u32 << 31, "secretKey": "sk_test_key",
        });
        question.as_object_mut().unwrap().extend(answer.as_object().unwrap().clone());
        ask(question, body)
    }

    #[test]
    fn settings_are_checked_and_completed() {
        let settings = |url: &str, timeout: Value, retries: Value| {
            ask(json!({"ask": "settings", "apiUrl": url, "timeout": timeout, "maxRetries": retries}), None)
        };
        assert_eq!(
            settings("https://api.clerk.com/", json!(10_000), json!(2)),
            json!({
                "apiUrl": "https://api.clerk.com", "apiVersion": crate::API_VERSION, "userAgent": crate::USER_AGENT,
                "bodyLimit": BODY_LIMIT,
            })
        );
        for (url, timeout, retries, field) in [
            ("http://evil.com", json!(1), json!(0), "apiUrl"),
            ("https://a", json!(0), json!(0), "timeout"),
            ("https://a", json!(1.5), json!(0), "timeout"),
            ("https://a", Value::Null, json!(0), "timeout"),
            ("https://a", json!(1_u64 << 31), json!(0), "timeout"),
            ("https://a", json!(1e300), json!(0), "timeout"),
            ("https://a", json!(1), json!(-1), "maxRetries"),
            ("https://a", json!(1), json!(0.5), "maxRetries"),
            ("https://a", json!(1), json!(1_u64 << 32), "maxRetries"),
        ] {
            let reply = settings(url, timeout, retries);
            assert_eq!(reply["error"]["code"], "invalid_argument");
            assert!(reply["error"]["message"].as_str().unwrap().starts_with(field), "{reply}");
        }
    }

    #[test]
    fn requests_are_built() {
        let create = |fields: Value| {
            let mut question = json!({
                "ask": "request", "operation": "create", "apiUrl": "https://a", "userId": "u", "secretKey": "sk_test_key",
            });
            question.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            ask(question, None)
        };
        let url = "https://a/v1/sign_in_tokens";
        assert_eq!(
            create(json!({"userId": "user_\"1\"", "orgId": "org_1", "expiresInSeconds": 600})),
            json!({
                "url": url, "body": r#"{"user_id":"user_\"1\"","org_id":"org_1","expires_in_seconds":600}"#,
                "authorization": "Bearer sk_test_key",
            })
        );
        let plain = json!({"url": url, "body": r#"{"user_id":"u"}"#, "authorization": "Bearer sk_test_key"});
        assert_eq!(create(json!({"orgId": null, "expiresInSeconds": null})), plain);
        for seconds in [json!(0), json!(-1), json!(0.5), json!(1e300), json!(1_u64 << 53), json!("1")] {
            let error = &create(json!({"expiresInSeconds": seconds}))["error"];
            assert_eq!((&error["code"], &error["attempts"]), (&json!("invalid_argument"), &json!(0)));
        }
        let revoke = |key: &str| {
            ask(
                json!({"ask": "request", "operation": "revoke", "apiUrl": "https://a", "id": "s/1", "secretKey": key}),
                None,
            )
        };
        assert_eq!(
            revoke("sk_test_key"),
            json!({"url": "https://a/v1/sign_in_tokens/s%2F1/revoke", "authorization": "Bearer sk_test_key"})
        );
        assert_eq!(revoke("sk test")["error"]["code"], "invalid_argument");
    }

    #[test]
    fn a_question_that_is_none_is_a_bug() {
        for question in [json!({"ask": "more"}), json!({}), json!("next"), Value::Null] {
            assert_eq!(ask(question, None)["error"]["code"], "internal");
        }
        assert_eq!(serde_json::from_str::<Value>(&super::ask("{", None)).unwrap()["error"]["code"], "internal");
    }

    #[test]
    fn a_token_is_replied_in_camel_case() {
        let body = r#"{"object":"sign_in_token","id":"sit_1","user_id":"user_1","status":"pending","token":"t","url":"https://x","created_at":1,"updated_at":2}"#;
        assert_eq!(
            next("create", json!({"status": 200}), Some(body)),
            json!({"token": {
                "object": "sign_in_token", "id": "sit_1", "userId": "user_1", "status": "pending", "token": "t",
                "url": "https://x", "createdAt": 1, "updatedAt": 2,
            }})
        );
    }

    #[test]
    fn an_error_is_replied_whole() {
        let body = r#"{"errors":[{"message":"m","long_message":"l","code":"c","meta":{"param_name":"user_id"}}]}"#;
        let reply = next("create", json!({"status": 422, "cfRay": "ray"}), Some(body));
        assert_eq!(
            reply,
            json!({"error": {
                "code": "rejected", "message": "create: the request was rejected", "status": 422,
                "errors": [{"code": "c", "message": "m", "longMessage": "l", "meta": {"param_name": "user_id"}}],
                "clerkTraceId": "ray", "attempts": 1, "outcome": "none",
            }})
        );
        let too_long = " ".repeat(BODY_LIMIT + 1);
        assert_eq!(next("create", json!({"status": 200}), Some(&too_long))["error"]["code"], "invalid_response");
        assert_eq!(next("create", json!({"status": 200}), None)["error"]["code"], "network");
        for status in [json!(70_000), json!(-1), json!(200.5), Value::Null] {
            let error = &next("create", json!({"status": status}), Some("{}"))["error"];
            assert_eq!((&error["code"], &error["status"]), (&json!("invalid_response"), &Value::Null));
        }
        let timed_out =
            json!({"ask": "timedOut", "operation": "create", "attempts": 1, "unknown": false, "inFlight": true});
        assert_eq!(ask(timed_out, None)["error"]["outcome"], "unknown");
    }

    #[test]
    fn a_wait_carries_what_the_driver_must_remember() {
        let reply = next("create", json!({"status": 429, "retryAfter": "2"}), Some(""));
        assert_eq!(reply, json!({"wait": 2000, "code": "rate_limited", "unknown": false}));
        let reply = next("revoke", json!({}), None);
        assert_eq!(reply, json!({"wait": 250, "code": "network", "unknown": true}));
        assert_eq!(next("create", json!({"status": 429, "retryAfter": "10"}), Some(""))["error"]["retryAfter"], 10);
    }
}
