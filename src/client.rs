//! The client: its builder and its two operations for Rust users. The class of the npm package is
//! made of the same parts.

pub(crate) mod cause;
pub(crate) mod driver;
pub(crate) mod events;
pub(crate) mod exchange;
pub(crate) mod headers;
pub(crate) mod in_flight;
pub(crate) mod platform;
pub(crate) mod settings;
pub(crate) mod target;
mod token;

use core::fmt;
use core::future::Future;
use core::time::Duration;
use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::{Headers, Request, Response};

use crate::api_url::ApiUrl;
use crate::attempt::AttemptEvent;
use crate::client::driver::{Driver, Failure};
use crate::client::exchange::{Fetch, LocalFuture};
use crate::client::settings::{CallSettings, SecretKeySource, Settings};
use crate::client::target::Target;
use crate::error::{Error, ErrorCode, Outcome};
use crate::params::CreateParams;
use crate::secret::{InstanceType, SecretKey};
use crate::token::SignInToken;

/// Creates and revokes sign-in tokens with the runtime's `fetch`.
///
/// It follows the rules of the npm package, whose class is made of it: retries, the timeout, and
/// what is safe to repeat. Dropping a call's future aborts its request. Whether that request took
/// effect cannot be known then.
///
/// ```no_run
/// # use clerk_sign_in_tokens::{CreateParams, Error, SecretKey};
/// # #[cfg(target_arch = "wasm32")]
/// # async fn example() -> Result<(), Error> {
/// use core::time::Duration;
///
/// use clerk_sign_in_tokens::{CallOptions, SignInTokens};
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
pub struct CallOptions(CallSettings);

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
    pub fn fetch<F, R>(self, fetch: F) -> Self
    where
        F: Fn(Request) -> R + 'static,
        R: Future<Output = Result<Response, JsValue>> + 'static,
    {
        let fetch =
            move |request| -> LocalFuture<Result<Response, JsValue>> { Box::pin(fetch(request)) };
        self.set(|settings| settings.fetch = Some(Fetch::Future(Rc::new(fetch))))
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

    /// Sets headers for every request, such as `traceparent`.
    ///
    /// # Errors
    /// `InvalidArgument` for `Authorization`, `Content-Type`, `Clerk-API-Version` and the names
    /// that `fetch` forbids.
    pub fn headers(self, headers: &Headers) -> Result<Self, Error> {
        let headers = headers::checked(headers)?;
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
        self.call(Target::create(params)?, options).await
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
        self.call(Target::revoke(id)?, options).await
    }

    async fn call(&self, target: Target, options: &CallOptions) -> Result<SignInToken, Error> {
        let operation = target.operation;
        let driver = Driver::new(Rc::clone(&self.0), options.0.clone(), target, None)?;
        match driver.run().await {
            Ok(token) => token::from_js(&token).ok_or_else(|| Error::internal(driver.attempts())),
            Err(Failure::Error(error)) => Err(error),
            // Without a signal nobody aborts, and no framework runs here.
            Err(Failure::Foreign(thrown)) => {
                let (code, outcome) = (ErrorCode::Network, Outcome::Unknown);
                let error = Error::of(operation, code, outcome, "no answer came");
                Err(error.with_cause(cause::describe(&thrown, None)))
            }
        }
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
    /// Changes nothing: the client's own settings hold.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the timeout of this call: see [`SignInTokens::timeout`].
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.0.timeout_ms = Some(whole_ms(timeout));
        self
    }

    /// Sets the maximum number of retries of this call.
    pub const fn max_retries(mut self, max_retries: u32) -> Self {
        self.0.max_retries = Some(max_retries);
        self
    }

    /// Sets headers for this call. They override the client's headers of the same name.
    ///
    /// # Errors
    /// `InvalidArgument` for names that cannot be set: see [`SignInTokens::headers`].
    pub fn headers(mut self, headers: &Headers) -> Result<Self, Error> {
        self.0.headers = Some(headers::checked(headers)?);
        Ok(self)
    }
}

/// Returns 0 where the duration is shorter than a millisecond or longer than fits.
fn whole_ms(duration: Duration) -> u32 {
    duration.as_millis().try_into().unwrap_or(0)
}
