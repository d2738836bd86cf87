//! Drives a bulk run: pulls inputs one by one, makes the calls when the pacer says so, returns
//! results.

use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use core::time::Duration;
use std::collections::VecDeque;

use futures_util::Stream;
use futures_util::future::LocalBoxFuture;
use futures_util::stream::FuturesUnordered;

use super::options::{ManyOptions, Pause};
use super::pacer::{Failure, Item, Pacer, Settings, Step};
use super::rate_limiter::Break;
use crate::error::Error;
use crate::token::SignInToken;

/// The longest delay of a timer, in milliseconds.
const LONGEST_TIMER: f64 = i32::MAX as f64;

/// An input, with the error of its last call.
pub(super) struct Kept<I> {
    pub input: I,
    error: Option<Error>,
}

pub(super) type Entry<I> = Item<Kept<I>>;

/// A call, which returns its entry with its result.
pub(super) type Sent<'a, I> = LocalBoxFuture<'a, (Entry<I>, Result<SignInToken, Error>)>;

/// What a run works with: a client, and the runtime's clock, random numbers and timers. Times are
/// in milliseconds.
pub(super) trait Backend<'a, I> {
    /// Makes one call, without retries.
    fn send(&self, entry: Entry<I>) -> Sent<'a, I>;
    /// Returns the rate limit, in requests in 10 seconds.
    fn limit(&self) -> u32;
    fn now(&self) -> f64;
    fn random(&self) -> f64;
    /// Waits. Returns false at once where the runtime allows no timers.
    fn sleep(&self, ms: u32) -> LocalBoxFuture<'a, bool>;
}

/// The result of one input.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ManyResult<I> {
    /// The place of the input in the stream of inputs, from 0.
    pub index: usize,
    /// The input itself.
    pub input: I,
    /// The token, or the error of the last call, whose `attempts` and `outcome` are those of all
    /// calls for this input.
    pub result: Result<SignInToken, Error>,
}

/// A bulk run: a stream of results, in the order of the answers.
///
/// It sends and pulls only while it is polled. Requests in flight continue: an answer that comes
/// meanwhile is kept. Dropping a run aborts its requests; [`stop`](Self::stop) it instead, and take
/// the remaining results, to learn their outcome.
#[must_use = "a run sends nothing before its results are taken"]
pub struct Run<'a, I> {
    /// `None` once there are no more.
    inputs: Option<Pin<Box<dyn Stream<Item = I> + 'a>>>,
    backend: Box<dyn Backend<'a, I> + 'a>,
    options: ManyOptions<'a>,
    pacer: Pacer<Kept<I>>,
    is_pulling: bool,
    in_flight: FuturesUnordered<Sent<'a, I>>,
    results: VecDeque<ManyResult<I>>,
    timer: Option<LocalBoxFuture<'a, bool>>,
    /// The sum of the waits that no timer could be set for.
    skipped: f64,
    pause: Option<Break>,
}

/// Nothing in it is pinned but what has a box of its own.
impl<I> Unpin for Run<'_, I> {}

impl<'a, I> Run<'a, I> {
    pub(super) fn new(
        inputs: impl Stream<Item = I> + 'a,
        backend: impl Backend<'a, I> + 'a,
        options: ManyOptions<'a>,
        is_idempotent: bool,
    ) -> Self {
        let settings = Settings {
            limit: backend.limit(),
            concurrency: options.concurrency,
            max_retries: options.max_retries,
            is_idempotent,
        };
        Self {
            inputs: Some(Box::pin(inputs)),
            pacer: Pacer::new(settings, backend.now()),
            backend: Box::new(backend),
            options,
            is_pulling: false,
            in_flight: FuturesUnordered::new(),
            results: VecDeque::new(),
            timer: None,
            skipped: 0.0,
            pause: None,
        }
    }

    /// Pulls no further input and sends nothing more. The stream returns the results of the calls
    /// in flight, then ends. An input that waits for a retry ends with its last error; one without
    /// a request gets no result. Pauses are not told any more.
    pub fn stop(&mut self) {
        self.inputs = None;
        self.options.on_pause = Box::new(|_| ());
        self.options.on_resume = Box::new(|| ());
        for item in self.pacer.stop() {
            if let Some(error) = item.kept.error.clone() {
                self.results.push_back(result_of(item, Err(error)));
            }
        }
    }

