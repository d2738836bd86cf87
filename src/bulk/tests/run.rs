//! Tests bulk runs over a simulated client, in simulated time.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::task::{Poll, Waker};

use futures_util::stream::{self, StreamExt};

use super::super::{ManyOptions, ManyResult, PauseReason, Run};
use super::simulation::{Simulation, failed, lost, refused, token};
use crate::error::{ErrorCode, Outcome};

#[test]
fn each_input_has_one_result() {
    let client = Simulation::new(|input, call| match (input, call) {
        (13, 1) => Err(refused(0)),
        _ => token(),
    });
    let mut results = client.results(client.create(stream::iter(10..40), ManyOptions::new()));
    results.sort_by_key(|result| result.index);
    assert_eq!(results.len(), 30);
    for (
        index,
        ManyResult {
            index: own,
            input,
            result,
        },
    ) in results.into_iter().enumerate()
    {
        assert_eq!((own, input as usize), (index, index + 10));
        assert!(result.is_ok());
    }
}

#[test]
fn an_endless_stream_is_pulled_one_by_one_and_stops() {
    let client = Simulation::new(|_, _| token());
    let pulled = Rc::new(Cell::new(0));
    let inputs = stream::iter(0..).inspect({
        let pulled = Rc::clone(&pulled);
        move |_| pulled.set(pulled.get() + 1)
    });
    let mut run = client.create(inputs, ManyOptions::new().concurrency(4));
    assert_eq!(pulled.get(), 0);
    assert!(client.wait(run.next()).is_some());
    assert_eq!(pulled.get(), 4);
    run.stop();
    assert_eq!(Rc::strong_count(&pulled), 1, "the inputs are dropped");
    assert_eq!(client.results(run).len(), 3);
    assert_eq!(client.times().len(), 4);
}

#[test]
fn requests_go_on_before_a_result_is_returned() {
    let client = Simulation::new(|_, _| token());
    let mut run = client.create(stream::iter(0..), ManyOptions::new().concurrency(4));
    for taken in 1..=20 {
        assert!(client.wait(run.next()).is_some());
        // The caller takes its time.
        client.0.now.update(|now| now + 1000.0);
        assert!(client.times().len() >= taken + 3, "{taken}");
    }
}

#[test]
fn a_429_pauses_the_run_and_says_so() {
    let client = Simulation::new(|input, call| match (input, call) {
        (2, 1) => Err(refused(1)),
        _ => token(),
    });
    // A time to which 1000 is added inexactly.
    client.0.now.set(93.4);
    let told = RefCell::new(Vec::new());
    let options = ManyOptions::new()
        .concurrency(1)
        .on_pause(|pause| {
            assert_eq!(pause.error.code, ErrorCode::RateLimited);
            told.borrow_mut()
                .push((pause.reason.as_str(), pause.wait.as_millis()));
        })
        .on_resume(|| told.borrow_mut().push(("resumed", 0)));
    let results = client.results(client.create(stream::iter(0..5), options));
    assert!(results.iter().all(|result| result.result.is_ok()));
    assert_eq!(*told.borrow(), [("rate_limit", 1000), ("resumed", 0)]);
    let times = client.times();
    assert!((times[3] - times[2]).round() >= 1000.0, "{times:?}");
}

#[test]
fn an_outage_pauses_the_run_for_longer_each_time() {
    let client = Simulation::new(|_, _| Err(lost()));
    let reasons = RefCell::new(Vec::new());
    let options = ManyOptions::new().rate_limit(100).on_pause(|pause| {
        reasons
            .borrow_mut()
            .push((pause.reason, pause.wait.as_secs()))
    });
    client.0.limit.set(100);
    let results = client.results(client.create(stream::iter(0..13), options));
    assert!(results.iter().all(|result| result.result.is_err()));
    let expected = [1, 2, 4, 8].map(|seconds| (PauseReason::Outage, seconds));
    assert_eq!(*reasons.borrow(), expected);
}

