use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Wake;

use proptest::prelude::*;

use super::*;

type Table = Calls<u32, &'static str>;

#[derive(Default)]
struct Count(AtomicU32);

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

fn poll(calls: &mut Table, index: u32) -> Wait<u32> {
    calls.poll(index, &mut Some(Waker::noop().clone()))
}

fn settle(calls: &mut Table, (index, ticket): (u32, u32), value: u32) -> Woken<&'static str> {
    calls.settle(index, ticket, &mut Some(value))
}

/// Begins a wait of a call. Returns what JavaScript settles it by.
fn wait(calls: &mut Table, index: u32) -> (u32, u32) {
    (index, calls.begin_wait(index).0)
}

#[test]
fn a_promise_wakes_the_task_once_and_gives_its_value_once() {
    let mut calls = Table::new();
    let (index, _) = calls.add(10.0, 0.0);
    let promise = wait(&mut calls, index);
    assert_eq!(poll(&mut calls, index), Wait::Pending);
    calls.store(index, "task");
    assert!(matches!(
        settle(&mut calls, promise, 1),
        Woken::Task("task")
    ));
    assert!(matches!(settle(&mut calls, promise, 2), Woken::Nobody));
    assert_eq!(poll(&mut calls, index), Wait::Settled(1));
    assert_eq!(poll(&mut calls, index), Wait::Pending);
}

#[test]
fn a_rust_users_waker_is_woken_in_place_of_a_task() {
    let mut calls = Table::new();
    let (index, _) = calls.add(10.0, 0.0);
    let promise = wait(&mut calls, index);
    let counts = [Arc::new(Count::default()), Arc::new(Count::default())];
    for count in &counts {
        let mut waker = Some(Waker::from(Arc::clone(count)));
        assert_eq!(calls.poll(index, &mut waker), Wait::Pending);
    }
    match settle(&mut calls, promise, 1) {
        Woken::Waker(waker) => waker.wake(),
        woken => panic!("{woken:?}"),
    }
    // The last waker counts.
    let counts = counts.map(|count| count.0.load(Ordering::Relaxed));
    assert_eq!(counts, [0, 1]);
}

#[test]
fn a_late_event_finds_neither_a_later_wait_nor_a_later_call() {
    let mut calls = Table::new();
    let (index, ticket) = calls.add(10.0, 0.0);
    let first = wait(&mut calls, index);
    let second = wait(&mut calls, index);
    settle(&mut calls, first, 1);
    assert_eq!(poll(&mut calls, index), Wait::Pending);
    drop(calls.remove(index));
    let (again, _) = calls.add(10.0, 0.0);
    assert_eq!(again, index, "a free slot is used again");
    settle(&mut calls, second, 2);
    calls.end(index, ticket, Interruption::Aborted);
    assert!(matches!(calls.expire(index, ticket, 11.0), Woken::Nobody));
    assert_eq!(poll(&mut calls, index), Wait::Pending);
}

#[test]
fn a_wait_that_begins_gives_back_what_the_one_before_settled_with() {
    let mut calls = Table::new();
    let (index, _) = calls.add(10.0, 0.0);
    let first = wait(&mut calls, index);
    settle(&mut calls, first, 1);
    assert_eq!(calls.begin_wait(index).1, Some(1));
    assert_eq!(poll(&mut calls, index), Wait::Pending);
}

#[test]
fn what_ends_a_call_first_counts_and_goes_before_a_value() {
    let mut calls = Table::new();
    let (index, ticket) = calls.add(10.0, 0.0);
    let promise = wait(&mut calls, index);
    calls.store(index, "task");
    settle(&mut calls, promise, 1);
    calls.store(index, "task");
    let woken = calls.end(index, ticket, Interruption::Aborted);
    assert!(matches!(woken, Woken::Task("task")));
    let woken = calls.end(index, ticket, Interruption::TimedOut);
    assert!(matches!(woken, Woken::Nobody));
    assert_eq!(poll(&mut calls, index), Wait::Ended);
    assert_eq!(calls.ended(index), Some(Interruption::Aborted));
}

