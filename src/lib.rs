//! Create and revoke [Clerk](https://clerk.com) sign-in tokens from an edge function.
//!
//! The crate is the client, for JavaScript and Rust alike. JavaScript users install the npm package
//! of the same name, whose class is compiled from here. Rust users (a Worker written with the
//! `worker` crate) use `SignInTokens` on `wasm32`:
//!
//! ```no_run
//! # #[cfg(target_arch = "wasm32")]
//! # async fn example() -> Result<(), clerk_sign_in_tokens::Error> {
//! use clerk_sign_in_tokens::{CreateParams, SecretKey, SignInTokens};
//!
//! let tokens = SignInTokens::new(SecretKey::new("sk_live_…")?);
//! let token = tokens.create(&CreateParams::new("user_2x").expires_in_seconds(600)).await?;
//! tokens.revoke(&token.id).await?;
//! # Ok(())
//! # }
//! ```
//!
//! Facts about the API are from Clerk's published OpenAPI description, version 2026-05-12.
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

// The client, which needs a JavaScript runtime.
#[cfg(target_arch = "wasm32")]
mod client;

// The class of the npm package. Public only for its tests.
#[cfg(all(feature = "npm", target_arch = "wasm32"))]
#[doc(hidden)]
pub mod js;

pub use api_url::ApiUrl;
pub use attempt::{AttemptCode, AttemptEvent};
#[cfg(target_arch = "wasm32")]
pub use client::{CallOptions, SignInTokens};
pub use error::{Cause, ClerkApiError, Error, ErrorCode, ErrorDetails, Outcome};
pub use operation::Operation;
pub use params::CreateParams;
pub use secret::{InstanceType, SecretKey};
pub use token::{SignInToken, Status};

/// What the fuzz targets reach beyond the API.
#[cfg(fuzzing)]
pub mod fuzzing {
    pub use crate::answer::{Answer, Body, ClerkErrors};
    pub use crate::call::{Call, RetryInputs, Step};
    pub use crate::retry::retry_after;
}
