//! Creates or revokes many tokens, as fast as Clerk's rate limit allows: what
//! `clerk-sign-in-tokens/bulk` does in JavaScript. Needs the feature `bulk`.
//!
//! ```no_run
//! # async fn example(tokens: clerk_sign_in_tokens::SignInTokens) {
//! use clerk_sign_in_tokens::CreateParams;
//! use clerk_sign_in_tokens::bulk::{ManyOptions, create_many};
//! use futures_util::stream::{self, StreamExt};
//!
//! let users = stream::iter(["user_1", "user_2"].map(CreateParams::new));
//! let options = ManyOptions::new().on_pause(|pause| println!("{:?}", pause.wait));
//! let mut run = create_many(&tokens, users, options);
//! while let Some(done) = run.next().await {
//!     match done.result {
//!         Ok(token) => println!("{}: {}", done.index, token.id),
//!         Err(error) => println!("{}: {error} ({:?})", done.index, error.outcome),
//!     }
//! }
//! # }
//! ```
//!
//! - Inputs are pulled one by one, when there is room: a stream may be endless. While the run waits
//!   for an input, it returns results and retries refused requests.
//! - A failed input never ends the run. A 429 pauses the whole run for `Retry-After`. Then one
//!   request goes alone, then the others follow at the rate limit. An outage, 10 lost answers or
//!   5xx in a row over at least a quarter of a second, pauses the run too, for 1 to 30 seconds.
//! - A create is retried after a 429, and where no connection was made. With [`Outcome::Unknown`] a
//!   token may exist that nobody has: look for it yourself, the run does not retry it.
//!
//! [`Outcome::Unknown`]: crate::Outcome::Unknown

mod options;
mod pacer;
mod rate_limiter;
mod run;

#[cfg(any(target_arch = "wasm32", feature = "testing"))]
mod client;

pub use options::{ManyOptions, Pause};
pub use rate_limiter::PauseReason;
pub use run::{ManyResult, Run};

#[cfg(any(target_arch = "wasm32", feature = "testing"))]
pub use client::{create_many, revoke_many};

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
