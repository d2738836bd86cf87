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

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::task::Wake;

    use super::*;

    #[derive(Default)]
    struct Count(AtomicU32);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn the_first_end_counts() {
        let switch = Switch::default();
        assert!(switch.cause().is_none());
        switch.end(Interruption::Aborted);
        switch.end(Interruption::TimedOut);
        assert!(switch.cause() == Some(Interruption::Aborted));
    }

    #[test]
    fn an_end_wakes_the_last_waker_once() {
        let switch = Switch::default();
        let (old, new) = (Arc::new(Count::default()), Arc::new(Count::default()));
        switch.on_end(Waker::from(Arc::clone(&old)));
        switch.on_end(Waker::from(Arc::clone(&new)));
        switch.end(Interruption::TimedOut);
        switch.end(Interruption::TimedOut);
        let count = |counted: &Count| counted.0.load(Ordering::Relaxed);
        assert_eq!((count(&old), count(&new)), (0, 1));
    }
}
