//! The JavaScript interface of the npm package: the class `SignInTokens`, a wrapper of the client.

mod class;
mod error;
mod fields;
mod options;
mod task;

pub use class::JsSignInTokens;
pub use error::SignInTokensError;
use lol_alloc::{AssumeSingleThreaded, FreeListAllocator};
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("js/types.d.ts");

#[allow(
    unsafe_code,
    reason = "the promise that `AssumeSingleThreaded` asks for"
)]
#[global_allocator]
// SAFETY: without the `atomics` feature, wasm has one thread.
static ALLOCATOR: AssumeSingleThreaded<FreeListAllocator> =
    unsafe { AssumeSingleThreaded::new(FreeListAllocator::new()) };