#[test]
fn a_timeout_does_not_go_before_a_value() {
    let mut calls = Table::new();
    let (index, ticket) = calls.add(10.0, 0.0);
    let promise = wait(&mut calls, index);
    settle(&mut calls, promise, 1);
    for now in [11.0, 10.0 + LATE_MS + 1.0] {
        assert!(matches!(calls.expire(index, ticket, now), Woken::Nobody));
    }
    assert_eq!(poll(&mut calls, index), Wait::Settled(1));
    calls.expire(index, ticket, 11.0);
    assert_eq!(poll(&mut calls, index), Wait::Ended);
}

#[test]
fn a_late_timer_gives_one_more_turn() {
    let mut calls = Table::new();
    let (index, ticket) = calls.add(10.0, 0.0);
    let promise = wait(&mut calls, index);
    let late = 10.0 + LATE_MS + 1.0;
    calls.store(index, "task");
    let woken = calls.expire(index, ticket, late);
    assert!(matches!(woken, Woken::Task("task")));
    assert_eq!(calls.ended(index), None);
    assert_eq!(poll(&mut calls, index), Wait::Late);
    assert_eq!(poll(&mut calls, index), Wait::Pending);
    settle(&mut calls, promise, 1);
    assert_eq!(poll(&mut calls, index), Wait::Settled(1));
    calls.expire(index, ticket, late);
    assert_eq!(poll(&mut calls, index), Wait::Ended);

    let (index, ticket) = calls.add(10.0, 0.0);
    calls.expire(index, ticket, 11.0);
    assert_eq!(calls.ended(index), Some(Interruption::TimedOut));
}

#[test]
fn calls_that_were_overdue_when_another_was_made_are_ended_after_it() {
    let mut calls = Table::new();
    let (overdue, _) = calls.add(1000.0, 0.0);
    let (patient, _) = calls.add(9000.0, 0.0);
    let now = 1000.0 + GRACE_MS + 1.0;
    calls.store(overdue, "overdue");
    let (new, _) = calls.add(now + 1.0, now);
    assert!(calls.has_abandoned());
    drop(calls.remove(new));
    let woken = calls.end_abandoned();
    assert!(matches!(woken[..], [Woken::Task("overdue")]), "{woken:?}");
    assert_eq!(calls.ended(overdue), Some(Interruption::Abandoned));
    assert_eq!(calls.ended(patient), None);
    assert!(!calls.has_abandoned() && calls.end_abandoned().is_empty());
}

#[test]
fn the_table_is_not_looked_through_for_each_call() {
    let mut calls = Table::new();
    let (_, _) = calls.add(0.0, 1.0);
    calls.add(5000.0, GRACE_MS / 2.0);
    assert!(!calls.has_abandoned());
    calls.add(5000.0, 3.0 * GRACE_MS);
    assert!(calls.has_abandoned());
}

#[test]
fn a_slot_that_was_never_taken_holds_nothing() {
    let mut calls = Table::new();
    assert!(matches!(settle(&mut calls, (5, 0), 1), Woken::Nobody));
    assert_eq!(poll(&mut calls, 5), Wait::Pending);
    assert_eq!(calls.begin_wait(5), (0, None));
    assert_eq!(calls.ended(5), None);
    calls.store(5, "task");
    drop(calls.remove(5));
    assert_eq!(calls.add(1.0, 0.0).0, 0);
}

/// What can happen, to one of a few calls.
#[derive(Clone, Debug)]
enum Happening {
    Add,
    Wait,
    Settle { how_old: usize },
    Abort { how_old: usize },
    Expire { how_old: usize, late: bool },
    Poll,
    Remove,
    Sweep,
}

