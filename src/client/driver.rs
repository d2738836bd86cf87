//! Drives one call: does what needs the runtime's clock, timers, signals and `fetch`. What comes
//! next is always for [`Call`] to say.

use core::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::JsValue;

use crate::answer::Answer;
use crate::attempt::{AttemptCode, AttemptEvent};
use crate::call::{Call, RetryInputs, Step};
use crate::client::cause;
use crate::client::fetch::{self, Fetch};
use crate::client::headers;
use crate::client::interrupt::{Interrupt, NoValue, now_ms};
use crate::client::request::{Request, Target};
use crate::client::settings::{CallSettings, SecretKeySource, Settings};
use crate::client::signal::Signal;
use crate::error::{Error, ErrorCode, Outcome};
use crate::secret::SecretKey;
use crate::switch::Interruption;
use crate::token::SignInToken;

/// Why a call failed.
pub(crate) enum Failure {
    /// The caller aborted it, with this reason.
    #[cfg_attr(
        not(feature = "npm"),
        expect(dead_code, reason = "only calls of the class have a signal")
    )]
    Aborted(JsValue),
    Error(Error),
}

/// Why the work on a call stopped. The caller gets a [`Failure`].
enum Stop {
    Interrupted,
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
    interrupt: Interrupt,
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
            Some(fetch) => Rc::clone(fetch),
            None => fetch::global()?,
        };
        let interrupt = Interrupt::new(timeout_ms).map_err(|thrown| {
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
            interrupt
                .listen(signal)
                .map_err(|_| Error::invalid_argument("signal", "an AbortSignal"))?;
        }
        let call = Cell::new(Call::new(target.operation, max_retries));
        Ok(Self {
            settings,
            call_settings,
            target,
            fetch,
            interrupt,
            call,
        })
    }

    /// Drives the call until it ends, retries included.
    pub async fn run(&self) -> Result<Box<SignInToken>, Failure> {
        let result = self.work().await;
        if result.is_err() {
            self.interrupt.abandon();
        }
        let result = result.map_err(|stop| self.failure(stop));
        self.interrupt.finish();
        result
    }

    /// Returns the number of requests that were sent.
    pub fn attempts(&self) -> u32 {
        self.call.get().attempts()
    }

    /// What ends the call from outside.
    #[cfg(feature = "npm")]
    pub const fn interrupt(&self) -> &Interrupt {
        &self.interrupt
    }

    async fn work(&self) -> Result<Box<SignInToken>, Stop> {
        self.check()?;
        let key = self.secret_key().await?;
        let request = self.request();
        loop {
            // A busy machine can run a timer late. After the deadline no request is sent.
            self.interrupt.end_if_overdue(now_ms());
            self.check()?;
            match self.attempt(&request, &key).await? {
                Step::Done(token) => return Ok(token),
                Step::Failed(error) => return Err(error.into()),
                // Where the runtime sets no timer any more, the retry does not wait.
                Step::Retry { wait_ms, .. } => drop(self.interrupt.sleep(wait_ms).await),
            }
        }
    }

    fn check(&self) -> Result<(), Stop> {
        self.interrupt.check().map_err(|_| Stop::Interrupted)
    }

    /// Looks up the key, once for each call, so that a key that rotates works.
    async fn secret_key(&self) -> Result<SecretKey, Stop> {
        let function = match &self.settings.secret_key {
            SecretKeySource::Text(text) => return Ok(SecretKey::new(&**text)?),
            SecretKeySource::Function(function) => function,
        };
        let key = self.interrupt.settled(function()).await;
        // A function that listens to the signal itself fails because of the abort.
        self.check()?;
        match key {
            Ok(key) => {
                let expected = "the function to return a string";
                let key = key.as_string();
                Ok(SecretKey::new(key.ok_or_else(|| {
                    Error::invalid_argument("secret_key", expected)
                })?)?)
            }
            Err(NoValue::Interrupted) => Err(Stop::Interrupted),
            Err(NoValue::Thrown(thrown)) => {
                let expected = "the function to return a key, but it failed";
                let error = Error::invalid_argument("secret_key", expected);
                Err(error.with_cause(cause::describe(&thrown, None)).into())
            }
        }
    }

    fn request(&self) -> Request {
        #[cfg(feature = "test-panic")]
        panic_if_asked(self.target.body.as_string());
        let headers = match &self.call_settings.headers {
            Some(own) => headers::merged(&self.settings.headers, own),
            None => self.settings.headers.clone(),
        };
        self.target.request(&self.settings.api_url, headers)
    }

    /// Sends the request once, and returns what comes next.
    async fn attempt(&self, request: &Request, key: &SecretKey) -> Result<Step, Stop> {
        let mut call = self.call.get();
        call.sent();
        self.call.set(call);
        let mut event = AttemptEvent::new(call.operation(), call.attempts());
        let observer = self.settings.on_attempt.as_ref();
        let observed = observer.map(|observe| (observe, now_ms()));
        let answer = fetch::exchange(&self.fetch, request, key, &self.interrupt).await;
        if let Ok(answer) = &answer {
            #[cfg(feature = "test-panic")]
            panic_if_asked(answer.cf_ray.clone());
            event.answered(answer);
        }
        let step = self.step(&mut call, answer, key);
        self.call.set(call);
        if let Some((observe, begun)) = observed {
            event.duration = now_ms() - begun;
            match &step {
                Ok(step) => event.ended(step),
                Err(_) => event.code = Some(self.interrupt_code()),
            }
            observe(&event);
        }
        step
    }

    /// Returns what comes after an attempt.
    fn step(
        &self,
        call: &mut Call,
        answer: Result<Answer, NoValue>,
        key: &SecretKey,
    ) -> Result<Step, Stop> {
        let inputs = || RetryInputs {
            remaining_ms: self.interrupt.remaining_ms(now_ms()),
            random: js_sys::Math::random(),
        };
        match answer {
            Ok(answer) => Ok(call.answered(answer, &inputs)),
            Err(NoValue::Thrown(thrown)) => {
                Ok(call.unanswered(cause::describe(&thrown, Some(key)), &inputs))
            }
            Err(NoValue::Interrupted) => Err(Stop::Interrupted),
        }
    }

    fn interrupt_code(&self) -> AttemptCode {
        match self.interrupt.cause() {
            Some(Interruption::Aborted) => AttemptCode::Aborted,
            _ => AttemptCode::Failed(ErrorCode::Timeout),
        }
    }

    /// Returns what the caller gets: an abort's own reason, a timeout, or the error itself. Like
    /// `fetch`, it reports invalid input before an abort.
    fn failure(&self, stop: Stop) -> Failure {
        match (stop, self.interrupt.cause()) {
            (Stop::Error(error), _) if error.code == ErrorCode::InvalidArgument => {
                Failure::Error(error)
            }
            (_, Some(Interruption::Aborted)) => Failure::Aborted(self.interrupt.reason()),
            (Stop::Interrupted, _) => Failure::Error(self.call.get().timed_out()),
            (Stop::Error(error), _) => Failure::Error(error),
        }
    }
}

/// Panics where a test asks for it, to see what a bug does to the caller.
#[cfg(feature = "test-panic")]
fn panic_if_asked(text: Option<String>) {
    assert!(!text.unwrap_or_default().contains("panic"));
}
