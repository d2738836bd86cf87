//! A call's place in the table of calls in flight: its waits, its deadline and its signal.

use core::cell::Cell;
use core::future::{Future, poll_fn};
use core::pin::pin;
use core::task::{Context, Poll};

use wasm_bindgen::prelude::*;

use crate::calls::{Interruption, Wait};
use crate::client::events::{EVENT, FULFILLED, Settlement, TIMED_OUT, end_abandoned, with_calls};
use crate::client::platform::{self, Signal, now_ms};

/// One more turn of the event loop for a call whose timer is late, in milliseconds.
const TURN_MS: u32 = 100;

/// Why a wait gave no value.
pub(crate) enum NoValue {
    /// The call was ended from outside.
    Interrupted,
    /// The promise was rejected with this, or the code that makes it threw this.
    Thrown(JsValue),
}

impl From<JsValue> for NoValue {
    fn from(thrown: JsValue) -> Self {
        Self::Thrown(thrown)
    }
}

/// A timer, which is cleared when it is dropped.
struct Timer(JsValue);

impl Drop for Timer {
    fn drop(&mut self) {
        // Fake timers may refuse. A late event finds nothing.
        let _ = platform::clear_timeout(&self.0);
    }
}

/// A call in flight. It leaves no timer and no listener behind.
pub(crate) struct InFlight {
    index: u32,
    ticket: u32,
    /// In the time of [`now_ms`].
    deadline: f64,
    timer: Cell<Option<Timer>>,
    signal: Option<Signal>,
    /// What the requests of the call share.
    pub request: platform::Call,
    /// Whether there is a request to abort: it is out, or its answer is not yet read.
    is_abortable: Cell<bool>,
    has_finished: Cell<bool>,
}

impl InFlight {
    /// Starts the timeout.
    ///
    /// # Errors
    /// What the runtime throws where it allows no timers.
    pub fn new(timeout_ms: u32) -> Result<Self, JsValue> {
        let request = platform::new_call()?;
        let now = now_ms();
        let deadline = now + f64::from(timeout_ms);
        let (index, ticket) = with_calls(|calls| calls.add(deadline, now));
        let made = Self {
            index,
            ticket,
            deadline,
            timer: Cell::new(None),
            signal: None,
            request,
            is_abortable: Cell::new(false),
            has_finished: Cell::new(false),
        };
        made.timer
            .set(Some(made.timer(timeout_ms, ticket, TIMED_OUT)?));
        Ok(made)
    }

    /// Listens to the caller's signal.
    ///
    /// # Errors
    /// Whatever the caller's own signal object throws.
    pub fn listen(&mut self, signal: Signal) -> Result<(), JsValue> {
        let (index, ticket) = (self.index, self.ticket);
        let aborted = EVENT.with(|event| platform::listen(&signal, event, index, ticket));
        self.signal = Some(signal);
        if aborted? == JsValue::TRUE {
            with_calls(|calls| calls.end(index, ticket, Interruption::Aborted));
        }
        Ok(())
    }

    /// Stores the task that polls this call, until an event wakes it.
    #[cfg(npm_package)]
    pub fn store(&self, task: Box<dyn super::events::Task>) {
        with_calls(|calls| calls.store(self.index, task));
    }

    /// Returns what ended the call, if anything did.
    pub fn ended(&self) -> Option<Interruption> {
        with_calls(|calls| calls.ended(self.index))
    }

    /// Returns the reason that the caller aborted with; `undefined` where the caller's own signal
    /// object has none.
    pub fn reason(&self) -> JsValue {
        let signal = self.signal.as_ref();
        signal
            .and_then(|signal| signal.reason().ok())
            .unwrap_or_default()
    }

    /// Returns the milliseconds that are left until the deadline.
    pub fn remaining_ms(&self) -> u32 {
        // A conversion from f64 saturates.
        (self.deadline - now_ms()) as u32
    }

    /// Stops here if the call was ended.
    pub fn check(&self) -> Result<(), NoValue> {
        self.ended().map_or(Ok(()), |_| Err(NoValue::Interrupted))
    }

