//! Reads the options and the parameters of JavaScript users: names, types, and what only the
//! runtime understands.

use core::time::Duration;
use std::rc::Rc;

use js_sys::{Function, Object};
use wasm_bindgen::prelude::*;

use crate::api_url::ApiUrl;
use crate::attempt::AttemptEvent;
use crate::client::headers;
use crate::client::platform::{self, Signal, as_function, to_object};
use crate::client::settings::{CallSettings, Fetch, SecretKeySource, Settings};
use crate::js::error::{from_error, invalid_argument};
use crate::js::fields::{fields, function, nullable, number, present, string};
use crate::params::CreateParams;

const CLIENT_OPTIONS: &str = "secretKey, apiUrl, fetch, timeout, maxRetries, headers, onAttempt";

const CALL_OPTIONS: &str = "signal, timeout, maxRetries, headers";

const CREATE_PARAMS: &str = "userId, orgId, expiresInSeconds";

/// Reads `SignInTokensOptions`.
pub(super) fn client_options(value: &JsValue) -> Result<Settings, JsValue> {
    let [
        key,
        api_url,
        fetch,
        timeout,
        max_retries,
        headers,
        on_attempt,
    ] = fields("options", value, CLIENT_OPTIONS)?;
    let mut settings = Settings::new(secret_key(&key)?);
    if let Some(api_url) = present(api_url) {
        settings.api_url = ApiUrl::new(&string("apiUrl", &api_url)?).map_err(from_error)?;
    }
    if let Some(fetch) = present(fetch) {
        settings.fetch = Some(Fetch::Function(function("fetch", fetch)?));
    }
    if let Some(on_attempt) = present(on_attempt) {
        let on_attempt = function("onAttempt", on_attempt)?;
        settings.on_attempt = Some(Rc::new(move |event| observe(&on_attempt, event)));
    }
    let own = call_settings(timeout, max_retries, headers)?;
    settings.timeout_ms = own.timeout_ms.unwrap_or(settings.timeout_ms);
    settings.max_retries = own.max_retries.unwrap_or(settings.max_retries);
    settings.headers = own.headers;
    settings.checked_timeout_ms().map_err(from_error)?;
    Ok(settings)
}

/// Reads `CallOptions`.
pub(super) fn call_options(
    value: &JsValue,
    settings: &Settings,
) -> Result<(CallSettings, Option<Signal>), JsValue> {
    if value.is_undefined() {
        return Ok((CallSettings::default(), None));
    }
    let [signal_value, timeout, max_retries, headers] = fields("options", value, CALL_OPTIONS)?;
    let call_settings = call_settings(timeout, max_retries, headers)?;
    call_settings
        .checked_timeout_ms(settings)
        .map_err(from_error)?;
    let signal = nullable(signal_value).map(signal).transpose()?;
    Ok((call_settings, signal))
}

/// Reads `CreateSignInTokenParams`.
pub(super) fn create_params(value: &JsValue) -> Result<CreateParams, JsValue> {
    let [user_id, org_id, seconds] = fields("params", value, CREATE_PARAMS)?;
    let mut params = CreateParams::new(string("userId", &user_id)?);
    if let Some(org_id) = nullable(org_id) {
        params = params.org_id(string("orgId", &org_id)?);
    }
    if let Some(seconds) = nullable(seconds) {
        let seconds = number("expiresInSeconds", &seconds)?;
        params = params.expires_in(Duration::from_secs(whole_or_zero(seconds)));
    }
    Ok(params)
}

/// Reads what both a client and a call can have.
fn call_settings(
    timeout: JsValue,
    max_retries: JsValue,
    headers: JsValue,
) -> Result<CallSettings, JsValue> {
    let number_of = |name, value| present(value).map(|value| number(name, &value)).transpose();
    Ok(CallSettings {
        timeout_ms: number_of("timeout", timeout)?
            .map(|ms| u32::try_from(whole_or_zero(ms)).unwrap_or_default()),
        max_retries: number_of("maxRetries", max_retries)?
            .map(count)
            .transpose()?,
        headers: present(headers)
            .map(|value| headers::checked(&value).map_err(from_error))
            .transpose()?,
    })
}

/// Returns a whole number as it is, and 0, which the client refuses by name, for any other.
fn whole_or_zero(number: f64) -> u64 {
    if number.fract() == 0.0 {
        number as u64
    } else {
        0
    }
}

fn count(number: f64) -> Result<u32, JsValue> {
    let is_count = number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number);
    is_count
        .then_some(number as u32)
        .ok_or_else(|| invalid_argument("maxRetries", "a whole number from 0 to 4294967295"))
}

fn signal(value: JsValue) -> Result<Signal, JsValue> {
    let signal: Signal = value.unchecked_into();
    let is_signal = || {
        signal
            .aborted()
            .is_ok_and(|aborted| aborted.as_bool().is_some())
    };
    if !signal.is_object() || !is_signal() {
        return Err(invalid_argument("signal", "an AbortSignal"));
    }
    Ok(signal)
}

fn secret_key(value: &JsValue) -> Result<SecretKeySource, JsValue> {
    if value.is_string() {
        return string("secretKey", value).map(SecretKeySource::Text);
    }
    let function = as_function(value.clone());
    let function = function.ok_or_else(|| invalid_argument("secretKey", "a string or function"));
    function.map(SecretKeySource::Function)
}

/// Calls the caller's observer. Whatever it does, the call's own result does not change.
fn observe(on_attempt: &Function, event: &AttemptEvent) {
    let event = to_object(event).unwrap_or_else(|_| Object::new().into());
    if let Ok(returned) = on_attempt.call1(&JsValue::UNDEFINED, &event)
        && returned.is_object()
    {
        // A thenable may throw.
        let _ = platform::ignore(&returned);
    }
}
