//! Ends a call from outside of its task.

use core::cell::Cell;
use core::task::Waker;

/// Says what ended a call from outside.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Interruption {
    Aborted,
    TimedOut,
}

/// Ends a call once, and wakes the task that drives it.
#[derive(Default)]
pub(crate) struct Switch {
    cause: Cell<Option<Interruption>>,
    waker: Cell<Option<Waker>>,
}

impl Switch {
    /// Ends the call, unless something has ended it already.
    pub fn end(&self, cause: Interruption) {
        if self.cause.get().is_none() {
            self.cause.set(Some(cause));
        }
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// Returns what ended the call, if anything did.
    pub fn cause(&self) -> Option<Interruption> {
        self.cause.get()
    }

    /// Sets the task to wake when the call is ended.
    pub fn on_end(&self, waker: Waker) {
        self.waker.set(Some(waker));
    }
}
