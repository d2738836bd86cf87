//! The functions that the npm package's JavaScript calls, compiled with the feature `npm`.
//!
//! Only strings, numbers and the body's bytes cross the boundary, and each answer is one JSON text (see [`reply`]):
//! that costs one crossing instead of one per field, and no conversion code. Nothing is kept in linear memory between
//! two calls, so there is nothing to free, to lock, or to lose when the instance has to be replaced.

mod reply;
#[cfg(all(not(feature = "client"), target_arch = "wasm32"))]
mod runtime;

use alloc::boxed::Box;
use alloc::string::String;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::api_url::ApiUrl;
use crate::call::{Call, Clock, Operation};
use crate::error::Error;
use crate::request::{CreateParams, Request, lifetime};
use crate::response::{BODY_LIMIT, Body, Response};
use crate::secret::SecretKey;

/// Longer timers overflow in `setTimeout` and fire at once.
const MAX_TIMEOUT_MS: f64 = 2_147_483_647.0;

/// Checks a client's settings, or a call's, and gives back what the driver needs to know.
#[wasm_bindgen]
pub fn settings(api_url: &str, timeout: f64, max_retries: f64) -> String {
    let settings = ApiUrl::new(api_url)
        .and_then(|url| check_limits(timeout, max_retries).map(|()| reply::settings(&url, BODY_LIMIT)));
    reply::or_error(settings)
}

/// Checks a secret key and gives back the `Authorization` header.
#[wasm_bindgen]
pub fn authorization(key: &str) -> String {
    reply::or_error(SecretKey::new(key).map(|key| reply::authorization(&key)))
}

/// Checks the arguments of a call and gives back its request: `subject` is the user of a create, the token of a revoke.
#[wasm_bindgen]
pub fn request(
    is_create: bool,
    api_url: &str,
    subject: &str,
    org_id: Option<String>,
    expires_in_seconds: Option<f64>,
) -> String {
    panic_if_asked(subject);
    let request = || {
        let api_url = ApiUrl::new(api_url)?;
        if !is_create {
            return Request::revoke(&api_url, subject);
        }
        let mut params = CreateParams::new(subject);
        if let Some(org_id) = org_id {
            params = params.org_id(org_id);
        }
        if let Some(seconds) = expires_in_seconds {
            params = params.expires_in_seconds(lifetime(seconds)?);
        }
        Request::create(&api_url, &params)
    };
    reply::or_error(request().map(|request| reply::request(&request)))
}

/// What comes after an attempt. Without a `status`, no answer came; a `body` left out broke off, and one over the limit was
/// not read to its end.
#[wasm_bindgen]
#[allow(clippy::too_many_arguments, reason = "scalars cross the boundary without conversion code")]
pub fn next(
    is_create: bool,
    max_retries: u32,
    attempts: u32,
    unknown: bool,
    remaining_ms: u32,
    now_unix_ms: f64,
    random: f64,
    key: &str,
    status: Option<u16>,
    retry_after: Option<String>,
    cf_ray: Option<String>,
    body: Option<Box<[u8]>>,
) -> String {
    panic_if_asked(cf_ray.as_deref().unwrap_or_default());
    let mut call = call(is_create, max_retries, attempts, unknown);
    let clock = Clock { remaining_ms, now_unix_ms: now_unix_ms as u64, random };
    let Ok(key) = SecretKey::new(key) else { return reply::error(&Error::internal(attempts)) };
    let step = match status {
        None => call.unanswered(&clock),
        Some(status) => {
            let body = match body.as_deref() {
                None => Body::Broken,
                Some(body) if body.len() > BODY_LIMIT => Body::TooLong,
                Some(body) => Body::Complete(body),
            };
            let response = Response { status, retry_after: retry_after.as_deref(), cf_ray: cf_ray.as_deref(), body };
            call.answered(&response, &clock, &key)
        }
    };
    reply::step(&call, step)
}

/// The time limit passed.
#[wasm_bindgen(js_name = timedOut)]
pub fn timed_out(is_create: bool, attempts: u32, unknown: bool, in_flight: bool) -> String {
    reply::error(&call(is_create, 0, attempts, unknown).timed_out(in_flight))
}

/// What a bug does to the caller is seen by the tests with the feature `test-panic`.
fn panic_if_asked(_text: &str) {
    #[cfg(feature = "test-panic")]
    assert!(!_text.contains("panic"));
}

fn call(is_create: bool, max_retries: u32, attempts: u32, unknown: bool) -> Call {
    let operation = if is_create { Operation::Create } else { Operation::Revoke };
    Call::resume(operation, max_retries, attempts, unknown)
}

