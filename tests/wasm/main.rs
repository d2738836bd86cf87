//! Tests the Rust client in Node, Deno and Chromium. The npm package's class is tested as it is
//! published, in `tests/runtimes`.
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
