//! Just enough JSON: reading views on a checked text, and a writer.
//!
//! Why not serde: derived deserializers added 22 KB (`serde_json`) or 9 KB (`serde-json-core`) to the gzipped wasm, more than
//! the rest of the package together. This is the part of it that two small objects need, and the property tests (which
//! compare it with `serde_json`) and the fuzzer run on exactly these lines.

mod read;
mod write;

pub(crate) use read::{document, elements, integer, members, nullable_string, string};
pub(crate) use write::Writer;
