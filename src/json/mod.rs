//! Just enough JSON: reading members of a text, and a writer.
//!
//! Why not serde: derived deserializers added 22 KB (`serde_json`) or 9 KB (`serde-json-core`) to the gzipped wasm, more than
//! the rest of the package together. This is the part of it that two small objects need, and the property tests (which
//! compare it with `serde_json`) and the fuzzer run on exactly these lines.

mod read;
mod write;

/// How many bytes at the start of a string need no escape in JSON. Eight at a time: a token and its URL are most of what is
/// read and written.
fn plain_prefix(text: &str) -> usize {
    const ONES: u64 = u64::MAX / 0xff;
    let mut rest = text.as_bytes();
    while let Some((chunk, behind)) = rest.split_first_chunk() {
        let word = u64::from_le_bytes(*chunk);
        let below = |limit: u8, word: u64| word.wrapping_sub(ONES * u64::from(limit)) & !word;
        let equals = |byte: u8| below(1, word ^ (ONES * u64::from(byte)));
        if (below(b' ', word) | equals(b'"') | equals(b'\\')) & (ONES << 7) != 0 {
            break;
        }
        rest = behind;
    }
    let at = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..b' '));
    text.len() - rest.len() + at.unwrap_or(rest.len())
}

pub(crate) use read::{elements, integer, members, nullable_string, string};
pub(crate) use write::Writer;
