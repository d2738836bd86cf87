//! A client whose calls and time are simulated.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use futures_util::future::{LocalBoxFuture, poll_fn};
use futures_util::stream::{Stream, StreamExt};

use super::super::run::{Backend, Entry, Sent};
use super::super::{ManyOptions, ManyResult, Run};
use crate::error::{Error, ErrorCode, Outcome};
use crate::token::{SignInToken, Status};

/// The number of an input, and of its call.
pub(super) type Answer = fn(u32, u32) -> Result<SignInToken, Error>;

pub(super) fn token() -> Result<SignInToken, Error> {
    Ok(SignInToken {
        object: "sign_in_token".into(),
        id: "sit_1".into(),
        user_id: "user_1".into(),
        status: Status::Pending,
        token: None,
        url: None,
        created_at: 1,
        updated_at: 1,
    })
}

/// Returns the error of a request.
pub(super) fn failed(code: ErrorCode, outcome: Outcome, retry_after: Option<u32>) -> Error {
    let mut error = Error::new(code, outcome, String::new()).with_calls(1, false);
    error.0.retry_after = retry_after;
    error
}

pub(super) fn lost() -> Error {
    failed(ErrorCode::Network, Outcome::Unknown, None)
}

pub(super) fn refused(seconds: u32) -> Error {
    failed(ErrorCode::RateLimited, Outcome::NoEffect, Some(seconds))
}

/// A client whose calls take 10 ms.
#[derive(Clone)]
pub(super) struct Simulation(pub Rc<State>);

pub(super) struct State {
    pub now: Cell<f64>,
    pub timers: RefCell<Vec<(f64, Waker)>>,
    pub has_timers: bool,
    pub limit: Cell<u32>,
    pub answer: Answer,
    /// When each request was sent, and for which input.
    pub sent: RefCell<Vec<(f64, u32)>>,
    pub in_flight: Cell<usize>,
}

/// Counts a call that is in flight until it is dropped.
struct InFlight(Rc<State>);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.in_flight.update(|count| count - 1);
    }
}

impl Simulation {
    pub fn new(answer: Answer) -> Self {
        Self(Rc::new(State {
            now: Cell::new(0.0),
            timers: RefCell::default(),
            has_timers: true,
            limit: Cell::new(1000),
            answer,
            sent: RefCell::default(),
            in_flight: Cell::new(0),
        }))
    }

    fn sleep(&self, ms: f64) -> impl Future<Output = ()> + use<> {
        let state = Rc::clone(&self.0);
        let at = state.now.get() + ms;
        poll_fn(move |context| {
            if state.now.get() >= at {
                return Poll::Ready(());
            }
            let timer = (at, context.waker().clone());
            state.timers.borrow_mut().push(timer);
            Poll::Pending
        })
    }

    /// Lets the time pass until the next timer fires.
    pub fn pass(&self) {
        let mut timers = self.0.timers.take();
        timers.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (at, waker) = timers.remove(0);
        *self.0.timers.borrow_mut() = timers;
        self.0.now.set(self.0.now.get().max(at));
        waker.wake();
    }

    /// Returns what the future returns.
    pub fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = Box::pin(future);
        let mut context = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
                return value;
            }
            self.pass();
        }
    }

    pub fn create<'a>(
        &self,
        inputs: impl Stream<Item = u32> + 'a,
        options: ManyOptions<'a>,
    ) -> Run<'a, u32> {
        Run::new(inputs, self.clone(), options, false)
    }

    pub fn results(&self, run: Run<'_, u32>) -> Vec<ManyResult<u32>> {
        self.wait(run.collect())
    }

    pub fn times(&self) -> Vec<f64> {
        self.0.sent.borrow().iter().map(|(at, _)| *at).collect()
    }
}

impl<'a> Backend<'a, u32> for Simulation {
    fn send(&self, entry: Entry<u32>) -> Sent<'a, u32> {
        let state = Rc::clone(&self.0);
        let input = entry.kept.input;
        state.sent.borrow_mut().push((state.now.get(), input));
        let sent = state.sent.borrow();
        let call = sent.iter().filter(|(_, sent)| *sent == input).count() as u32;
        drop(sent);
        state.in_flight.update(|count| count + 1);
        let in_flight = InFlight(state);
        let answered = self.sleep(10.0);
        Box::pin(async move {
            answered.await;
            (entry, (in_flight.0.answer)(input, call))
        })
    }

    fn limit(&self) -> u32 {
        self.0.limit.get()
    }

    fn now(&self) -> f64 {
        self.0.now.get()
    }

    fn random(&self) -> f64 {
        0.5
    }

    fn sleep(&self, ms: u32) -> LocalBoxFuture<'a, bool> {
        if !self.0.has_timers {
            return Box::pin(async { false });
        }
        let slept = Self::sleep(self, f64::from(ms));
        Box::pin(async move {
            slept.await;
            true
        })
    }
}
