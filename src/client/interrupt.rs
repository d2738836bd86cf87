//! What ends a call from outside: the caller's signal and the deadline. Leaves no timer and no
//! listener behind.

use core::cell::{Cell, RefCell};
use core::future::{Future, poll_fn};
use core::pin::Pin;
use core::task::Context;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{AbortController, AbortSignal};

use crate::client::settled::Settled;
use crate::client::signal::{Signal, Subscription};
use crate::client::timer::Timer;
use crate::switch::{Interruption, Switch};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}

/// Returns the time of a monotonic clock, in milliseconds.
pub(crate) fn now_ms() -> f64 {
    now()
}

/// Why a promise gave no value.
pub(crate) enum NoValue {
    /// The call was ended from outside; [`Interrupt::cause`] says by what.
    Interrupted,
    /// It was rejected with this, or the code that creates it threw this.
    Thrown(JsValue),
}

impl From<JsValue> for NoValue {
    fn from(thrown: JsValue) -> Self {
        Self::Thrown(thrown)
    }
}

/// The deadline and the signal of one call.
pub(crate) struct Interrupt {
    switch: Rc<Switch>,
    /// In the time of [`now_ms`].
    deadline: f64,
    controller: AbortController,
    /// Whether there is a request to abort: it is out, or its answer is not yet read.
    is_abortable: Cell<bool>,
    timer: RefCell<Option<Timer>>,
    subscription: RefCell<Option<Subscription>>,
}

impl Interrupt {
    /// Starts the timeout.
    ///
    /// # Errors
    /// What the runtime throws where it allows no timers.
    pub fn new(timeout_ms: u32) -> Result<Self, JsValue> {
        Ok(Self {
            switch: Rc::default(),
            deadline: now_ms() + f64::from(timeout_ms),
            controller: AbortController::new()?,
            is_abortable: Cell::new(false),
            timer: RefCell::new(Some(Timer::new(timeout_ms)?)),
            subscription: RefCell::default(),
        })
    }

    /// Listens to the caller's signal.
    ///
    /// # Errors
    /// Whatever the caller's own signal object throws.
    pub fn listen(&self, signal: Signal) -> Result<(), JsValue> {
        let subscription = Subscription::new(signal, Rc::clone(&self.switch))?;
        // Looked at last: a signal can be aborted while it takes the listener.
        if subscription.is_aborted() {
            self.switch.end(Interruption::Aborted);
        }
        self.subscription.replace(Some(subscription));
        Ok(())
    }

    /// The signal for `fetch`: aborted when the call is.
    pub fn signal(&self) -> AbortSignal {
        self.controller.signal()
    }

    /// Returns what ended the call, if anything did.
    pub fn cause(&self) -> Option<Interruption> {
        self.switch.cause()
    }

    /// Returns the reason that the caller aborted with.
    pub fn reason(&self) -> JsValue {
        self.subscription
            .borrow()
            .as_ref()
            .map(Subscription::reason)
            .unwrap_or_default()
    }

    /// Returns the milliseconds that are left from `now_ms` until the deadline.
    pub fn remaining_ms(&self, now_ms: f64) -> u32 {
        // A conversion from f64 saturates.
        (self.deadline - now_ms) as u32
    }

    /// Ends the call if its deadline has passed and no timer said so: the machine slept, a busy
    /// loop kept the timers from running, or the request of a Workers runtime that the timer
    /// belonged to is gone.
    pub fn end_if_overdue(&self, now_ms: f64) {
        if now_ms >= self.deadline {
            self.switch.end(Interruption::TimedOut);
        }
    }

    /// Stops here if the call was ended.
    pub fn check(&self) -> Result<(), NoValue> {
        self.cause().map_or(Ok(()), |_| Err(NoValue::Interrupted))
    }

    /// Waits for what the caller's or the runtime's code returned, unless the call is ended first.
    pub async fn settled(&self, returned: Result<JsValue, JsValue>) -> Result<JsValue, NoValue> {
        self.until(Settled::new(&returned?)?)
            .await?
            .map_err(NoValue::Thrown)
    }

    /// Waits for so many milliseconds, unless the call is ended first.
    pub async fn sleep(&self, ms: u32) -> Result<(), NoValue> {
        self.until(Timer::new(ms)?).await
    }

    /// Waits for `future`, unless the call is ended first.
    async fn until<F: Future + Unpin>(&self, mut future: F) -> Result<F::Output, NoValue> {
        poll_fn(|context| {
            self.poll_ended(context)?;
            Pin::new(&mut future).poll(context).map(Ok)
        })
        .await
    }

    /// Stops the wait if the call was ended; if it is ended later, the task wakes up.
    fn poll_ended(&self, context: &mut Context<'_>) -> Result<(), NoValue> {
        if let Some(timer) = &mut *self.timer.borrow_mut()
            && Pin::new(timer).poll(context).is_ready()
        {
            self.switch.end(Interruption::TimedOut);
        }
        self.switch.on_end(context.waker().clone());
        self.check()
    }

    /// Notes that a request is on its way, which an early end has to abort.
    pub fn sent(&self) {
        self.is_abortable.set(true);
    }

    /// Notes that the answer is read to its end.
    pub fn answered(&self) {
        self.is_abortable.set(false);
    }

    /// Aborts what is still in flight, such as the rest of a body that is too long.
    pub fn abandon(&self) {
        if !self.is_abortable.replace(false) {
            return;
        }
        // Without a reason of the caller's, `undefined` stands for an `AbortError`.
        let is_aborted = self.cause() == Some(Interruption::Aborted);
        let reason = if is_aborted {
            self.reason()
        } else {
            JsValue::UNDEFINED
        };
        self.controller.abort_with_reason(&reason);
    }

    /// Clears the timer and removes the listener.
    pub fn finish(&self) {
        self.timer.take();
        self.subscription.take();
    }
}

/// A future that is dropped before its end aborts its request.
impl Drop for Interrupt {
    fn drop(&mut self) {
        self.abandon();
    }
}
