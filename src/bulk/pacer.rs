//! Decides what a bulk run does next: pull an input, send a request, wait or end. It reads no
//! clock, sets no timer and draws no random number: callers pass them, times in milliseconds. It is
//! `pkg/src/bulk/pacer.ts` in Rust; `tests/traces` keeps the two alike.

use core::mem;

use super::rate_limiter::{Break, RateLimiter};
use crate::error::{Error, ErrorCode, Outcome};
use crate::retry;

/// Milliseconds to wait after a 429 without `Retry-After`.
const DEFAULT_WAIT: f64 = 1000.0;

/// An input that was pulled, with the results of its calls.
#[derive(Debug)]
pub(super) struct Item<T> {
    pub index: usize,
    /// What the caller keeps of it.
    pub kept: T,
    /// The attempts of all its calls.
    pub attempts: u32,
    /// Whether one of its calls may have taken effect.
    pub is_unknown: bool,
    retries: u32,
    /// The time before which it is not sent.
    not_before: f64,
}

/// What the pacer reads of the error of a call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Failure {
    pub code: ErrorCode,
    pub outcome: Outcome,
    pub attempts: u32,
    /// In seconds.
    pub retry_after: Option<u32>,
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        Self {
            code: error.code,
            outcome: error.outcome,
            attempts: error.attempts,
            retry_after: error.retry_after,
        }
    }
}

/// What comes next.
#[derive(Debug)]
pub(super) enum Step<T> {
    Pull,
    Send(Item<T>),
    /// Wait so many milliseconds, or until something changes. Infinity where only a change ends it.
    Wait(f64),
    End,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    /// In requests in 10 seconds.
    pub limit: u32,
    pub concurrency: usize,
    pub max_retries: u32,
    /// Whether a request that may have taken effect is sent again.
    pub is_idempotent: bool,
}

pub(super) struct Pacer<T> {
    limiter: RateLimiter,
    settings: Settings,
    /// The items to send once the rate limit and their own waits allow it: those to retry, and at
    /// most one new one.
    ready: Vec<Item<T>>,
    pulled: usize,
    in_flight: usize,
    /// Results that the caller has not taken count as in flight, so a slow consumer slows the run.
    untaken: usize,
    is_pulling: bool,
    is_exhausted: bool,
    is_stopped: bool,
}

impl<T> Pacer<T> {
    pub fn new(settings: Settings, now: f64) -> Self {
        Self {
            limiter: RateLimiter::new(settings.limit, now),
            settings,
            ready: Vec::new(),
            pulled: 0,
            in_flight: 0,
            untaken: 0,
            is_pulling: false,
            is_exhausted: false,
            is_stopped: false,
        }
    }

    /// Replaces the rate limit, in requests in 10 seconds.
    pub fn set_limit(&mut self, limit: u32) {
        if mem::replace(&mut self.settings.limit, limit) != limit {
            self.limiter.set_limit(limit);
        }
    }

    /// Returns why and until when no request is sent.
    pub const fn pause(&self) -> Option<Break> {
        self.limiter.pause()
    }

    pub fn next(&mut self, now: f64) -> Step<T> {
        if self.is_exhausted && self.ready.is_empty() && self.in_flight == 0 {
            return Step::End;
        }
        let taken = self.in_flight + self.untaken;
        let room = self.settings.concurrency.saturating_sub(taken);
        let position = self.ready.iter().position(|item| item.not_before <= now);
        let Some(position) = position else {
            // Items that wait for their retry count here, so that an outage does not pull all
            // inputs.
            if room > self.ready.len() && !self.is_exhausted && !self.is_pulling {
                self.is_pulling = true;
                return Step::Pull;
            }
            let times = self.ready.iter().map(|item| item.not_before);
            return Step::Wait(times.fold(f64::INFINITY, f64::min) - now);
        };
        // Only with an item to send: a pull may take long, and a token taken before it would be out
        // of date.
        let wait = self.limiter.take(now);
        if wait > 0.0 {
            return Step::Wait(wait);
        }
        self.in_flight += 1;
        Step::Send(self.ready.remove(position))
    }

    /// Notes that an input came. One that comes after a stop is dropped.
    pub fn pulled(&mut self, kept: T) {
        self.is_pulling = false;
        if !self.is_stopped {
            self.ready.push(Item {
                index: self.pulled,
                kept,
                attempts: 0,
                is_unknown: false,
                retries: 0,
                not_before: f64::NEG_INFINITY,
            });
        }
        self.pulled += 1;
    }

    /// Notes that there are no more inputs.
    pub const fn exhausted(&mut self) {
        self.is_pulling = false;
        self.is_exhausted = true;
    }

    /// Notes how the call of an item ended: with a token, or with a failure. Returns the item if
    /// that is its result, or `None` if it is sent again. `random` is in [0, 1).
    pub fn ended(
        &mut self,
        mut item: Item<T>,
        failure: Option<Failure>,
        now: f64,
        random: f64,
    ) -> Option<Item<T>> {
        self.in_flight -= 1;
        if let Some(failure) = failure {
            self.tell_limiter(failure, now);
            item.attempts += failure.attempts;
            item.is_unknown |= failure.outcome == Outcome::Unknown;
            let is_left = item.retries < self.settings.max_retries;
            if !self.is_stopped && is_left && self.may_retry(failure) {
                item.retries += 1;
                item.not_before = now + wait_before(item.retries, failure, random);
                self.ready.push(item);
                return None;
            }
        } else {
            self.limiter.answered();
        }
        self.untaken += 1;
        Some(item)
    }

    /// Notes that the caller took a result. Those of a stop are not counted.
    pub const fn taken(&mut self) {
        self.untaken = self.untaken.saturating_sub(1);
    }

    /// Sends and pulls nothing more. Returns the items that waited to be sent.
    pub fn stop(&mut self) -> Vec<Item<T>> {
        self.is_stopped = true;
        self.is_exhausted = true;
        mem::take(&mut self.ready)
    }

    const fn may_retry(&self, failure: Failure) -> bool {
        match (failure.code, failure.outcome) {
            (ErrorCode::RateLimited, _) | (ErrorCode::Network, Outcome::NoEffect) => true,
            // Unlike a create, a revoke is idempotent.
            (ErrorCode::Network | ErrorCode::ServerError | ErrorCode::Timeout, _) => {
                self.settings.is_idempotent
            }
            _ => false,
        }
    }

    fn tell_limiter(&mut self, failure: Failure, now: f64) {
        let retry_after = failure
            .retry_after
            .map(|seconds| f64::from(seconds) * 1000.0);
        match (failure.code, failure.outcome) {
            (ErrorCode::RateLimited, _) => {
                self.limiter
                    .refused(now, retry_after.unwrap_or(DEFAULT_WAIT));
            }
            _ if failure.attempts == 0 => self.limiter.give_back(),
            (ErrorCode::Network, _) | (_, Outcome::Unknown) => self.limiter.failed(now),
            _ => self.limiter.answered(),
        }
    }
}

/// Returns the milliseconds to wait before an item's retry, which counts from 1: `Retry-After`, or
/// an exponential back-off with full jitter. After a 429 it is 0, because the rate limiter makes
/// all items wait.
fn wait_before(retry: u32, failure: Failure, random: f64) -> f64 {
    match (failure.code, failure.retry_after) {
        (ErrorCode::RateLimited, _) => 0.0,
        (_, Some(seconds)) => f64::from(seconds) * 1000.0,
        _ => f64::from(retry::backoff_ms(retry, random)),
    }
}
