//! The client: its builder and its two operations for Rust users. The class of the npm package is
//! made of the same parts.

pub(crate) mod headers;
pub(crate) mod settings;

// What drives a call, over the JavaScript runtime.
#[cfg(target_arch = "wasm32")]
pub(crate) mod cause;
#[cfg(target_arch = "wasm32")]
pub(crate) mod driver;
#[cfg(target_arch = "wasm32")]
pub(crate) mod error;
#[cfg(target_arch = "wasm32")]
pub(crate) mod events;
#[cfg(target_arch = "wasm32")]
pub(crate) mod exchange;
#[cfg(target_arch = "wasm32")]
pub(crate) mod in_flight;
#[cfg(target_arch = "wasm32")]
pub(crate) mod platform;
#[cfg(target_arch = "wasm32")]
pub(crate) mod run;
#[cfg(target_arch = "wasm32")]
pub(crate) mod target;

// The same over the script of a `FakeFetch`, where there is none.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) mod native;

use core::fmt;
use core::future::Future;
use core::time::Duration;
use std::rc::Rc;

use web_sys::wasm_bindgen::JsValue;
use web_sys::{AbortSignal, Request, Response};

use crate::api_url::ApiUrl;
use crate::attempt::AttemptEvent;
#[cfg(not(target_arch = "wasm32"))]
use crate::client::native::{Target, run};
#[cfg(target_arch = "wasm32")]
use crate::client::run::run;
use crate::client::settings::{CallSettings, Fetch, LocalFuture, SecretKeySource, Settings};
#[cfg(target_arch = "wasm32")]
use crate::client::target::Target;
use crate::error::Error;
use crate::params::CreateParams;
use crate::secret::{InstanceType, SecretKey};
#[cfg(feature = "testing")]
use crate::testing::FakeFetch;
use crate::token::SignInToken;

/// Creates and revokes sign-in tokens with the runtime's `fetch`.
///
/// It follows the rules of the npm package, whose class is made of it: retries, the timeout, and
/// what is safe to repeat. Dropping a call's future aborts its request. Whether that request took
/// effect cannot be known then.
///
/// A clone is cheap. The client is neither `Send` nor `Sync`, as JavaScript's objects are not:
/// where a framework asks for that, as `axum` does, wrap it in `worker::send::SendWrapper`, which
/// is safe where there is one thread, as on wasm32.
///
/// ```no_run
/// # async fn example() -> Result<(), clerk_sign_in_tokens::Error> {
/// use core::time::Duration;
///
/// use clerk_sign_in_tokens::{CallOptions, CreateParams, SecretKey, SignInTokens};
///
/// let tokens = SignInTokens::new(SecretKey::new("sk_live_…")?)
///     .timeout(Duration::from_secs(5))
///     .on_attempt(|event| println!("{event:?}"));
/// let options = CallOptions::new().max_retries(0);
/// let token = tokens.create_with(&CreateParams::new("user_2x"), &options).await?;
/// tokens.revoke(&token.id).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use]
pub struct SignInTokens(pub(crate) Rc<Settings>);

/// The options of one call.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct CallOptions {
    settings: CallSettings,
    signal: Option<AbortSignal>,
}

impl SignInTokens {
    /// Makes a client for `https://api.clerk.com`, with 10 seconds for a call and 2 retries.
    pub fn new(secret_key: SecretKey) -> Self {
        Self(Rc::new(Settings::new(SecretKeySource::Text(
            secret_key.into_text(),
        ))))
    }

    /// Makes a client that calls `secret_key` for the key, once for each call. A key that rotates
    /// or lives in an async store works this way. If `secret_key` fails, the call fails with
    /// `InvalidArgument` and the error as its cause.
    pub fn with_key_from<F, R, E>(secret_key: F) -> Self
    where
        F: Fn() -> R + 'static,
        R: Future<Output = Result<SecretKey, E>> + 'static,
        E: fmt::Display,
    {
        let look_up = move || -> LocalFuture<Result<SecretKey, String>> {
            let key = secret_key();
            Box::pin(async move { key.await.map_err(|error| error.to_string()) })
        };
        Self(Rc::new(Settings::new(SecretKeySource::Future(Rc::new(
            look_up,
        )))))
    }

    /// Sets the base URL.
    pub fn api_url(self, api_url: ApiUrl) -> Self {
        self.set(|settings| settings.api_url = api_url)
    }

    /// Sets what sends the requests in place of the runtime's `fetch`: a service binding, or a
    /// wrapper that logs.
    ///
    /// An error counts as a lost answer. The request's signal is aborted when the call ends early.
    /// Outside wasm32 only [`fake_fetch`](Self::fake_fetch) sends.
    pub fn fetch<F, R>(self, fetch: F) -> Self
    where
        F: Fn(Request) -> R + 'static,
        R: Future<Output = Result<Response, JsValue>> + 'static,
    {
        let fetch =
            move |request| -> LocalFuture<Result<Response, JsValue>> { Box::pin(fetch(request)) };
        self.set(|settings| settings.fetch = Some(Fetch::of(Rc::new(fetch))))
    }

