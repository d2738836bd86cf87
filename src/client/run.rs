//! Runs a call of a Rust user.

use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortSignal;

use crate::client::cause;
use crate::client::driver::{Driver, Failure};
#[cfg(feature = "bulk")]
use crate::client::in_flight::InFlight;
use crate::client::platform::fields;
use crate::client::settings::{CallSettings, Settings};
use crate::client::target::Target;
use crate::error::{Error, ErrorCode, Outcome};
use crate::token::SignInToken;

const FIELDS: &str = "object, id, userId, status, token, url, createdAt, updatedAt";

/// Drives a call until it ends.
pub(crate) async fn run(
    settings: &Rc<Settings>,
    call_settings: &CallSettings,
    signal: Option<&AbortSignal>,
    target: Target,
) -> Result<SignInToken, Error> {
    let operation = target.operation;
    let driver = Driver::new(
        Rc::clone(settings),
        call_settings.clone(),
        target,
        signal.cloned().map(JsCast::unchecked_into),
    )?;
    let (thrown, error) = match driver.run().await {
        Ok(token) => {
            return from_js(&token).ok_or_else(|| Error::internal(driver.attempts()));
        }
        Err(Failure::Error(error)) => return Err(error),
        Err(Failure::Foreign(reason)) if signal.is_some_and(AbortSignal::aborted) => {
            (reason, driver.aborted())
        }
        // No framework runs here, whatever the error looks like.
        Err(Failure::Foreign(thrown)) => {
            let (code, outcome) = (ErrorCode::Network, Outcome::Unknown);
            let error = Error::of(operation, code, outcome, "no answer came");
            (thrown, error)
        }
    };
    Err(error.with_cause(cause::describe(&thrown, None)))
}

/// Waits. Returns false at once where the runtime allows no timers.
#[cfg(feature = "bulk")]
pub(crate) async fn sleep(ms: u32) -> bool {
    let Ok(timer) = InFlight::new(ms) else {
        return false;
    };
    timer.end().await;
    true
}

/// Reads the token that `pkg/src/exchange.js` made. It has every field that the API promises.
fn from_js(value: &JsValue) -> Option<SignInToken> {
    let [
        object,
        id,
        user_id,
        status,
        token,
        url,
        created_at,
        updated_at,
    ] = fields(value, FIELDS)?;
    Some(SignInToken {
        object: object.as_string()?,
        id: id.as_string()?,
        user_id: user_id.as_string()?,
        status: status.as_string()?.into(),
        token: token.as_string(),
        url: url.as_string(),
        created_at: created_at.as_f64()? as i64,
        updated_at: updated_at.as_f64()? as i64,
    })
}
