//! Drives one call: does what needs the runtime's clock, timers, signals and `fetch`. What comes
//! next is always for [`Call`] to say.

use core::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::JsValue;

use crate::answer::Answer;
use crate::attempt::AttemptEvent;
use crate::call::{Call, RetryInputs, Step};
use crate::calls::Interruption;
use crate::client::cause;
use crate::client::exchange::{Outgoing, exchange};
use crate::client::in_flight::{InFlight, NoValue};
use crate::client::platform::{Signal, global_fetch, now_ms, random};
use crate::client::settings::{CallSettings, Fetch, SecretKeySource, Settings};
use crate::client::target::Target;
use crate::error::{Error, ErrorCode, Outcome};
use crate::secret::SecretKey;

/// Why a call failed.
pub(crate) enum Failure {
    /// What the caller's code or its framework ended it with, to be passed on as it is: the reason
    /// of an abort, or the control flow of a framework.
    Foreign(JsValue),
    Error(Error),
}

/// Why the work on a call stopped. The caller gets a [`Failure`].
enum Stop {
    Interrupted,
    Foreign(JsValue),
    Error(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// One call, from its checked arguments to its end.
pub(crate) struct Driver {
    settings: Rc<Settings>,
    call_settings: CallSettings,
    target: Target,
    fetch: Fetch,
    pub in_flight: InFlight,
    call: Cell<Call>,
}

impl Driver {
    /// Starts the call's timeout.
    ///
    /// # Errors
    /// `invalid_argument` for settings out of range, `network` where the runtime allows no timers.
    /// Nothing was sent.
    pub fn new(
        settings: Rc<Settings>,
        call_settings: CallSettings,
        target: Target,
        signal: Option<Signal>,
    ) -> Result<Self, Error> {
        let timeout_ms = call_settings.checked_timeout_ms(&settings)?;
        let max_retries = call_settings.max_retries.unwrap_or(settings.max_retries);
        let fetch = match &settings.fetch {
            Some(fetch) => fetch.clone(),
            None => Fetch::Function(global_fetch().ok_or_else(|| {
                Error::invalid_argument("fetch", "a function, since this runtime has no fetch")
            })?),
        };
        let mut in_flight = InFlight::new(timeout_ms).map_err(|thrown| {
            let what = "the runtime allows no request here, such as in a Worker's global scope";
            Error::of(
                target.operation,
                ErrorCode::Network,
                Outcome::NoEffect,
                what,
            )
            .with_cause(cause::describe(&thrown, None))
        })?;
        if let Some(signal) = signal {
            in_flight
                .listen(signal)
                .map_err(|_| Error::invalid_argument("signal", "an AbortSignal"))?;
        }
        let call = Cell::new(Call::new(target.operation, max_retries));
        Ok(Self {
            settings,
            call_settings,
            target,
            fetch,
            in_flight,
            call,
        })
    }

    /// Drives the call until it ends, retries included. Returns the token, an object of
    /// `pkg/src/exchange.js`.
    pub async fn run(&self) -> Result<JsValue, Failure> {
        let result = self.work().await;
        if result.is_err() {
            self.in_flight.abandon();
        }
        let result = result.map_err(|stop| self.failure(stop));
        self.in_flight.finish();
        result
    }

    /// Returns the number of requests that were sent.
    pub fn attempts(&self) -> u32 {
        self.call.get().attempts()
    }

    /// Returns the error of a call that was aborted.
    pub fn aborted(&self) -> Error {
        let call = self.call.get();
        call.interrupted(ErrorCode::Aborted, "the signal was aborted")
    }

    async fn work(&self) -> Result<JsValue, Stop> {
        self.check()?;
        let request = self.request().await?;
        loop {
            // A busy machine can run a timer late. After the deadline no request is sent.
            self.in_flight
                .check_deadline()
                .map_err(|_| Stop::Interrupted)?;
            let (step, token) = self.attempt(&request).await?;
            match step {
                Step::Done => return Ok(token),
                Step::Failed(error) => return Err(error.into()),
                // Where the runtime sets no timer any more, the retry does not wait.
                Step::Retry { wait_ms, .. } => drop(self.in_flight.sleep(wait_ms).await),
            }
        }
    }

    fn check(&self) -> Result<(), Stop> {
        self.in_flight.check().map_err(|_| Stop::Interrupted)
    }

    async fn request(&self) -> Result<Outgoing<'_>, Stop> {
        let key = self.secret_key().await?;
        self.settings.instance_type.set(key.instance_type());
        #[cfg(test_panic)]
        panic_if_asked(self.target.body.as_string());
        Ok(Outgoing {
            url: self.target.url(&self.settings.api_url).into(),
            body: &self.target.body,
            headers: self.settings.headers.as_ref(),
            own_headers: self.call_settings.headers.as_ref(),
            key,
        })
    }

    /// Looks up the key, once for each call, so that a key that rotates works.
    async fn secret_key(&self) -> Result<SecretKey, Stop> {
        let key: Result<JsValue, NoValue> = match &self.settings.secret_key {
            SecretKeySource::Text(text) => return Ok(SecretKey::new(&**text)?),
            #[cfg(npm_package)]
            SecretKeySource::Function(function) => {
                let returned = function.call0(&JsValue::UNDEFINED);
                self.in_flight.settled(returned).await
            }
            SecretKeySource::Future(look_up) => match self.in_flight.until(look_up()).await {
                Ok(Ok(key)) => return Ok(key),
                Ok(Err(message)) => Err(NoValue::Thrown(message.into())),
                Err(ended) => Err(ended),
            },
        };
        // A function that listens to the signal itself fails because of the abort.
        self.check()?;
        let refused = |expected| Error::invalid_argument("secret_key", expected);
        match key {
            Ok(key) => {
                let text = key.as_string();
                Ok(SecretKey::new(text.ok_or_else(|| {
                    refused("the function to return a string")
                })?)?)
            }
            Err(NoValue::Interrupted) => Err(Stop::Interrupted),
            Err(NoValue::Thrown(thrown)) if cause::is_control_flow(&thrown) => {
                Err(Stop::Foreign(thrown))
            }
            Err(NoValue::Thrown(thrown)) => {
                let error = refused("the function to return a key, but it failed");
                Err(error.with_cause(cause::describe(&thrown, None)).into())
            }
        }
    }

    /// Sends the request once. Returns what comes next, and the token if there is one.
    async fn attempt(&self, request: &Outgoing<'_>) -> Result<(Step, JsValue), Stop> {
        let mut call = self.call.get();
        call.sent();
        self.call.set(call);
        let mut event = AttemptEvent::new(call.operation(), call.attempts());
        let observer = self.settings.on_attempt.as_ref();
        let observed = observer.map(|observe| (observe, now_ms()));
        let answer = exchange(&self.fetch, request, &self.in_flight).await;
        if let Ok((answer, _)) = &answer {
            #[cfg(test_panic)]
            panic_if_asked(answer.cf_ray.clone());
            event.answered(answer);
        }
        let step = self.step(&mut call, answer, &request.key);
        self.call.set(call);
        // The observer of an abandoned call would run in the async context of another one.
        let is_abandoned = self.in_flight.ended() == Some(Interruption::Abandoned);
        if let Some((observe, begun)) = observed
            && !is_abandoned
        {
            event.duration = now_ms() - begun;
            match &step {
                Ok((step, _)) => event.ended(step),
                Err(stop) => event.code = Some(self.code_of(stop)),
            }
            observe(&event);
        }
        step
    }

    /// Returns what comes after an attempt.
    fn step(
        &self,
        call: &mut Call,
        answer: Result<(Answer, JsValue), NoValue>,
        key: &SecretKey,
    ) -> Result<(Step, JsValue), Stop> {
        let inputs = || RetryInputs {
            remaining_ms: self.in_flight.remaining_ms(),
            random: random(),
        };
        match answer {
            Ok((answer, token)) => Ok((call.answered(answer, &inputs), token)),
            Err(NoValue::Interrupted) => Err(Stop::Interrupted),
            Err(NoValue::Thrown(thrown)) if cause::is_control_flow(&thrown) => {
                Err(Stop::Foreign(thrown))
            }
            Err(NoValue::Thrown(thrown)) => {
                let cause = cause::describe(&thrown, Some(key));
                let is_runtimes_fetch = self.settings.fetch.is_none();
                let step = call.unanswered(cause, is_runtimes_fetch, &inputs);
                Ok((step, JsValue::UNDEFINED))
            }
        }
    }

    fn code_of(&self, stop: &Stop) -> ErrorCode {
        match (stop, self.in_flight.ended()) {
            (Stop::Interrupted, Some(Interruption::Aborted)) => ErrorCode::Aborted,
            (Stop::Interrupted, _) => ErrorCode::Timeout,
            _ => ErrorCode::Network,
        }
    }

    /// Returns what the caller gets: an abort's own reason, a timeout, or the error itself. Like
    /// `fetch`, it reports invalid input before an abort.
    fn failure(&self, stop: Stop) -> Failure {
        match (stop, self.in_flight.ended()) {
            (Stop::Error(error), _) if error.code == ErrorCode::InvalidArgument => {
                Failure::Error(error)
            }
            (_, Some(Interruption::Aborted)) => Failure::Foreign(self.in_flight.reason()),
            (Stop::Interrupted, _) => Failure::Error(self.call.get().timed_out()),
            (Stop::Foreign(thrown), _) => Failure::Foreign(thrown),
            (Stop::Error(error), _) => Failure::Error(error),
        }
    }
}

/// Panics where a test asks for it, to see what a bug does to the caller.
#[cfg(test_panic)]
fn panic_if_asked(text: Option<String>) {
    assert!(!text.unwrap_or_default().contains("panic"));
}