    /// Sets the timeout of a whole call: the key lookup, every attempt, the waits between them,
    /// reading the answer. From 1 to 2 147 483 647 milliseconds; a call with another value fails
    /// with `InvalidArgument`.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.set(|settings| settings.timeout_ms = whole_ms(timeout))
    }

    /// Sets the maximum number of retries.
    pub fn max_retries(self, max_retries: u32) -> Self {
        self.set(|settings| settings.max_retries = max_retries)
    }

    /// Sets a header of every request, such as `traceparent`. It replaces that of the same name.
    ///
    /// # Errors
    /// `InvalidArgument` for `Authorization`, `Content-Type`, `Clerk-API-Version`, the names that
    /// `fetch` forbids, and what is not a header.
    pub fn header(self, name: &str, value: &str) -> Result<Self, Error> {
        let headers = headers::with(self.0.headers.as_ref(), name, value)?;
        Ok(self.set(|settings| settings.headers = Some(headers)))
    }

    /// Sets an observer, called after each attempt. It never sees a secret.
    pub fn on_attempt(self, observe: impl Fn(&AttemptEvent) + 'static) -> Self {
        self.set(|settings| settings.on_attempt = Some(Rc::new(observe)))
    }

    /// Returns the kind of Clerk instance of the secret key: of the last one where they come from a
    /// function.
    #[must_use]
    pub fn instance_type(&self) -> Option<InstanceType> {
        self.0.instance_type.get()
    }

    /// Creates a sign-in token: `POST /v1/sign_in_tokens`.
    ///
    /// Retried only after a 429, which has no effect, and where no connection was made. When the
    /// answer is lost, the call fails at once with [`Outcome::Unknown`](crate::Outcome::Unknown).
    ///
    /// # Errors
    /// Any [`ErrorCode`](crate::ErrorCode): `NotFound` where there is no such user, `Rejected` for
    /// parameters that Clerk refuses.
    pub async fn create(&self, params: &CreateParams) -> Result<SignInToken, Error> {
        self.create_with(params, &CallOptions::default()).await
    }

    /// Creates a sign-in token, with options for this call: see [`create`](Self::create).
    ///
    /// # Errors
    /// Any [`ErrorCode`](crate::ErrorCode).
    pub async fn create_with(
        &self,
        params: &CreateParams,
        options: &CallOptions,
    ) -> Result<SignInToken, Error> {
        self.run(Target::create(params)?, options).await
    }

    /// Revokes a pending sign-in token by its ID: `POST /v1/sign_in_tokens/{id}/revoke`.
    ///
    /// Retried after a 429, a lost answer and a 500, 502, 503 or 504, since revoking is
    /// idempotent.
    ///
    /// # Errors
    /// Any [`ErrorCode`](crate::ErrorCode): `NotFound` where there is no such token, `NotPending`
    /// where it was used or revoked before.
    pub async fn revoke(&self, id: &str) -> Result<SignInToken, Error> {
        self.revoke_with(id, &CallOptions::default()).await
    }

    /// Revokes a sign-in token, with options for this call: see [`revoke`](Self::revoke).
    ///
    /// # Errors
    /// Any [`ErrorCode`](crate::ErrorCode).
    pub async fn revoke_with(&self, id: &str, options: &CallOptions) -> Result<SignInToken, Error> {
        self.run(Target::revoke(id)?, options).await
    }

    /// Sets a script that answers the requests: nothing is sent.
    #[cfg(feature = "testing")]
    pub fn fake_fetch(self, script: &FakeFetch) -> Self {
        let script = script.clone();
        #[cfg(target_arch = "wasm32")]
        return self.fetch(move |request| script.clone().answer(request));
        #[cfg(not(target_arch = "wasm32"))]
        self.set(|settings| settings.fetch = Some(Fetch(Some(script))))
    }

    async fn run(&self, target: Target, options: &CallOptions) -> Result<SignInToken, Error> {
        run(&self.0, &options.settings, options.signal.as_ref(), target).await
    }

    fn set(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(Rc::make_mut(&mut self.0));
        self
    }
}

impl fmt::Debug for SignInTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignInTokens")
            .field("api_url", &self.0.api_url)
            .finish_non_exhaustive()
    }
}

impl CallOptions {
    /// Changes nothing: the call has the client's settings.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the timeout of this call: see [`SignInTokens::timeout`].
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout_ms = Some(whole_ms(timeout));
        self
    }

    /// Sets the maximum number of retries of this call.
    pub const fn max_retries(mut self, max_retries: u32) -> Self {
        self.settings.max_retries = Some(max_retries);
        self
    }

    /// Sets a header of this call. It overrides the client's of the same name.
    ///
    /// # Errors
    /// `InvalidArgument` for what cannot be set: see [`SignInTokens::header`].
    pub fn header(mut self, name: &str, value: &str) -> Result<Self, Error> {
        let headers = headers::with(self.settings.headers.as_ref(), name, value)?;
        self.settings.headers = Some(headers);
        Ok(self)
    }

    /// Sets a signal that ends this call, such as a [`Request::signal`].
    ///
    /// The call fails with [`ErrorCode::Aborted`](crate::ErrorCode::Aborted) then, and sends no
    /// request and looks up no key after that. A request that is out is aborted: it may have taken
    /// effect, as `outcome` says. The error's cause is the reason of the abort, if that is an
    /// error.
    pub fn signal(mut self, signal: &AbortSignal) -> Self {
        self.signal = Some(signal.clone());
        self
    }
}

/// Returns 0 where the duration is shorter than a millisecond or longer than fits.
fn whole_ms(duration: Duration) -> u32 {
    duration.as_millis().try_into().unwrap_or(0)
}
