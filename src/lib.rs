#![cfg_attr(
    any(target_arch = "wasm32", feature = "testing"),
    doc = include_str!("README.md")
)]
#![cfg_attr(
    not(any(target_arch = "wasm32", feature = "testing")),
    doc = "The client is for wasm32; with the feature `testing` it compiles natively too."
)]
#![deny(unsafe_code)]
// The decisions are compiled everywhere, so that they are tested natively; only the client, on
// wasm32, uses them.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code))]

// The decisions: plain Rust, no JavaScript type.
mod answer;
mod api_url;
mod attempt;
#[cfg(feature = "bulk")]
pub mod bulk;
mod call;
mod calls;
mod error;
mod no_connection;
mod operation;
mod params;
mod retry;
mod secret;
mod serialize;
mod token;

// The client, which needs a JavaScript runtime, or the script of a test.
#[cfg(any(target_arch = "wasm32", feature = "testing"))]
mod client;

// Fakes for the tests of Rust users.
#[cfg(feature = "testing")]
pub mod testing;

// The class of the npm package. Public only for its tests.
#[cfg(npm_package)]
#[doc(hidden)]
pub mod js;

pub use api_url::ApiUrl;
pub use attempt::AttemptEvent;
#[cfg(any(target_arch = "wasm32", feature = "testing"))]
pub use client::{CallOptions, SignInTokens};
pub use error::{Cause, ClerkApiError, Error, ErrorCode, ErrorDetails, Outcome};
pub use operation::Operation;
pub use params::CreateParams;
pub use secret::{InstanceType, SecretKey};
pub use token::{SignInToken, Status};
#[cfg(any(target_arch = "wasm32", feature = "testing"))]
pub use web_sys;

/// What the fuzz targets reach beyond the API.
#[cfg(fuzzing)]
pub mod fuzzing {
    pub use crate::answer::{Answer, Body, ClerkErrors};
    pub use crate::call::{Call, RetryInputs, Step};
    pub use crate::retry::retry_after;
}
