//! The settings of a client and of a call, with the defaults.

use core::cell::Cell;
use core::future::Future;
use core::pin::Pin;
use std::rc::Rc;

use web_sys::wasm_bindgen::JsValue;
use web_sys::{Request, Response};

use crate::api_url::ApiUrl;
use crate::attempt::AttemptEvent;
#[cfg(target_arch = "wasm32")]
use crate::client::platform::HeaderRecord;
use crate::error::Error;
use crate::secret::{InstanceType, SecretKey};
#[cfg(not(target_arch = "wasm32"))]
use crate::testing::FakeFetch;

/// How long a call may take, in milliseconds, unless the caller says otherwise.
const TIMEOUT_MS: u32 = 10_000;

/// The maximum number of retries, unless the caller says otherwise.
const MAX_RETRIES: u32 = 2;

/// Longer timers overflow in `setTimeout`, and fire at once.
const MAX_TIMEOUT_MS: u32 = i32::MAX as u32;

/// The future of a Rust user.
pub(crate) type LocalFuture<T> = Pin<Box<dyn Future<Output = T>>>;

/// The observer, called after each attempt.
pub(crate) type Observer = Rc<dyn Fn(&AttemptEvent)>;

#[derive(Clone)]
pub(crate) struct Settings {
    pub secret_key: SecretKeySource,
    /// That of the last key.
    pub instance_type: Cell<Option<InstanceType>>,
    pub api_url: ApiUrl,
    pub fetch: Option<Fetch>,
    /// 0 stands for a timeout out of range.
    pub timeout_ms: u32,
    pub max_retries: u32,
    pub headers: Option<HeaderRecord>,
    pub on_attempt: Option<Observer>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct CallSettings {
    /// 0 stands for a timeout out of range.
    pub timeout_ms: Option<u32>,
    pub max_retries: Option<u32>,
    pub headers: Option<HeaderRecord>,
}

/// A key, or a function that returns one.
#[derive(Clone)]
pub(crate) enum SecretKeySource {
    /// Checked by each call, which reports one that is refused.
    Text(String),
    /// Returns the key or a promise of it.
    #[cfg(npm_package)]
    Function(js_sys::Function),
    /// A Rust user's. An error is a text.
    Future(Rc<dyn Fn() -> LocalFuture<Result<SecretKey, String>>>),
}

/// A `fetch` of a Rust user.
type FetchFn = dyn Fn(Request) -> LocalFuture<Result<Response, JsValue>>;

/// What sends the requests.
#[cfg(target_arch = "wasm32")]
#[derive(Clone)]
pub(crate) enum Fetch {
    /// A function that is called as `fetch` is.
    Function(js_sys::Function),
    Future(Rc<FetchFn>),
}

#[cfg(target_arch = "wasm32")]
impl Fetch {
    pub fn of(fetch: Rc<FetchFn>) -> Self {
        Self::Future(fetch)
    }
}

/// What answers the requests where there is no JavaScript: only a script can.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Clone)]
pub(crate) struct Fetch(pub Option<FakeFetch>);

#[cfg(not(target_arch = "wasm32"))]
impl Fetch {
    pub fn of(_: Rc<FetchFn>) -> Self {
        Self(None)
    }
}

/// A script sees no headers.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Clone, Debug)]
pub(crate) struct HeaderRecord;

impl Settings {
    pub fn new(secret_key: SecretKeySource) -> Self {
        let instance_type = match &secret_key {
            SecretKeySource::Text(text) => InstanceType::of(text),
            _ => None,
        };
        Self {
            secret_key,
            instance_type: Cell::new(instance_type),
            api_url: ApiUrl::default(),
            fetch: None,
            timeout_ms: TIMEOUT_MS,
            max_retries: MAX_RETRIES,
            headers: None,
            on_attempt: None,
        }
    }

    /// Returns the timeout, if it is one that a timer can keep.
    pub fn checked_timeout_ms(&self) -> Result<u32, Error> {
        check_timeout_ms(self.timeout_ms)
    }
}

impl CallSettings {
    /// Returns the call's timeout, or else the client's, if it is one that a timer can keep.
    pub fn checked_timeout_ms(&self, settings: &Settings) -> Result<u32, Error> {
        self.timeout_ms
            .map_or_else(|| settings.checked_timeout_ms(), check_timeout_ms)
    }
}

fn check_timeout_ms(ms: u32) -> Result<u32, Error> {
    if (1..=MAX_TIMEOUT_MS).contains(&ms) {
        return Ok(ms);
    }
    Err(Error::invalid_argument(
        "timeout",
        "a whole number of milliseconds from 1 to 2147483647",
    ))
}
