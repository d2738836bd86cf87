//! Fakes for your own unit tests: a token as `create` returns it, and a `fetch` that answers as
//! Clerk does, without a server. Feature `testing`.
//!
//! With this feature, [`SignInTokens`](crate::SignInTokens) compiles natively, so that `cargo test`
//! runs your code on it:
//!
//! ```toml
//! [dev-dependencies]
//! clerk-sign-in-tokens = { version = "0.1", features = ["testing"] }
//! ```
//!
//! Natively, waits take no time, those of a bulk run too. On wasm32, the runtime's own timers wait.

use core::fmt;
use std::cell::RefCell;
use std::rc::Rc;

use crate::params::CreateParams;
use crate::token::{SignInToken, Status};

/// Returns a pending sign-in token in the form of `create`: the same one each time.
#[must_use]
pub fn fake_token() -> SignInToken {
    SignInToken {
        object: "sign_in_token".into(),
        id: "sit_fake".into(),
        user_id: "user_fake".into(),
        status: Status::Pending,
        token: Some("fake_ticket".into()),
        url: Some("https://clerk.example.com/v1/tickets/accept?ticket=fake_ticket".into()),
        created_at: 1_767_225_600_000,
        updated_at: 1_767_225_600_000,
    }
}

/// A script for [`SignInTokens::fake_fetch`](crate::SignInTokens::fake_fetch). It answers each
/// request with its next step, and records the requests. After the last step, or without one, it
/// answers with success. A clone shares both.
///
/// ```
/// # pollster::block_on(async {
/// use clerk_sign_in_tokens::testing::{FakeCall, FakeFetch, FakeStep};
/// use clerk_sign_in_tokens::{CreateParams, Outcome, SecretKey, SignInTokens};
///
/// let fetch = FakeFetch::new([FakeStep::Status(429), FakeStep::Lost]);
/// let tokens = SignInTokens::new(SecretKey::new("sk_test_any")?).fake_fetch(&fetch);
/// let params = CreateParams::new("user_2x");
/// let error = tokens.create(&params).await.unwrap_err(); // retried after the 429, then lost
/// assert_eq!(error.outcome, Outcome::Unknown);
/// assert_eq!(fetch.calls(), [FakeCall::Create(params.clone()), FakeCall::Create(params)]);
/// # Ok::<(), clerk_sign_in_tokens::Error>(())
/// # })?;
/// # Ok::<(), clerk_sign_in_tokens::Error>(())
/// ```
#[derive(Clone)]
pub struct FakeFetch(Rc<Script>);

struct Script {
    steps: Vec<FakeStep>,
    calls: RefCell<Vec<FakeCall>>,
}

/// The answer to one request.
///
/// Non-exhaustive: a later version may answer in more ways.
#[derive(Clone)]
#[non_exhaustive]
pub enum FakeStep {
    /// This HTTP status: 200 is success, 400 to 599 an error in Clerk's form. A 429 has
    /// `Retry-After: 0`.
    Status(u16),
    /// None: `fetch` fails, as when the connection breaks before the answer.
    Lost,
    /// None, until the timeout or the signal of the call ends it.
    Silent,
    /// Success with this token.
    Token(SignInToken),
    /// This HTTP status with this body.
    Body(u16, String),
    /// The step that the function returns for the request.
    Function(Rc<dyn Fn(&FakeCall) -> Self>),
}

/// The content of one request.
///
/// Exhaustive: the API has no other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FakeCall {
    /// A create.
    Create(CreateParams),
    /// A revoke of the token with this ID.
    Revoke(String),
}

/// What a script answers.
pub(crate) enum Reply {
    Response(FakeResponse),
    Lost,
    Silent,
}

pub(crate) struct FakeResponse {
    pub status: u16,
    pub body: String,
}

impl FakeFetch {
    /// Takes the steps of the script.
    ///
    /// # Panics
    /// For a [`FakeStep::Status`] that is neither 200 nor from 400 to 599.
    #[must_use]
    #[track_caller]
    pub fn new(steps: impl IntoIterator<Item = FakeStep>) -> Self {
        let steps: Vec<_> = steps.into_iter().collect();
        for (index, step) in steps.iter().enumerate() {
            step.check(index);
        }
        Self(Rc::new(Script {
            steps,
            calls: RefCell::default(),
        }))
    }

    /// Returns the requests so far.
    #[must_use]
    pub fn calls(&self) -> Vec<FakeCall> {
        self.0.calls.borrow().clone()
    }

    /// Records a request, and returns its answer.
    pub(crate) fn reply(&self, call: &FakeCall) -> Reply {
        let count = {
            let mut calls = self.0.calls.borrow_mut();
            calls.push(call.clone());
            calls.len()
        };
        let step = self.0.steps.get(count - 1);
        step.cloned()
            .unwrap_or(FakeStep::Status(200))
            .reply(call, count)
    }
}

impl fmt::Debug for FakeFetch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeFetch")
            .field("calls", &self.0.calls)
            .finish_non_exhaustive()
    }
}

impl FakeStep {
    /// Makes a [`FakeStep::Function`].
    pub fn function(step: impl Fn(&FakeCall) -> Self + 'static) -> Self {
        Self::Function(Rc::new(step))
    }

    #[track_caller]
    fn check(&self, index: usize) {
        if let Self::Status(status) = self {
            assert!(
                matches!(status, 200 | 400..=599),
                "steps[{index}]: expected the status 200, 4xx or 5xx"
            );
        }
    }

    fn reply(self, call: &FakeCall, count: usize) -> Reply {
        let (status, body) = match self {
            Self::Lost => return Reply::Lost,
            Self::Silent => return Reply::Silent,
            Self::Function(step) => {
                let step = step(call);
                step.check(count - 1);
                return step.reply(call, count);
            }
            Self::Status(200) => (200, json(&call.answer(count))),
            Self::Status(status) => {
                let text = format!("fake_{status}");
                let error =
                    format!(r#"{{"code":"{text}","message":"{text}","long_message":"{text}"}}"#);
                (status, format!(r#"{{"errors":[{error}]}}"#))
            }
            Self::Token(token) => (200, json(&token)),
            Self::Body(status, body) => (status, body),
        };
        Reply::Response(FakeResponse { status, body })
    }
}

impl FakeCall {
    /// Returns the token of a success.
    fn answer(&self, count: usize) -> SignInToken {
        match self {
            Self::Create(params) => SignInToken {
                id: format!("sit_fake{count}"),
                user_id: params.user_id.clone(),
                ..fake_token()
            },
            Self::Revoke(id) => SignInToken {
                id: id.clone(),
                status: Status::Revoked,
                token: None,
                url: None,
                ..fake_token()
            },
        }
    }
}

fn json(token: &SignInToken) -> String {
    serde_json::to_string(token).unwrap_or_default()
}

#[cfg(target_arch = "wasm32")]
mod wasm;

#[cfg(not(target_arch = "wasm32"))]
mod native;
