//! Create and revoke [Clerk](https://clerk.com) sign-in tokens from an edge function.
//!
//! Two ways in. JavaScript users install the npm package of the same name. Rust users (a Worker written with the
//! `worker` crate) use `SignInTokens` on `wasm32`:
//!
//! ```
//! # #[cfg(all(feature = "client", target_arch = "wasm32"))]
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
//! Both drive the same core, which does no I/O: [`Call`] is told what happened (status, headers, body, time left, a
//! random number) and says what comes next. It knows no JavaScript type and no clock, so every rule is tested natively.
//!
//! Facts about the API are from Clerk's published OpenAPI description, version [`API_VERSION`].
// The npm package's wasm goes without std, whose panics and allocator would be half of it: see npm/runtime.rs.
#![cfg_attr(all(feature = "npm", not(feature = "client"), target_arch = "wasm32"), no_std)]
#![cfg_attr(not(target_arch = "wasm32"), forbid(unsafe_code))]
#![cfg_attr(target_arch = "wasm32", deny(unsafe_code))]

extern crate alloc;

mod api_url;
mod call;
#[cfg(all(feature = "client", target_arch = "wasm32"))]
mod client;
mod error;
mod http_date;
mod json;
#[cfg(feature = "npm")]
mod npm;
mod request;
mod response;
mod retry;
mod secret;
mod text;
mod token;

pub use api_url::ApiUrl;
pub use call::{Call, Clock, Operation, Step};
#[cfg(all(feature = "client", target_arch = "wasm32"))]
pub use client::SignInTokens;
pub use error::{ClerkApiError, Error, ErrorCode, Outcome};
pub use request::{CreateParams, Request};
pub use response::{BODY_LIMIT, Body, Response};
pub use secret::SecretKey;
pub use token::{SignInToken, Status};

/// The `Clerk-API-Version` this crate speaks.
pub const API_VERSION: &str = "2026-05-12";

/// The `User-Agent` sent where the runtime lets it be set.
pub const USER_AGENT: &str = concat!("clerk-sign-in-tokens@", env!("CARGO_PKG_VERSION"));
