//! One request and its answer, over the runtime's `fetch` or the caller's.

use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::Request;

use crate::answer::{Answer, BODY_LIMIT, Body, ClerkErrors};
use crate::client::cause;
use crate::client::headers::{API_VERSION, USER_AGENT};
use crate::client::in_flight::{InFlight, NoValue};
use crate::client::platform::{self, HeaderRecord, fields, parse_date, stringify, unix_ms};
use crate::client::settings::Fetch;
use crate::error::ClerkApiError;
use crate::retry;
use crate::secret::{self, SecretKey};

/// A request, as every attempt sends it.
pub(crate) struct Outgoing<'a> {
    pub url: JsValue,
    /// The JSON text, or `undefined`.
    pub body: &'a JsValue,
    /// The headers of the client.
    pub headers: Option<&'a HeaderRecord>,
    /// Those of the call, which override them.
    pub own_headers: Option<&'a HeaderRecord>,
    pub key: SecretKey,
}

/// What a body is, as `pkg/src/exchange.js` numbers it.
const JSON_OBJECT: u32 = 1;
const SIGN_IN_TOKEN: u32 = 2;
const TOO_LONG: u32 = 3;
const BROKEN: u32 = 4;

/// Sends the request once and reads the answer. Returns the token in it too, an object of
/// `pkg/src/exchange.js`, if there is one.
pub(crate) async fn exchange(
    fetch: &Fetch,
    request: &Outgoing<'_>,
    in_flight: &InFlight,
) -> Result<(Answer, JsValue), NoValue> {
    let call = &in_flight.request;
    let init = platform::init(
        call,
        USER_AGENT,
        API_VERSION,
        request.headers,
        request.own_headers,
        &request.key.authorization(),
        request.body,
    )?;
    in_flight.sent();
    let limit = BODY_LIMIT as u32;
    let exchange = |fetch: &JsValue| platform::exchange(call, fetch, &request.url, &init, limit);
    let answer = match fetch {
        Fetch::Function(fetch) => exchange(fetch),
        Fetch::Future(fetch) => {
            let url = request.url.as_string().unwrap_or_default();
            let response = fetch(Request::new_with_str_and_init(&url, &init)?);
            let response = in_flight.until(response).await??;
            exchange(&response)
        }
    };
    let answer = in_flight.settled(answer).await?;
    let (answer, token) = understand(answer.unchecked_ref(), &request.key)?;
    if !matches!(answer.body, Body::TooLong | Body::Broken(_)) {
        in_flight.answered();
    }
    Ok((answer, token))
}

/// Says what an answer is, without the key should it be in there.
fn understand(answer: &platform::Answer, key: &SecretKey) -> Result<(Answer, JsValue), JsValue> {
    let (status, body, value) = (answer.status()?, answer.body()?, answer.value()?);
    let retry_after = answer.retry_after()?;
    // A number that is not a status counts as none.
    let is_status = status.fract() == 0.0 && (0.0..=f64::from(u16::MAX)).contains(&status);
    let read = Answer {
        status: if is_status { status as u16 } else { 0 },
        retry_after: retry_after
            .and_then(|value| retry::retry_after(&value, unix_ms(), parse_date)),
        cf_ray: answer
            .ray()?
            .map(|ray| secret::redact_bounded(&ray, Some(key))),
        body: match body {
            SIGN_IN_TOKEN => Body::SignInToken,
            TOO_LONG => Body::TooLong,
            BROKEN => Body::Broken(cause::describe(&value, Some(key))),
            JSON_OBJECT => clerk_errors(&value, key).map_or(Body::Unrecognized, Body::ClerkErrors),
            _ => Body::Unrecognized,
        },
    };
    Ok((read, value))
}

/// Reads Clerk's error shape, in which each error has a code. `None` for anything else, such as a
/// proxy's JSON, which proves nothing.
fn clerk_errors(json: &JsValue, key: &SecretKey) -> Option<ClerkErrors> {
    let [errors, clerk_trace_id] = fields(json, "errors, clerk_trace_id")?;
    let mut read = Vec::new();
    for error in errors.dyn_into::<Array>().ok()? {
        read.push(clerk_error(&error, key)?);
    }
    let clerk_trace_id = nullable_string(&clerk_trace_id)?.map(|trace| key.redact(&trace));
    Some(ClerkErrors {
        errors: read,
        clerk_trace_id,
    })
}

fn clerk_error(error: &JsValue, key: &SecretKey) -> Option<ClerkApiError> {
    if !error.is_object() {
        return None;
    }
    let [code, message, long_message, meta] = fields(error, "code, message, long_message, meta")?;
    let text = |value: &JsValue| Some(key.redact(&nullable_string(value)?.unwrap_or_default()));
    Some(ClerkApiError {
        code: key.redact(&code.as_string()?),
        message: text(&message)?,
        long_message: text(&long_message)?,
        // Serialized again, the text contains a key without escapes, however the answer escaped it.
        meta: if meta.is_object() {
            let text = stringify(&meta).ok().and_then(|text| text.as_string());
            text.map(|text| key.redact(&text))
        } else {
            None
        },
    })
}

/// Returns the string, `Some(None)` for null or nothing, `None` for anything else.
fn nullable_string(value: &JsValue) -> Option<Option<String>> {
    if value.is_null() || value.is_undefined() {
        return Some(None);
    }
    value.as_string().map(Some)
}