fn check_limits(timeout: f64, max_retries: f64) -> Result<(), Error> {
    let whole = |value: f64, min: f64, max: f64| (min..=max).contains(&value) && f64::from(value as u32) == value;
    if !whole(timeout, 1.0, MAX_TIMEOUT_MS) {
        return Err(Error::invalid_argument("timeout", "a whole number of milliseconds from 1 to 2147483647"));
    }
    if !whole(max_retries, 0.0, f64::from(u32::MAX)) {
        return Err(Error::invalid_argument("maxRetries", "a whole number, 0 or more"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn parse(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    fn answered_with(is_create: bool, status: u16, retry_after: Option<&str>, body: Option<&[u8]>) -> Value {
        let body = body.map(Into::into);
        parse(&next(
            is_create,
            2,
            1,
            false,
            10_000,
            0.0,
            0.5,
            "sk_test_key",
            Some(status),
            retry_after.map(Into::into),
            Some("ray".into()),
            body,
        ))
    }

    #[test]
    fn settings_are_checked_and_completed() {
        assert_eq!(
            parse(&settings("https://api.clerk.com/", 10_000.0, 2.0)),
            json!({
                "apiUrl": "https://api.clerk.com", "apiVersion": crate::API_VERSION, "userAgent": crate::USER_AGENT,
                "bodyLimit": BODY_LIMIT,
            })
        );
        for (url, timeout, retries, field) in [
            ("http://evil.com", 1.0, 0.0, "apiUrl"),
            ("https://a", 0.0, 0.0, "timeout"),
            ("https://a", 1.5, 0.0, "timeout"),
            ("https://a", f64::NAN, 0.0, "timeout"),
            ("https://a", f64::INFINITY, 0.0, "timeout"),
            ("https://a", 1.0, -1.0, "maxRetries"),
            ("https://a", 1.0, 0.5, "maxRetries"),
        ] {
            let reply = parse(&settings(url, timeout, retries));
            assert_eq!(reply["error"]["code"], "invalid_argument");
            assert!(reply["error"]["message"].as_str().unwrap().starts_with(field), "{reply}");
        }
    }

    #[test]
    fn requests_are_built() {
        assert_eq!(
            parse(&request(true, "https://a", "user_\"1\"", Some("org_1".into()), Some(600.0))),
            json!({
                "url": "https://a/v1/sign_in_tokens",
                "body": r#"{"user_id":"user_\"1\"","org_id":"org_1","expires_in_seconds":600}"#,
            })
        );
        assert_eq!(
            parse(&request(false, "https://a", "s/1", None, None)),
            json!({"url": "https://a/v1/sign_in_tokens/s%2F1/revoke"})
        );
        assert_eq!(parse(&authorization("sk_test_key")), json!({"authorization": "Bearer sk_test_key"}));
        assert_eq!(parse(&request(true, "https://a", "u", None, Some(f64::NAN)))["error"]["attempts"], 0);
    }

    #[test]
    fn a_token_is_replied_in_camel_case() {
        let body = br#"{"object":"sign_in_token","id":"sit_1","user_id":"user_1","status":"pending","token":"t","url":"https://x","created_at":1,"updated_at":2}"#;
        assert_eq!(
            answered_with(true, 200, None, Some(body)),
            json!({"token": {
                "object": "sign_in_token", "id": "sit_1", "userId": "user_1", "status": "pending", "token": "t",
                "url": "https://x", "createdAt": 1, "updatedAt": 2,
            }})
        );
    }

    #[test]
    fn an_error_is_replied_whole() {
        let body = br#"{"errors":[{"message":"m","long_message":"l","code":"c","meta":{"param_name":"user_id"}}]}"#;
        let reply = answered_with(true, 422, None, Some(body));
        assert_eq!(
            reply,
            json!({"error": {
                "code": "rejected", "message": "create: the request was rejected", "status": 422,
                "errors": [{"code": "c", "message": "m", "longMessage": "l", "meta": {"param_name": "user_id"}}],
                "clerkTraceId": "ray", "attempts": 1, "outcome": "none",
            }})
        );
        let too_long = vec![b' '; BODY_LIMIT + 1];
        assert_eq!(answered_with(true, 200, None, Some(&too_long))["error"]["code"], "invalid_response");
        assert_eq!(answered_with(true, 200, None, None)["error"]["code"], "network");
        assert_eq!(parse(&timed_out(true, 1, false, true))["error"]["outcome"], "unknown");
    }

    #[test]
    fn a_wait_carries_what_the_driver_must_remember() {
        let reply = answered_with(true, 429, Some("2"), Some(b""));
        assert_eq!(reply, json!({"wait": 2000, "code": "rate_limited", "unknown": false}));
        let reply = parse(&next(false, 2, 1, false, 10_000, 0.0, 0.5, "sk_test_key", None, None, None, None));
        assert_eq!(reply, json!({"wait": 250, "code": "network", "unknown": true}));
        assert_eq!(answered_with(true, 429, Some("10"), Some(b""))["error"]["retryAfter"], 10);
    }
}
