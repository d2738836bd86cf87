//! What stands in for std in the npm package's wasm: the allocator, and what a panic does.

use lol_alloc::{AssumeSingleThreaded, FreeListAllocator};

#[allow(unsafe_code, reason = "the promise that `AssumeSingleThreaded` asks for")]
#[global_allocator]
// SAFETY: without the `atomics` feature, wasm has one thread.
static ALLOCATOR: AssumeSingleThreaded<FreeListAllocator> =
    unsafe { AssumeSingleThreaded::new(FreeListAllocator::new()) };

/// A panic is a trap, which the JavaScript side turns into an `internal` error and a new instance. Its message is dropped:
/// nobody would see it, and formatting costs 4 KB.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
