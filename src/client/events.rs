//! The table of calls in flight, and the events with which JavaScript continues a call.
//!
//! Each call continues in a callback that it has registered itself. So it runs in the async context
//! of its own caller (`AsyncLocalStorage`), whichever other calls are in flight.

use core::cell::UnsafeCell;

use wasm_bindgen::prelude::*;

use crate::calls::{Calls, Interruption, Woken};
use crate::client::platform::{Event, guard, now_ms};

/// What an event says.
pub(super) const FULFILLED: u32 = 0;
const REJECTED: u32 = 1;
const ABORTED: u32 = 2;
pub(super) const TIMED_OUT: u32 = 3;

/// What a promise settled with.
pub(super) type Settlement = Result<JsValue, JsValue>;

/// What polls a call of the class. A Rust user's call is polled by the user's own executor.
pub(crate) trait Task {
    /// Polls the call. Runs under the guard.
    fn poll(&mut self);

    /// Stores itself again or settles the call's promise. `survived` is false after a trap.
    fn polled(self: Box<Self>, survived: bool);
}

pub(super) type Table = Calls<Settlement, Box<dyn Task>>;

thread_local! {
    /// Not a `RefCell`: a trap in the middle of a change, as at the end of the stack, would leave
    /// it borrowed for good.
    static CALLS: UnsafeCell<Table> = const { UnsafeCell::new(Calls::new()) };

    /// Lasts, so that no call has to make one, and a late event finds it.
    pub(super) static EVENT: Event = Closure::<dyn Fn(u32, u32, u32, JsValue)>::new(event)
        .into_js_value()
        .unchecked_into();
}

/// Calls one method of the table, none of which runs other code.
#[allow(unsafe_code, reason = "see the comment of the table")]
pub(super) fn with_calls<R>(method: impl FnOnce(&mut Table) -> R) -> R {
    // SAFETY: there is one thread, and `method` does not come back here.
    CALLS.with(|calls| method(unsafe { &mut *calls.get() }))
}

/// Runs the call that an event is for. An abort runs in the async context of whoever aborts: the
/// call sends nothing then, and looks up no key.
fn event(index: u32, ticket: u32, what: u32, value: JsValue) {
    let mut value = Some(value);
    run(|| note(index, ticket, what, value.take().unwrap_or_default()));
}

/// Notes an event. Returns what it has woken.
fn note(index: u32, ticket: u32, what: u32, value: JsValue) -> Woken<Box<dyn Task>> {
    let mut settled = Some(match what {
        ABORTED => return with_calls(|calls| calls.end(index, ticket, Interruption::Aborted)),
        TIMED_OUT => {
            let now = now_ms();
            return with_calls(|calls| calls.expire(index, ticket, now));
        }
        REJECTED => Err(value),
        _ => Ok(value),
    });
    with_calls(|calls| calls.settle(index, ticket, &mut settled))
}

/// Runs what `wake` has woken: the one place where an event enters the client.
fn run(mut wake: impl FnMut() -> Woken<Box<dyn Task>>) {
    let mut woken = Woken::Nobody;
    let survived = guard(|| {
        woken = wake();
        if let Woken::Task(task) = &mut woken {
            task.poll();
        }
    });
    match woken {
        Woken::Task(task) => task.polled(survived),
        Woken::Waker(waker) => waker.wake(),
        Woken::Nobody => {}
    }
}

/// Ends the calls that were abandoned.
pub(super) fn end_abandoned() {
    for woken in with_calls(Calls::end_abandoned) {
        let mut woken = Some(woken);
        run(|| woken.take().unwrap_or(Woken::Nobody));
    }
}