#[test]
fn an_error_has_the_attempts_and_the_outcome_of_all_calls() {
    let client = Simulation::new(|_, call| match call {
        1 => Err(lost()),
        2 => Err(refused(1)),
        _ => Err(failed(ErrorCode::NotPending, Outcome::NoEffect, None)),
    });
    let run = Run::new(stream::iter([7]), client.clone(), ManyOptions::new(), true);
    let results = client.results(run);
    let error = results[0].result.clone().unwrap_err();
    assert_eq!(
        (error.code, error.attempts, error.outcome),
        (ErrorCode::NotPending, 3, Outcome::Unknown)
    );
}

#[test]
fn an_input_that_waits_for_a_retry_ends_with_a_stop() {
    let client = Simulation::new(|input, _| match input {
        0 => Err(refused(60)),
        _ => token(),
    });
    let mut run = client.create(stream::iter(0..), ManyOptions::new().concurrency(2));
    assert!(client.wait(run.next()).unwrap().result.is_ok());
    run.stop();
    let results = client.results(run);
    assert_eq!(results.len(), 1);
    assert_eq!(results[0].input, 0);
    assert_eq!(
        results[0].result.clone().unwrap_err().code,
        ErrorCode::RateLimited
    );
    assert!(client.0.now.get() < 60_000.0);
}

#[test]
fn a_run_that_is_stopped_tells_no_pause() {
    let client = Simulation::new(|input, _| match input {
        0 | 1 => token(),
        _ => Err(refused(60)),
    });
    let told = Cell::new(0);
    let options = ManyOptions::new()
        .concurrency(2)
        .on_pause(|_| told.set(told.get() + 1));
    let mut run = client.create(stream::iter(0..), options);
    for _ in 0..2 {
        assert!(client.wait(run.next()).unwrap().result.is_ok());
    }
    run.stop();
    let results = client.results(run);
    assert!(results.iter().any(|result| result.result.is_err()));
    assert_eq!(told.get(), 0);
}

#[test]
fn a_run_that_is_dropped_drops_its_calls() {
    let client = Simulation::new(|_, _| token());
    let mut run = client.create(stream::iter(0..), ManyOptions::new().concurrency(4));
    client.wait(run.next());
    assert!(client.0.in_flight.get() > 0);
    drop(run);
    assert_eq!(client.0.in_flight.get(), 0);
}

#[test]
fn inputs_may_wait_for_results() {
    let client = Simulation::new(|_, call| if call == 1 { Err(refused(1)) } else { token() });
    let (input, inputs) = (Cell::new(Some(0)), RefCell::new(None::<Waker>));
    let waiting = stream::poll_fn(|context| {
        if let Some(next) = input.take() {
            return Poll::Ready((next < 3).then_some(next));
        }
        inputs.replace(Some(context.waker().clone()));
        Poll::Pending
    });
    let mut run = client.create(waiting, ManyOptions::new());
    for expected in 0..3 {
        assert_eq!(client.wait(run.next()).unwrap().input, expected);
        input.set(Some(expected + 1));
        inputs.take().unwrap().wake();
    }
    assert_eq!(client.wait(run.next()), None);
}

#[test]
fn a_client_that_learns_of_a_production_key_gets_its_limit() {
    let client = Simulation::new(|_, _| token());
    client.0.limit.set(100);
    let mut run = client.create(stream::iter(0..105), ManyOptions::new());
    client.wait(run.next());
    client.0.limit.set(1000);
    assert_eq!(client.results(run).len(), 104);
    assert!(client.0.now.get() < 1500.0);
}

#[test]
fn without_timers_a_run_ends_all_the_same() {
    let mut client =
        Simulation::new(|_, _| Err(failed(ErrorCode::Network, Outcome::NoEffect, None)));
    Rc::get_mut(&mut client.0).unwrap().has_timers = false;
    let results = client.results(client.create(stream::iter(0..3), ManyOptions::new()));
    assert_eq!(results.len(), 3);
}
