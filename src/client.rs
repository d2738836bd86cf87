//! The client for Rust users on `wasm32`: drives a [`Call`] with the runtime's `fetch` and timers.

use core::cell::Cell;
use core::pin::pin;
use core::time::Duration;

use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Date, Function, Math, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Headers, ReadableStreamDefaultReader, RequestInit, RequestRedirect, Response as JsResponse,
};

use crate::api_url::ApiUrl;
use crate::call::{Call, Clock, Step};
use crate::error::Error;
use crate::request::{CreateParams, Request};
use crate::response::{BODY_LIMIT, Body, Response};
use crate::secret::SecretKey;
use crate::token::SignInToken;

/// Creates and revokes sign-in tokens with the runtime's own `fetch`.
///
/// Retries, the time limit and what is safe to repeat are those of the npm package: see [`Error::outcome`]. Dropping a
/// call's future aborts its request; what that request has done by then cannot be known.
///
/// It is made for Workers. In Deno, whose `fetch` repeats a request by itself when a kept-alive connection breaks, use the
/// npm package, which prevents that.
#[derive(Clone, Debug)]
#[must_use]
pub struct SignInTokens {
    secret_key: SecretKey,
    api_url: ApiUrl,
    timeout: Duration,
    max_retries: u32,
}

impl SignInTokens {
    /// A client for `https://api.clerk.com`, with 10 seconds for a call and 2 retries.
    pub fn new(secret_key: SecretKey) -> Self {
        Self { secret_key, api_url: ApiUrl::default(), timeout: Duration::from_secs(10), max_retries: 2 }
    }

    /// Another base URL.
    pub fn api_url(mut self, api_url: ApiUrl) -> Self {
        self.api_url = api_url;
        self
    }

    /// The time limit for a whole call: every attempt, the waits between them, reading the answer. At most 24 days.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How often a request may be repeated, after the first time.
    pub const fn max_retries(mut self, max_retries: u32) -> Self {
        self.max_retries = max_retries;
        self
    }

    /// Creates a sign-in token.
    ///
    /// # Errors
    /// Any [`ErrorCode`](crate::ErrorCode). Where the outcome is unknown, a token may exist that nobody holds.
    pub async fn create(&self, params: &CreateParams) -> Result<SignInToken, Error> {
        self.call(&Request::create(&self.api_url, params)?).await
    }

    /// Revokes a pending sign-in token by its id.
    ///
    /// # Errors
    /// Any [`ErrorCode`](crate::ErrorCode); `Rejected` where it is not pending any more.
    pub async fn revoke(&self, id: &str) -> Result<SignInToken, Error> {
        self.call(&Request::revoke(&self.api_url, id)?).await
    }

    async fn call(&self, request: &Request) -> Result<SignInToken, Error> {
        let progress = Progress {
            call: Cell::new(Call::new(request.operation, self.max_retries)),
            in_flight: Cell::new(false),
            deadline: Date::now() + f64::from(self.timeout_ms()),
        };
        let work = pin!(self.attempts(request, &progress));
        match select(work, TimeoutFuture::new(self.timeout_ms())).await {
            Either::Left((result, _)) => result,
            Either::Right(_) => Err(progress.call.get().timed_out(progress.in_flight.get())),
        }
    }

    async fn attempts(&self, request: &Request, progress: &Progress) -> Result<SignInToken, Error> {
        loop {
            let mut call = progress.call.get();
            call.sent();
            progress.call.set(call);
            progress.in_flight.set(true);
            let answer = self.exchange(request).await;
            progress.in_flight.set(false);
            let step = match &answer {
                Ok(answer) => call.answered(&answer.response(), &progress.clock(), &self.secret_key),
                Err(_) => call.unanswered(&progress.clock()),
            };
            progress.call.set(call);
            match step {
                Step::Done(token) => return Ok(token),
                Step::Failed(error) => return Err(error),
                Step::Wait { ms, .. } => TimeoutFuture::new(ms).await,
            }
        }
    }

    /// The limit that timers can keep.
    fn timeout_ms(&self) -> u32 {
        self.timeout.as_millis().min(i32::MAX as u128) as u32
    }

    /// One request and its answer; an error is `fetch`'s own.
    async fn exchange(&self, request: &Request) -> Result<Answer, JsValue> {
        let abort = AbortOnDrop(AbortController::new()?);
        let response: JsResponse = fetch(&request.url, &self.init(request, &abort.0)?).await?.dyn_into()?;
        let header = |name| response.headers().get(name).ok().flatten();
        Ok(Answer {
            status: response.status(),
            retry_after: header("retry-after"),
            cf_ray: header("cf-ray"),
            body: read_body(&response).await.ok(),
        })
    }

    fn init(&self, request: &Request, abort: &AbortController) -> Result<RequestInit, JsValue> {
        let headers = Headers::new()?;
        headers.set("user-agent", crate::USER_AGENT)?;
        headers.set("clerk-api-version", crate::API_VERSION)?;
        headers.set("authorization", &self.secret_key.authorization())?;
        let init = RequestInit::new();
        if let Some(body) = &request.body {
            headers.set("content-type", "application/json")?;
            init.set_body(&JsValue::from_str(body));
        }
        init.set_method("POST");
        init.set_headers(&headers);
        init.set_redirect(RequestRedirect::Manual);
        init.set_signal(Some(&abort.signal()));
        Ok(init)
    }
}

/// How far a call has come, for whoever ends it.
struct Progress {
    call: Cell<Call>,
    in_flight: Cell<bool>,
    /// Unix time in milliseconds.
    deadline: f64,
}

impl Progress {
    fn clock(&self) -> Clock {
        let now = Date::now();
        Clock { remaining_ms: (self.deadline - now).max(0.0) as u32, now_unix_ms: now as u64, random: Math::random() }
    }
}

/// An answer out of JavaScript's hands; a `body` that broke off is `None`.
struct Answer {
    status: u16,
    retry_after: Option<String>,
    cf_ray: Option<String>,
    body: Option<String>,
}

impl Answer {
    fn response(&self) -> Response<'_> {
        Response {
            status: self.status,
            retry_after: self.retry_after.as_deref(),
            cf_ray: self.cf_ray.as_deref(),
            body: match &self.body {
                None => Body::Broken,
                Some(body) if body.len() > BODY_LIMIT => Body::TooLong,
                Some(body) => Body::Complete(body),
            },
        }
    }
}

/// Ends the request and the reading of its answer when the call's future is dropped or done.
struct AbortOnDrop(AbortController);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The body, or somewhat more than [`BODY_LIMIT`] of it.
async fn read_body(response: &JsResponse) -> Result<String, JsValue> {
    let mut bytes = Vec::new();
    let Some(stream) = response.body() else { return Ok(String::new()) };
    let reader: ReadableStreamDefaultReader = stream.get_reader().dyn_into()?;
    while bytes.len() <= BODY_LIMIT {
        let chunk = JsFuture::from(reader.read()).await?;
        if Reflect::get(&chunk, &"done".into())?.is_truthy() {
            break;
        }
        let value: Uint8Array = Reflect::get(&chunk, &"value".into())?.dyn_into()?;
        bytes.extend(value.to_vec());
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The global `fetch`, wherever the runtime keeps it: a Worker has no `Window`.
async fn fetch(url: &str, init: &RequestInit) -> Result<JsValue, JsValue> {
    let global = js_sys::global();
    let fetch: Function = Reflect::get(&global, &"fetch".into())?.dyn_into()?;
    let promise: Promise = fetch.call(&global, (&url.into(), init.as_ref()))?.dyn_into()?;
    JsFuture::from(promise).await
}
