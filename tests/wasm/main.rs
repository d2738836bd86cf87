//! The Rust client and the npm package's class in a JavaScript runtime: run by wasm-pack in Node, Deno and Chromium.
#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what panics here is a failed test"
)]

mod client;
mod stub;

#[cfg(feature = "npm")]
mod class;
