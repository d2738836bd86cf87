//! The calls in flight, in one table. JavaScript gets a call's slot and tickets, which are numbers:
//! a promise that never settles keeps nothing of a call in memory.

use core::mem;
use core::task::Waker;

/// How long after its deadline a call counts as abandoned, in milliseconds. Before that, its own
/// timer ends it.
const GRACE_MS: f64 = 1000.0;

/// How late a timer may be before the whole process must have been stopped, in milliseconds.
const LATE_MS: f64 = 100.0;

/// Says what ended a call from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Interruption {
    Aborted,
    TimedOut,
    /// Timed out too, but no timer said so: another call ends it, in another async context.
    Abandoned,
}

/// What continues because of an event. The caller runs it, when nothing is borrowed.
#[derive(Debug)]
pub(crate) enum Woken<T> {
    Nobody,
    /// The task of a call of the class, which is out of the table while it runs.
    Task(T),
    /// The waker of a Rust user's future.
    Waker(Waker),
}

/// The state of a wait.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wait<S> {
    Pending,
    Settled(S),
    /// Something ended the call.
    Ended,
    /// The call's timer was late: the process was stopped, and the answer may be in the socket. The
    /// call gets one more turn of the event loop. Said once.
    Late,
}

/// The table. `S` is what a promise settles with, `T` a task that polls a call.
pub(crate) struct Calls<S, T> {
    slots: Vec<Slot<S, T>>,
    free: Vec<u32>,
    /// When to look for abandoned calls again: not for each new call, since there can be thousands
    /// in flight.
    next_look: f64,
    has_abandoned: bool,
}

struct Slot<S, T> {
    /// The last ticket. A ticket is used once, so that a late event finds nothing.
    ticket: u32,
    call: Option<Call<S, T>>,
}

struct Call<S, T> {
    /// The ticket of the call itself, for its timer and its signal.
    ticket: u32,
    /// The ticket of its current wait; that of the call where there is none.
    wait: u32,
    settled: Option<S>,
    ended: Option<Interruption>,
    deadline: f64,
    lateness: Lateness,
    is_abandoned: bool,
    waker: Option<Waker>,
    task: Option<T>,
}

/// Whether a call's timer was late, and the call knows it.
#[derive(PartialEq, Eq)]
enum Lateness {
    None,
    Noted,
    Told,
}

impl<S, T> Slot<S, T> {
    const fn next_ticket(&mut self) -> u32 {
        self.ticket = self.ticket.wrapping_add(1);
        self.ticket
    }
}

impl<S, T> Call<S, T> {
    /// Returns what runs the call. A task that is running already needs no other: each of its waits
    /// looks at the table after the caller's code has run.
    fn woken(&mut self) -> Woken<T> {
        match (self.task.take(), self.waker.take()) {
            (Some(task), _) => Woken::Task(task),
            (None, Some(waker)) => Woken::Waker(waker),
            (None, None) => Woken::Nobody,
        }
    }

    fn end(&mut self, cause: Interruption) -> Woken<T> {
        if self.ended.is_some() {
            return Woken::Nobody;
        }
        self.ended = Some(cause);
        self.woken()
    }
}

impl<S, T> Calls<S, T> {
    pub const fn new() -> Self {
        Self {
            slots: Vec::new(),
            free: Vec::new(),
            next_look: 0.0,
            has_abandoned: false,
        }
    }

    /// Adds a call. Returns its slot and its ticket.
    pub fn add(&mut self, deadline: f64, now: f64) -> (u32, u32) {
        self.look_for_abandoned(now);
        let index = self.free.pop().unwrap_or(self.slots.len() as u32);
        if index as usize == self.slots.len() {
            self.slots.push(Slot {
                ticket: 0,
                call: None,
            });
        }
        let Some(slot) = self.slots.get_mut(index as usize) else {
            return (index, 0);
        };
        let ticket = slot.next_ticket();
        slot.call = Some(Call {
            ticket,
            wait: ticket,
            settled: None,
            ended: None,
            deadline,
            lateness: Lateness::None,
            is_abandoned: false,
            waker: None,
            task: None,
        });
        (index, ticket)
    }

    /// Removes a call. Returns what was left of it, for the caller to drop.
    #[must_use]
    pub fn remove(&mut self, index: u32) -> impl Sized + use<S, T> {
        let slot = self.slots.get_mut(index as usize);
        let call = slot.and_then(|slot| slot.call.take());
        if call.is_some() {
            self.free.push(index);
        }
        call
    }