    /// Stops here if the call was ended, or if its deadline has passed and no timer said so: a busy
    /// loop kept the timers from running.
    pub fn check_deadline(&self) -> Result<(), NoValue> {
        if now_ms() >= self.deadline {
            let (index, ticket) = (self.index, self.ticket);
            with_calls(|calls| calls.end(index, ticket, Interruption::TimedOut));
        }
        self.check()
    }

    /// Waits for what the caller's or the runtime's code returned, unless the call is ended first.
    pub async fn settled(&self, returned: Result<JsValue, JsValue>) -> Result<JsValue, NoValue> {
        let (index, ticket) = (self.index, self.begin_wait());
        let promise = returned?;
        EVENT.with(|event| platform::wait(&promise, event, index, ticket))?;
        let settled = poll_fn(|context| self.poll(context)).await;
        settled?.map_err(NoValue::Thrown)
    }

    /// Waits for so many milliseconds, unless the call is ended first.
    pub async fn sleep(&self, ms: u32) -> Result<(), NoValue> {
        let ticket = self.begin_wait();
        let _timer = self.timer(ms, ticket, FULFILLED)?;
        poll_fn(|context| self.poll(context)).await.map(drop)
    }

    /// Waits until the call is ended, by its timer if by nothing else.
    #[cfg(feature = "bulk")]
    pub async fn end(&self) {
        self.begin_wait();
        // No event settles the wait.
        let _ = poll_fn(|context| self.poll(context)).await;
    }

    /// Waits for a Rust user's future, unless the call is ended first.
    pub async fn until<F: Future>(&self, future: F) -> Result<F::Output, NoValue> {
        self.begin_wait();
        let mut future = pin!(future);
        poll_fn(|context| match self.poll(context) {
            Poll::Ready(Err(ended)) => Poll::Ready(Err(ended)),
            _ => future.as_mut().poll(context).map(Ok),
        })
        .await
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
        // Without a reason of the caller, `undefined` stands for an `AbortError`.
        let reason = match self.ended() {
            Some(Interruption::Aborted) => self.reason(),
            _ => JsValue::UNDEFINED,
        };
        // Nothing depends on it.
        let _ = platform::abandon(&self.request, &reason);
    }

    /// Clears the timer, removes the listener and leaves the table. A second time does nothing.
    pub fn finish(&self) {
        if self.has_finished.replace(true) {
            return;
        }
        drop(self.timer.take());
        if let Some(signal) = &self.signal {
            // A signal object that keeps the listener finds no call to end.
            let _ = platform::unlisten(signal, self.index);
        }
        drop(with_calls(|calls| calls.remove(self.index)));
        if with_calls(|calls| calls.has_abandoned()) {
            // Their contexts are gone, so it does not matter in which one this runs. The class does
            // without the queue, which would be 2 KB of the package.
            #[cfg(npm_package)]
            end_abandoned();
            #[cfg(not(npm_package))]
            wasm_bindgen_futures::spawn_local(async { end_abandoned() });
        }
    }

    fn timer(&self, ms: u32, ticket: u32, what: u32) -> Result<Timer, JsValue> {
        EVENT
            .with(|event| platform::set_timeout(event, ms, self.index, ticket, what))
            .map(Timer)
    }

    fn begin_wait(&self) -> u32 {
        let (ticket, before) = with_calls(|calls| calls.begin_wait(self.index));
        drop(before);
        ticket
    }

    fn poll(&self, context: &Context<'_>) -> Poll<Result<Settlement, NoValue>> {
        let mut waker = Some(context.waker().clone());
        match with_calls(|calls| calls.poll(self.index, &mut waker)) {
            Wait::Pending => Poll::Pending,
            Wait::Settled(settlement) => Poll::Ready(Ok(settlement)),
            Wait::Ended => Poll::Ready(Err(NoValue::Interrupted)),
            Wait::Late => {
                // Without a timer, the look for abandoned calls ends it.
                self.timer
                    .set(self.timer(TURN_MS, self.ticket, TIMED_OUT).ok());
                Poll::Pending
            }
        }
    }
}

/// A future that is dropped before its end aborts its request.
impl Drop for InFlight {
    fn drop(&mut self) {
        self.abandon();
        self.finish();
    }
}
