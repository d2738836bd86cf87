//! Drives a call where there is no JavaScript, in the tests of Rust users: over the script of a
//! `FakeFetch`. What comes next is for [`Call`] to say, as everywhere.

use web_sys::wasm_bindgen::JsValue;
use web_sys::{AbortSignal, js_sys};

use crate::attempt::AttemptEvent;
use crate::call::{Call, RetryInputs, Step};
use crate::client::settings::{CallSettings, SecretKeySource, Settings};
use crate::error::{Cause, Error};
use crate::operation::Operation;
use crate::params::{self, CreateParams};
use crate::secret::{self, SecretKey};
use crate::testing::{FakeCall, Reply};
use crate::token::SignInToken;

/// What an operation asks for.
pub(crate) type Target = FakeCall;

impl Target {
    const fn operation(&self) -> Operation {
        match self {
            Self::Create(_) => Operation::Create,
            Self::Revoke(_) => Operation::Revoke,
        }
    }

    pub(crate) fn create(params: &CreateParams) -> Result<Self, Error> {
        params.check()?;
        Ok(Self::Create(params.clone()))
    }

    pub(crate) fn revoke(id: &str) -> Result<Self, Error> {
        params::check_token_id(id)?;
        Ok(Self::Revoke(id.into()))
    }
}

/// Drives a call. Its waits take no time: the deadline only comes nearer by them.
pub(crate) async fn run(
    settings: &Settings,
    call_settings: &CallSettings,
    _: Option<&AbortSignal>,
    target: Target,
) -> Result<SignInToken, Error> {
    let mut remaining_ms = call_settings.checked_timeout_ms(settings)?;
    let max_retries = call_settings.max_retries.unwrap_or(settings.max_retries);
    let fetch = settings.fetch.as_ref().and_then(|fetch| fetch.0.as_ref());
    let fetch = fetch.ok_or_else(|| {
        Error::invalid_argument("fetch", "a FakeFetch, since only wasm32 has a fetch")
    })?;
    let key = secret_key(settings).await?;
    settings.instance_type.set(key.instance_type());
    let mut call = Call::new(target.operation(), max_retries);
    loop {
        call.sent();
        let mut event = AttemptEvent::new(call.operation(), call.attempts());
        let (step, token) = attempt(&mut call, fetch.reply(&target), remaining_ms, &mut event);
        event.ended(&step);
        if let Some(observe) = &settings.on_attempt {
            observe(&event);
        }
        match step {
            Step::Done => return token.ok_or_else(|| Error::internal(call.attempts())),
            Step::Failed(error) => return Err(error),
            Step::Retry { wait_ms, .. } => remaining_ms -= wait_ms,
        }
    }
}

/// Stands still: a bulk run adds its waits, which take no time, to it.
#[cfg(feature = "bulk")]
pub(crate) const fn now_ms() -> f64 {
    0.0
}

/// The same in each run of a test.
pub(crate) const fn random() -> f64 {
    0.5
}

/// Does not wait: there are no timers.
#[cfg(feature = "bulk")]
pub(crate) async fn sleep(_: u32) -> bool {
    false
}

/// Returns what comes after a reply, and the token in it.
fn attempt(
    call: &mut Call,
    reply: Reply,
    remaining_ms: u32,
    event: &mut AttemptEvent,
) -> (Step, Option<SignInToken>) {
    let inputs = || RetryInputs {
        remaining_ms,
        random: random(),
    };
    match reply {
        Reply::Response(response) => {
            let (answer, token) = response.understood();
            event.answered(&answer);
            (call.answered(answer, &inputs), token)
        }
        Reply::Lost => (
            call.unanswered(cause("TypeError", "fetch failed"), false, &inputs),
            None,
        ),
        Reply::Silent => {
            event.duration = remaining_ms.into();
            (Step::Failed(call.timed_out()), None)
        }
    }
}

async fn secret_key(settings: &Settings) -> Result<SecretKey, Error> {
    let look_up = match &settings.secret_key {
        SecretKeySource::Text(text) => return SecretKey::new(&**text),
        SecretKeySource::Future(look_up) => look_up,
    };
    look_up().await.map_err(|message| {
        let expected = "the function to return a key, but it failed";
        Error::invalid_argument("secret_key", expected).with_cause(cause("Error", &message))
    })
}

fn cause(name: &str, message: &str) -> Option<Cause> {
    Some(Cause {
        name: name.into(),
        message: secret::redact(message, None),
        code: None,
        cause: None,
    })
}

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        js_sys::Error::new(&error.to_string()).into()
    }
}