fn happening() -> impl Strategy<Value = (usize, Happening)> {
    let kind = prop_oneof![
        Just(Happening::Add),
        Just(Happening::Wait),
        (0..3usize).prop_map(|how_old| Happening::Settle { how_old }),
        (0..2usize).prop_map(|how_old| Happening::Abort { how_old }),
        (0..2usize, any::<bool>()).prop_map(|(how_old, late)| Happening::Expire { how_old, late }),
        Just(Happening::Poll),
        Just(Happening::Remove),
        Just(Happening::Sweep),
    ];
    (0..4usize, kind)
}

/// What is known of a call from outside.
#[derive(Default)]
struct Known {
    /// The tickets of the calls in its place, and of their waits, oldest first.
    calls: Vec<(u32, u32)>,
    waits: Vec<(u32, u32)>,
    is_live: bool,
    value: Option<u32>,
    ended: Option<Interruption>,
    has_settled: bool,
    /// 0 where no timer was late, 1 where one was, 2 where the call knows.
    lateness: u8,
}

/// Returns the ticket that is so many places before the newest.
fn old(tickets: &[(u32, u32)], how_old: usize) -> Option<(u32, u32)> {
    tickets.iter().rev().nth(how_old).copied()
}

proptest! {
    /// In any order of events, each call sees only its own: the value of its current wait, once, or
    /// what ended it first.
    #[test]
    fn events_reach_only_the_call_and_the_wait_that_they_are_for(
        steps in prop::collection::vec(happening(), 1..120),
    ) {
        let mut table = Table::new();
        let mut known: HashMap<usize, Known> = HashMap::new();
        let mut next = 0;
        for (which, what) in steps {
            let call = known.entry(which).or_default();
            match what {
                Happening::Add if !call.is_live => {
                    let ticket = table.add(10.0, 0.0);
                    call.calls.push(ticket);
                    *call = Known {
                        is_live: true,
                        has_settled: true,
                        calls: mem::take(&mut call.calls),
                        waits: mem::take(&mut call.waits),
                        ..Known::default()
                    };
                }
                Happening::Wait if call.is_live => {
                    let index = call.calls.last().unwrap().0;
                    call.waits.push(wait(&mut table, index));
                    (call.value, call.has_settled) = (None, false);
                }
                Happening::Settle { how_old } => {
                    let Some(ticket) = old(&call.waits, how_old) else { continue };
                    next += 1;
                    settle(&mut table, ticket, next);
                    if how_old == 0 && call.is_live && !call.has_settled {
                        (call.value, call.has_settled) = (Some(next), true);
                    }
                }
                Happening::Abort { how_old } => {
                    let Some((index, ticket)) = old(&call.calls, how_old) else { continue };
                    table.end(index, ticket, Interruption::Aborted);
                    if how_old == 0 && call.is_live {
                        call.ended.get_or_insert(Interruption::Aborted);
                    }
                }
                Happening::Expire { how_old, late } => {
                    let Some((index, ticket)) = old(&call.calls, how_old) else { continue };
                    table.expire(index, ticket, if late { f64::INFINITY } else { 0.0 });
                    if how_old > 0 || !call.is_live || call.value.is_some() {
                        continue;
                    }
                    if late && call.lateness == 0 {
                        call.lateness = 1;
                    } else {
                        call.ended.get_or_insert(Interruption::TimedOut);
                    }
                }
                Happening::Poll if call.is_live => {
                    let index = call.calls.last().unwrap().0;
                    let expected = match (call.ended, call.value.take(), call.lateness) {
                        (Some(_), value, _) => {
                            call.value = value;
                            Wait::Ended
                        }
                        (None, Some(value), _) => Wait::Settled(value),
                        (None, None, 1) => {
                            call.lateness = 2;
                            Wait::Late
                        }
                        (None, None, _) => Wait::Pending,
                    };
                    prop_assert_eq!(poll(&mut table, index), expected);
                }
                Happening::Remove if call.is_live => {
                    drop(table.remove(call.calls.last().unwrap().0));
                    call.is_live = false;
                }
                Happening::Sweep => drop(table.end_abandoned()),
                _ => {}
            }
        }
        let live = known.values().filter(|call| call.is_live).count();
        prop_assert_eq!(table.slots.len() - table.free.len(), live);
    }
}
