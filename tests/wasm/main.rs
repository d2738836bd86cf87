//! Tests the Rust client and the npm package's class in Node, Deno and Chromium. wasm-pack runs
//! them.
#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a panic here fails the test"
)]

#[cfg(feature = "bulk")]
mod bulk;
mod client;
mod stub;

#[cfg(npm_package)]
mod class;
