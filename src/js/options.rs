//! Reads the options and the parameters of JavaScript users: names, types, and what only the
//! runtime understands.

use std::rc::Rc;

use js_sys::{Function, Object};
use wasm_bindgen::prelude::*;
use web_sys::Headers;

use crate::api_url::ApiUrl;
use crate::attempt::AttemptEvent;
use crate::client::fetch;
use crate::client::headers::{self, HeaderRecord};
use crate::client::object::to_object;
use crate::client::settings::{CallSettings, SecretKeySource, Settings};
use crate::client::settled::{self, IGNORE};
use crate::client::signal::Signal;
use crate::js::error::{from_error, invalid_argument};
use crate::js::fields::{Fields, function, number, string};
use crate::params::CreateParams;

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
///
/// Returns the key or the function that gives it, too.
pub(super) fn client_options(value: &JsValue) -> Result<(Settings, JsValue), JsValue> {
    let fields = Fields::read("options", value, &CLIENT_OPTIONS)?;
    let key = fields.get("secretKey");
    let mut settings = Settings::new(secret_key(&key)?);
    if let Some(api_url) = fields.value("apiUrl") {
        settings.api_url = ApiUrl::new(&string("apiUrl", &api_url)?).map_err(from_error)?;
    }
    if let Some(fetch) = fields.value("fetch") {
        settings.fetch = Some(fetch::from_function(function("fetch", fetch)?));
    }
    if let Some(on_attempt) = fields.value("onAttempt") {
        let on_attempt = function("onAttempt", on_attempt)?;
        settings.on_attempt = Some(Rc::new(move |event| observe(&on_attempt, event)));
    }
    let own = call_settings(&fields)?;
    settings.timeout_ms = own.timeout_ms.unwrap_or(settings.timeout_ms);
    settings.max_retries = own.max_retries.unwrap_or(settings.max_retries);
    if let Some(headers) = own.headers {
        settings.headers = headers::merged(&settings.headers, &headers);
    }
    settings.checked_timeout_ms().map_err(from_error)?;
    Ok((settings, key))
}

/// Reads `CallOptions`.
pub(super) fn call_options(
    value: &JsValue,
    settings: &Settings,
) -> Result<(CallSettings, Option<Signal>), JsValue> {
    if value.is_undefined() {
        return Ok((CallSettings::default(), None));
    }
    let fields = Fields::read("options", value, &CALL_OPTIONS)?;
    let call_settings = call_settings(&fields)?;
    call_settings
        .checked_timeout_ms(settings)
        .map_err(from_error)?;
    Ok((
        call_settings,
        fields.nullable("signal").map(signal).transpose()?,
    ))
}

/// Reads `CreateSignInTokenParams`.
pub(super) fn create_params(value: &JsValue) -> Result<CreateParams, JsValue> {
    let fields = Fields::read("params", value, &CREATE_PARAMS)?;
    let mut params = CreateParams::new(string("userId", &fields.get("userId"))?);
    if let Some(org_id) = fields.nullable("orgId") {
        params = params.org_id(string("orgId", &org_id)?);
    }
    if let Some(seconds) = fields.nullable("expiresInSeconds") {
        let seconds = number("expiresInSeconds", &seconds)?;
        params = params.expires_in_seconds(whole_or_zero(seconds));
    }
    Ok(params)
}

/// Reads what both a client and a call can have.
fn call_settings(fields: &Fields) -> Result<CallSettings, JsValue> {
    let number_of = |name| {
        fields
            .value(name)
            .map(|value| number(name, &value))
            .transpose()
    };
    Ok(CallSettings {
        timeout_ms: number_of("timeout")?
            .map(|ms| u32::try_from(whole_or_zero(ms)).unwrap_or_default()),
        max_retries: number_of("maxRetries")?.map(max_retries).transpose()?,
        headers: fields
            .value("headers")
            .map(|value| checked_headers(&value))
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

fn max_retries(number: f64) -> Result<u32, JsValue> {
    let is_count = number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number);
    is_count
        .then_some(number as u32)
        .ok_or_else(|| invalid_argument("maxRetries", "a whole number from 0 to 4294967295"))
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

fn secret_key(value: &JsValue) -> Result<SecretKeySource, JsValue> {
    if value.is_string() {
        return string("secretKey", value).map(SecretKeySource::Text);
    }
    let function: Function = value
        .clone()
        .dyn_into()
        .map_err(|_| invalid_argument("secretKey", "a string or function"))?;
    let ask = move || function.call0(&JsValue::UNDEFINED);
    Ok(SecretKeySource::Function(Rc::new(ask)))
}

/// Calls the caller's observer. Whatever it does, the call's own result does not change.
fn observe(on_attempt: &Function, event: &AttemptEvent) {
    let event = to_object(event).unwrap_or_else(|_| Object::new().into());
    if let Ok(returned) = on_attempt.call1(&JsValue::UNDEFINED, &event)
        && returned.is_object()
    {
        settled::detach(&returned, &IGNORE);
    }
}