    /// Begins a wait, and forgets the one before. Returns its ticket, and what was left of the wait
    /// before.
    pub fn begin_wait(&mut self, index: u32) -> (u32, Option<S>) {
        let Some(slot) = self.slots.get_mut(index as usize) else {
            return (0, None);
        };
        let ticket = slot.next_ticket();
        let settled = slot.call.as_mut().and_then(|call| {
            call.wait = ticket;
            call.settled.take()
        });
        (ticket, settled)
    }

    /// Ends a wait with what its promise settled with; it stays in `settled` where nobody waits.
    pub fn settle(&mut self, index: u32, ticket: u32, settled: &mut Option<S>) -> Woken<T> {
        match self.get(index) {
            Some(call) if call.wait == ticket => {
                // A thenable may call back twice: the first call counts.
                call.wait = call.ticket;
                call.settled = settled.take();
                call.woken()
            }
            _ => Woken::Nobody,
        }
    }

    /// Ends a call from outside, unless something has ended it already.
    pub fn end(&mut self, index: u32, ticket: u32, cause: Interruption) -> Woken<T> {
        match self.get(index) {
            Some(call) if call.ticket == ticket => call.end(cause),
            _ => Woken::Nobody,
        }
    }

    /// Ends a call whose timer fired, unless that was late for the first time.
    pub fn expire(&mut self, index: u32, ticket: u32, now: f64) -> Woken<T> {
        match self.get(index) {
            Some(call) if call.ticket == ticket => {
                // The answer came in time. A Rust user who is busy has not polled for it yet.
                if call.settled.is_some() {
                    return Woken::Nobody;
                }
                if now - call.deadline > LATE_MS && call.lateness == Lateness::None {
                    call.lateness = Lateness::Noted;
                    return call.woken();
                }
                call.end(Interruption::TimedOut)
            }
            _ => Woken::Nobody,
        }
    }

    /// Returns what ended the call, if anything did.
    pub fn ended(&self, index: u32) -> Option<Interruption> {
        self.slots.get(index as usize)?.call.as_ref()?.ended
    }

    /// Returns the state of the current wait. While it is pending, `waker` is the one to wake; what
    /// is left in `waker` then is of no use any more: the caller drops it.
    pub fn poll(&mut self, index: u32, waker: &mut Option<Waker>) -> Wait<S> {
        let Some(call) = self.get(index) else {
            return Wait::Pending;
        };
        if call.ended.is_some() {
            return Wait::Ended;
        }
        if let Some(settled) = call.settled.take() {
            return Wait::Settled(settled);
        }
        mem::swap(&mut call.waker, waker);
        if call.lateness == Lateness::Noted {
            call.lateness = Lateness::Told;
            return Wait::Late;
        }
        Wait::Pending
    }

    /// Stores the task of a call that waits.
    #[cfg_attr(
        not(npm_package),
        allow(dead_code, reason = "only the class has tasks")
    )]
    pub fn store(&mut self, index: u32, task: T) {
        if let Some(call) = self.get(index) {
            call.task = Some(task);
        }
    }

    /// Ends the calls that were abandoned before this one was made. Call it after an answer has
    /// come: whatever was in the sockets of the others has been read then.
    ///
    /// In a Workers runtime, the timers and the fetches of a cancelled request never complete.
    /// Without this, its calls would stay in memory.
    pub fn end_abandoned(&mut self) -> Vec<Woken<T>> {
        if !mem::take(&mut self.has_abandoned) {
            return Vec::new();
        }
        let calls = self.slots.iter_mut().filter_map(|slot| slot.call.as_mut());
        calls
            .filter(|call| call.is_abandoned)
            .map(|call| call.end(Interruption::Abandoned))
            .collect()
    }

    /// Returns whether there are abandoned calls to end.
    pub const fn has_abandoned(&self) -> bool {
        self.has_abandoned
    }

    fn look_for_abandoned(&mut self, now: f64) {
        if now < self.next_look {
            return;
        }
        self.next_look = now + GRACE_MS;
        for call in self.slots.iter_mut().filter_map(|slot| slot.call.as_mut()) {
            call.is_abandoned = call.deadline + GRACE_MS < now;
            self.has_abandoned |= call.is_abandoned;
        }
    }

    fn get(&mut self, index: u32) -> Option<&mut Call<S, T>> {
        self.slots.get_mut(index as usize)?.call.as_mut()
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
