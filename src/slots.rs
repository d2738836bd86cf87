//! The slots of the results that futures wait for. What settles a result holds only two numbers: the
//! slot's index, and which of its users it settles.

use core::mem;
use core::task::{Poll, Waker};

/// The results that are waited for. A slot is used again, with another generation.
pub(crate) struct Slots<T> {
    slots: Vec<Slot<T>>,
    free: Vec<usize>,
}

struct Slot<T> {
    generation: u32,
    state: State<T>,
}

pub(crate) enum State<T> {
    /// No future waits.
    Free,
    Pending(Option<Waker>),
    Settled(T),
}

impl<T> Slots<T> {
    pub const fn new() -> Self {
        Self {
            slots: Vec::new(),
            free: Vec::new(),
        }
    }

    /// Takes a slot. Returns its index and its generation.
    pub fn take(&mut self) -> (usize, u32) {
        let index = self.free.pop().unwrap_or(self.slots.len());
        match self.slots.get_mut(index) {
            Some(slot) => {
                slot.state = State::Pending(None);
                (index, slot.generation)
            }
            None => {
                self.slots.push(Slot {
                    generation: 0,
                    state: State::Pending(None),
                });
                (index, 0)
            }
        }
    }

    /// Stores the result, unless the future that waited is gone. Returns the waker to call.
    pub fn settle(&mut self, index: usize, generation: u32, result: T) -> Option<Waker> {
        let slot = self
            .slots
            .get_mut(index)
            .filter(|slot| slot.generation == generation)?;
        // A thenable may call back twice: the first call counts.
        let State::Pending(waker) = &mut slot.state else {
            return None;
        };
        let waker = waker.take();
        slot.state = State::Settled(result);
        waker
    }

    /// Returns the result, once; until it is there, `waker` is the one to call.
    pub fn poll(&mut self, index: usize, waker: &Waker) -> Poll<T> {
        let Some(slot) = self.slots.get_mut(index) else {
            return Poll::Pending;
        };
        match mem::replace(&mut slot.state, State::Pending(Some(waker.clone()))) {
            State::Settled(result) => Poll::Ready(result),
            _ => Poll::Pending,
        }
    }

    /// Frees a slot. Returns what was in it, to be dropped once nothing is borrowed.
    pub fn free(&mut self, index: usize) -> State<T> {
        let Some(slot) = self.slots.get_mut(index) else {
            return State::Free;
        };
        slot.generation = slot.generation.wrapping_add(1);
        self.free.push(index);
        mem::replace(&mut slot.state, State::Free)
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn a_result_gives_the_waker_back_and_is_returned_once() {
        let mut slots = Slots::new();
        let (index, generation) = slots.take();
        assert_eq!(slots.poll(index, Waker::noop()), Poll::Pending);
        assert!(slots.settle(index, generation, "done").is_some());
        assert_eq!(slots.poll(index, Waker::noop()), Poll::Ready("done"));
        assert_eq!(slots.poll(index, Waker::noop()), Poll::Pending);
    }

    #[test]
    fn the_first_result_counts() {
        let mut slots = Slots::new();
        let (index, generation) = slots.take();
        assert!(
            slots.settle(index, generation, 1).is_none(),
            "nothing waits yet"
        );
        assert!(slots.settle(index, generation, 2).is_none());
        assert_eq!(slots.poll(index, Waker::noop()), Poll::Ready(1));
    }

    #[test]
    fn a_late_result_does_not_reach_the_next_user_of_the_slot() {
        let mut slots = Slots::new();
        let (index, old) = slots.take();
        slots.free(index);
        let (again, new) = slots.take();
        assert_eq!(again, index, "a free slot is used again");
        assert!(slots.settle(index, old, "late").is_none());
        assert_eq!(slots.poll(index, Waker::noop()), Poll::Pending);
        assert!(slots.settle(index, new, "own").is_some());
        assert_eq!(slots.poll(index, Waker::noop()), Poll::Ready("own"));
    }

    #[test]
    fn a_slot_that_was_never_taken_has_no_result() {
        let mut slots = Slots::<u32>::new();
        assert!(slots.settle(5, 0, 1).is_none());
        assert_eq!(slots.poll(5, Waker::noop()), Poll::Pending);
        slots.free(5);
        assert_eq!(slots.take(), (0, 0));
    }
}
