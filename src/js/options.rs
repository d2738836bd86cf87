//! Reads the options and the parameters of JavaScript users: names, types, and what only the runtime understands.

use std::rc::Rc;

use js_sys::{Function, Object};
use wasm_bindgen::prelude::*;
use web_sys::Headers;

use crate::api_url::ApiUrl;
use crate::attempt::AttemptEvent;
use crate::client::cause::describe;
use crate::client::fetch;
use crate::client::headers::{self, HeaderRecord};
use crate::client::settings::{CallSettings, KeyFuture, SecretKeySource, Settings, key_failed};
use crate::client::settled::{self, IGNORE, Settled};
use crate::client::signal::Signal;
use crate::error::Error;
use crate::js::error::{from_error, invalid_argument};
use crate::js::fields::{Fields, string};
use crate::params::CreateParams;
use crate::secret::SecretKey;

const CLIENT_OPTIONS: [&str; 7] = [
    "secretKey",
    "apiUrl",
    "fetch",
    "timeout",
    "maxRetries",
    "headers",
    "onAttempt",
];

const CALL_OPTIONS: [&str; 4] = ["signal", "timeout", "maxRetries", "headers"];

const CREATE_PARAMS: [&str; 3] = ["userId", "orgId", "expiresInSeconds"];

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = Headers)]
    type NewHeaders;

    #[wasm_bindgen(constructor, js_class = "Headers", catch)]
    fn new(init: &JsValue) -> Result<NewHeaders, JsValue>;
}

/// Reads `SignInTokensOptions`.
pub(super) fn client_options(value: &JsValue) -> Result<Settings, JsValue> {
    let mut fields = Fields::read("options", value, &CLIENT_OPTIONS)?;
    let mut settings = Settings::new(secret_key(fields.take("secretKey"))?);
    if let Some(api_url) = fields.string("apiUrl")? {
        settings.api_url = ApiUrl::new(&api_url).map_err(from_error)?;
    }
    if let Some(fetch) = fields.function("fetch")? {
        settings.fetch = Some(fetch::from_function(fetch));
    }
    if let Some(timeout) = fields.number("timeout")? {
        settings.timeout_ms = whole_or_zero(timeout);
    }
    if let Some(max_retries) = fields.number("maxRetries")? {
        settings.max_retries = max_retries_of(max_retries)?;
    }
    if let Some(own) = fields.take("headers") {
        settings.headers = headers::merged(&settings.headers, &checked_headers(&own)?);
    }
    if let Some(on_attempt) = fields.function("onAttempt")? {
        settings.on_attempt = Some(Rc::new(move |event| observe(&on_attempt, event)));
    }
    settings.checked_timeout_ms().map_err(from_error)?;
    Ok(settings)
}

/// Reads `CallOptions`.
pub(super) fn call_options(
    value: &JsValue,
    settings: &Settings,
) -> Result<(CallSettings, Option<Signal>), JsValue> {
    let mut call_settings = CallSettings::default();
    if value.is_undefined() {
        return Ok((call_settings, None));
    }
    let mut fields = Fields::read("options", value, &CALL_OPTIONS)?;
    call_settings.timeout_ms = fields.number("timeout")?.map(whole_or_zero);
    call_settings.max_retries = fields
        .number("maxRetries")?
        .map(max_retries_of)
        .transpose()?;
    call_settings.headers = fields
        .take("headers")
        .map(|own| checked_headers(&own))
        .transpose()?;
    call_settings
        .checked_timeout_ms(settings)
        .map_err(from_error)?;
    let signal = fields.nullable("signal", |fields, name| {
        fields.take(name).map(signal).transpose()
    })?;
    Ok((call_settings, signal))
}

/// Reads `CreateSignInTokenParams`.
pub(super) fn create_params(value: &JsValue) -> Result<CreateParams, JsValue> {
    let mut fields = Fields::read("params", value, &CREATE_PARAMS)?;
    let user_id = fields
        .string("userId")?
        .ok_or_else(|| invalid_argument("userId", "a string"))?;
    let mut params = CreateParams::new(user_id);
    if let Some(org_id) = fields.nullable("orgId", Fields::string)? {
        params = params.org_id(org_id);
    }
    if let Some(seconds) = fields.nullable("expiresInSeconds", Fields::number)? {
        params = params.expires_in_seconds(whole_or_zero(seconds));
    }
    Ok(params)
}

/// Returns a whole number as it is, and 0, which the client refuses by name, for any other.
fn whole_or_zero<T: TryFrom<u64> + Default>(number: f64) -> T {
    let whole = if number.fract() == 0.0 {
        number as u64
    } else {
        0
    };
    whole.try_into().unwrap_or_default()
}

fn max_retries_of(number: f64) -> Result<u32, JsValue> {
    let is_count = number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number);
    if is_count {
        Ok(number as u32)
    } else {
        Err(invalid_argument("maxRetries", "a whole number, 0 or more"))
    }
}

fn signal(value: JsValue) -> Result<Signal, JsValue> {
    let signal: Signal = value.unchecked_into();
    if !signal.is_object() || signal.is_aborted().is_none() {
        return Err(invalid_argument("signal", "an AbortSignal"));
    }
    Ok(signal)
}

fn checked_headers(value: &JsValue) -> Result<HeaderRecord, JsValue> {
    // Without the cause of a refusal: it would quote the header's value.
    let expected = "names and values as fetch takes them";
    if !value.is_object() {
        return Err(invalid_argument("headers", expected));
    }
    let headers = NewHeaders::new(value).map_err(|_| invalid_argument("headers", expected))?;
    headers::checked(headers.unchecked_ref::<Headers>()).map_err(from_error)
}

fn secret_key(value: Option<JsValue>) -> Result<SecretKeySource, JsValue> {
    let value = value.unwrap_or_default();
    if let Ok(function) = value.clone().dyn_into::<Function>() {
        return Ok(SecretKeySource::Function(Rc::new(move || -> KeyFuture {
            let function = function.clone();
            Box::pin(async move { ask_for_key(&function).await })
        })));
    }
    if !value.is_string() {
        return Err(invalid_argument("secretKey", "a string or function"));
    }
    Ok(SecretKeySource::Key(SecretKey::new(string(
        "secretKey",
        &value,
    )?)))
}

/// Asks the caller's function for the key.
async fn ask_for_key(function: &Function) -> Result<SecretKey, Error> {
    let failed = |thrown: JsValue| Error {
        cause: describe(&thrown, None),
        ..key_failed()
    };
    let pending = function.call0(&JsValue::UNDEFINED).map_err(failed)?;
    let key = Settled::new(&pending)
        .map_err(failed)?
        .await
        .map_err(failed)?;
    match key.as_string() {
        Some(key) => SecretKey::new(key),
        None => Err(Error::invalid_argument(
            "secret_key",
            "the function to return a string",
        )),
    }
}

/// Tells the caller's observer. Whatever it does, the call's own result stands.
fn observe(on_attempt: &Function, event: &AttemptEvent) {
    let event = serde_wasm_bindgen::to_value(event).unwrap_or_else(|_| Object::new().into());
    if let Ok(returned) = on_attempt.call1(&JsValue::UNDEFINED, &event)
        && returned.is_object()
    {
        settled::detach(&returned, &IGNORE);
    }
}