    fn now(&self) -> f64 {
        self.backend.now() + self.skipped
    }

    /// Passes on what the inputs have, if an input is to be pulled.
    fn pull(&mut self, context: &mut Context<'_>) {
        let Some(inputs) = self.inputs.as_mut().filter(|_| self.is_pulling) else {
            return;
        };
        let Poll::Ready(input) = inputs.as_mut().poll_next(context) else {
            return;
        };
        self.is_pulling = false;
        if let Some(input) = input {
            self.pacer.pulled(Kept { input, error: None });
        } else {
            self.inputs = None;
            self.pacer.exhausted();
        }
    }

    fn ended(&mut self, mut entry: Entry<I>, result: Result<SignInToken, Error>) {
        let (now, random) = (self.now(), self.backend.random());
        let error = result.as_ref().err().cloned();
        let failure = error.as_ref().map(Failure::from);
        entry.kept.error.clone_from(&error);
        if let Some(entry) = self.pacer.ended(entry, failure, now, random) {
            self.results.push_back(result_of(entry, result));
        }
        // A client can learn late of which instance its key is.
        self.pacer.set_limit(self.backend.limit());
        self.tell(error, now);
    }

    /// Tells the caller of a pause that began, changed or ended.
    fn tell(&mut self, error: Option<Error>, now: f64) {
        let pause = self.pacer.pause();
        if pause == self.pause {
            return;
        }
        self.pause = pause;
        match (pause, error) {
            (Some(Break { reason, until }), Some(error)) => {
                let wait = Duration::from_millis((until - now).round() as u64);
                let pause = Pause {
                    reason,
                    wait,
                    error,
                };
                (self.options.on_pause)(&pause);
            }
            _ => (self.options.on_resume)(),
        }
    }

    /// Waits so many milliseconds, or until something else wakes the run.
    fn wait(&mut self, ms: f64, context: &mut Context<'_>) -> Poll<()> {
        self.timer = None;
        if ms == f64::INFINITY {
            return Poll::Pending;
        }
        // A conversion from f64 saturates.
        let mut timer = self.backend.sleep(ms.min(LONGEST_TIMER).ceil() as u32);
        match timer.as_mut().poll(context) {
            Poll::Pending => {
                self.timer = Some(timer);
                return Poll::Pending;
            }
            // No call can be made there either: they end at once, with an error that says so.
            Poll::Ready(false) => self.skipped += ms,
            Poll::Ready(true) => {}
        }
        Poll::Ready(())
    }
}

impl<I> Stream for Run<'_, I> {
    type Item = ManyResult<I>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<ManyResult<I>>> {
        let run = self.get_mut();
        loop {
            while let Poll::Ready(Some((entry, result))) =
                Pin::new(&mut run.in_flight).poll_next(context)
            {
                run.ended(entry, result);
            }
            run.pull(context);
            // The next requests go before a result: its caller may take long for it.
            let wait = match run.pacer.next(run.now()) {
                Step::Pull => {
                    run.is_pulling = true;
                    continue;
                }
                Step::Send(entry) => {
                    run.in_flight.push(run.backend.send(entry));
                    continue;
                }
                Step::Wait(ms) => Some(ms),
                Step::End => None,
            };
            if let Some(result) = run.results.pop_front() {
                run.pacer.taken();
                return Poll::Ready(Some(result));
            }
            let Some(ms) = wait else {
                return Poll::Ready(None);
            };
            ready!(run.wait(ms, context));
        }
    }
}

impl<I> fmt::Debug for Run<'_, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run").finish_non_exhaustive()
    }
}

/// Returns a result, with what the earlier calls for its input mean.
fn result_of<I>(entry: Entry<I>, result: Result<SignInToken, Error>) -> ManyResult<I> {
    let (attempts, is_unknown) = (entry.attempts, entry.is_unknown);
    ManyResult {
        index: entry.index,
        input: entry.kept.input,
        result: result.map_err(|error| error.with_calls(attempts, is_unknown)),
    }
}
