//! The rate limiter of a bulk run: a token bucket with a circuit breaker, which is half-open after
//! a 429 and during an outage. Times are in milliseconds. It is `pkg/src/bulk/rate-limiter.ts` in
//! Rust, where each constant is explained; `tests/traces` keeps the two alike.

use crate::serialize::impl_as_str;

/// Clerk's limits, in requests in 10 seconds, for a development and a production instance.
pub(super) const TEST_LIMIT: u32 = 100;
pub(super) const LIVE_LIMIT: u32 = 1000;

const WINDOW: f64 = 10_000.0;
const SHARE: f64 = 0.98;
const BURST: f64 = 5.0;
const SLOWER: f64 = 0.8;
const FASTER: f64 = 0.0002;
const SLOWEST: f64 = 0.05;
const OUTAGE: u32 = 10;
const MOMENT: f64 = 250.0;
const FIRST_PAUSE: f64 = 1000.0;
const LONGEST_PAUSE: f64 = 30_000.0;

/// Says why a run sends nothing.
///
/// Non-exhaustive: a later version may tell more reasons apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PauseReason {
    /// Clerk answered with a 429.
    RateLimit,
    /// Many answers in a row were lost, or were 5xx.
    Outage,
}

impl_as_str!(PauseReason);

impl PauseReason {
    /// Returns the reason as the npm package spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RateLimit => "rate_limit",
            Self::Outage => "outage",
        }
    }
}

/// A time without requests. It lasts until the request after it, which goes alone, is answered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Break {
    pub reason: PauseReason,
    pub until: f64,
}

pub(super) struct RateLimiter {
    full: f64,
    rate: f64,
    capacity: f64,
    tokens: f64,
    at: f64,
    pause: Option<Break>,
    is_half_open: bool,
    resumed_at: f64,
    failures: u32,
    failing_since: f64,
    next_pause: f64,
}

impl RateLimiter {
    /// The limit is in requests in 10 seconds.
    pub fn new(limit: u32, now: f64) -> Self {
        let mut made = Self {
            full: 0.0,
            rate: 0.0,
            capacity: 1.0,
            tokens: BURST,
            at: now,
            pause: None,
            is_half_open: false,
            resumed_at: f64::NEG_INFINITY,
            failures: 0,
            failing_since: 0.0,
            next_pause: FIRST_PAUSE,
        };
        made.set_limit(limit);
        made
    }

    /// Replaces the limit. No window gets a request too many, wherever the API has it start.
    pub fn set_limit(&mut self, limit: u32) {
        let limit = f64::from(limit);
        self.full = (limit * SHARE) / WINDOW;
        self.rate = self.full;
        self.capacity = (limit * (1.0 - SHARE)).floor().clamp(1.0, BURST);
    }

    pub const fn pause(&self) -> Option<Break> {
        self.pause
    }

    /// Takes a token for one request. Returns 0 if there was one, else the milliseconds to wait
    /// before the next try: infinity while a request in flight has to end first.
    pub fn take(&mut self, now: f64) -> f64 {
        if let Some(Break { until, .. }) = self.pause
            && now < until
        {
            return until - now;
        }
        if self.is_half_open {
            return f64::INFINITY;
        }
        let earned = (now - self.at).max(0.0) * self.rate;
        self.tokens = (self.tokens + earned).min(self.capacity);
        self.at = now;
        if self.tokens < 1.0 {
            return ((1.0 - self.tokens) / self.rate).ceil();
        }
        self.tokens -= 1.0;
        self.is_half_open = self.pause.is_some();
        0.0
    }

    /// Puts a token back for which no request was sent.
    pub const fn give_back(&mut self) {
        self.tokens += 1.0;
        self.is_half_open = false;
    }

    /// Notes an answer that is not a 429.
    pub const fn answered(&mut self) {
        self.failures = 0;
        self.next_pause = FIRST_PAUSE;
        self.resume();
        self.rate = (self.rate + self.full * FASTER).min(self.full);
    }

    /// Notes a failure that says nothing about the rate.
    pub fn failed(&mut self, now: f64) {
        // A request that was sent before the pause says nothing new.
        if self.pause.is_some() && !self.is_half_open {
            return;
        }
        if let Some(Break {
            reason: PauseReason::Outage,
            ..
        }) = self.pause
        {
            return self.back_off(now);
        }
        self.resume();
        if self.failures == 0 {
            self.failing_since = now;
        }
        self.failures += 1;
        if self.failures >= OUTAGE && now - self.failing_since >= MOMENT {
            self.back_off(now);
        }
    }

    fn back_off(&mut self, now: f64) {
        self.pause_until(now + self.next_pause, PauseReason::Outage);
        self.next_pause = (self.next_pause * 2.0).min(LONGEST_PAUSE);
    }

    /// Notes a 429 that asks to wait so many milliseconds.
    pub fn refused(&mut self, now: f64, wait: f64) {
        self.failures = 0;
        // The first refusal counts for all requests that were in flight then.
        if self.pause.is_none() && now - self.resumed_at < WINDOW {
            self.rate = (self.rate * SLOWER).max(self.full * SLOWEST);
        }
        self.pause_until(now + wait, PauseReason::RateLimit);
    }

    fn pause_until(&mut self, until: f64, reason: PauseReason) {
        self.is_half_open = false;
        // The longest of several waits counts.
        let longest = match self.pause {
            Some(before) if until <= before.until => before,
            _ => Break { reason, until },
        };
        self.pause = Some(longest);
        self.tokens = 1.0;
        self.at = longest.until;
    }

    const fn resume(&mut self) {
        if self.is_half_open
            && let Some(pause) = self.pause.take()
        {
            self.resumed_at = pause.until;
        }
        self.is_half_open = false;
    }
}
