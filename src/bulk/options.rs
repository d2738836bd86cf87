//! The options of a bulk run.

use core::fmt;
use core::time::Duration;

use super::rate_limiter::PauseReason;
#[cfg(any(target_arch = "wasm32", feature = "testing"))]
use crate::client::CallOptions;
use crate::error::Error;

/// Says why and how long a run sends nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pause {
    /// Why the run sends nothing.
    pub reason: PauseReason,
    /// The time from now until the next request.
    pub wait: Duration,
    /// The error of the last request.
    pub error: Error,
}

/// The options of a run.
#[must_use]
pub struct ManyOptions<'a> {
    pub(super) concurrency: usize,
    pub(super) max_retries: u32,
    pub(super) rate_limit: Option<u32>,
    #[cfg(any(target_arch = "wasm32", feature = "testing"))]
    pub(super) call: CallOptions,
    pub(super) on_pause: Box<dyn FnMut(&Pause) + 'a>,
    pub(super) on_resume: Box<dyn FnMut() + 'a>,
}

impl<'a> ManyOptions<'a> {
    /// Gives a run 20 calls at once, 10 retries for each input, and Clerk's own rate limit.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the maximum of calls in flight, at least 1.
    pub fn concurrency(mut self, concurrency: usize) -> Self {
        self.concurrency = concurrency.max(1);
        self
    }

    /// Sets the maximum of retries for each input.
    pub fn max_retries(mut self, max_retries: u32) -> Self {
        self.max_retries = max_retries;
        self
    }

    /// Sets the rate limit in requests in 10 seconds, at least 1: below Clerk's own where others
    /// use the same instance. The default is Clerk's own: 1000 for a production instance, else 100.
    pub fn rate_limit(mut self, rate_limit: u32) -> Self {
        self.rate_limit = Some(rate_limit.max(1));
        self
    }

    /// Sets the options of each call. Its maximum of retries does not count: the run retries.
    #[cfg(any(target_arch = "wasm32", feature = "testing"))]
    pub fn call_options(mut self, call: CallOptions) -> Self {
        self.call = call;
        self
    }

    /// Sets what is called when the run pauses, and again when the pause gets longer: the API still
    /// refuses the one request after it.
    pub fn on_pause(mut self, tell: impl FnMut(&Pause) + 'a) -> Self {
        self.on_pause = Box::new(tell);
        self
    }

    /// Sets what is called when a pause is over: the request after it is answered. Not called for a
    /// run that ends while it is paused.
    pub fn on_resume(mut self, tell: impl FnMut() + 'a) -> Self {
        self.on_resume = Box::new(tell);
        self
    }
}

impl Default for ManyOptions<'_> {
    fn default() -> Self {
        Self {
            concurrency: 20,
            max_retries: 10,
            rate_limit: None,
            #[cfg(any(target_arch = "wasm32", feature = "testing"))]
            call: CallOptions::new(),
            on_pause: Box::new(|_| ()),
            on_resume: Box::new(|| ()),
        }
    }
}

impl fmt::Debug for ManyOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ManyOptions")
            .field("concurrency", &self.concurrency)
            .field("max_retries", &self.max_retries)
            .field("rate_limit", &self.rate_limit)
            .finish_non_exhaustive()
    }
}
