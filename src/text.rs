//! Building strings. `[…].concat()` would bring panics that format, 3 KB of wasm.

use alloc::string::String;

/// The parts, one after the other.
pub(crate) fn join(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
    }
    text
}
