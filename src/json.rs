//! Just enough JSON: a strict reader over bytes from outside and a writer.
//!
//! Why not serde: derived deserializers added 22 KB (`serde_json`) or 9 KB (`serde-json-core`) to the gzipped wasm,
//! more than the rest of the package together. This is the part of it that two small objects need, and the fuzzer and
//! the property tests (which compare it with `serde_json`) run on exactly these lines.

use alloc::string::String;

/// Deeper documents than this are refused, so that no input can exhaust the stack.
const MAX_DEPTH: u8 = 32;

/// Reads one JSON document. Every method is at the start of a value when called, and past it when it has returned;
/// `None` means that the text is not what was asked for, and ends the reading.
pub(crate) struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: u8,
}

type Visit<'f, 'a> = &'f mut dyn FnMut(&mut Reader<'a>) -> Option<()>;
type VisitMember<'f, 'a> = &'f mut dyn FnMut(&mut Reader<'a>, &str) -> Option<()>;

impl<'a> Reader<'a> {
    /// Reads a whole document: `read` takes its value, and nothing but white space may follow.
    pub(crate) fn document(bytes: &'a [u8], read: Visit<'_, 'a>) -> Option<()> {
        let text = core::str::from_utf8(bytes).ok()?;
        let mut reader = Reader { text, at: 0, depth: 0 };
        reader.space();
        read(&mut reader)?;
        reader.space();
        (reader.at == text.len()).then_some(())
    }

    /// An object: `read` is called at each value with its key.
    pub(crate) fn object(&mut self, read: VisitMember<'_, 'a>) -> Option<()> {
        self.items(b'{', b'}', &mut |json| {
            let key = json.string()?;
            json.space();
            json.take(b':')?;
            json.space();
            read(json, &key)
        })
    }

    /// An array: `read` is called at each element.
    pub(crate) fn array(&mut self, read: Visit<'_, 'a>) -> Option<()> {
        self.items(b'[', b']', read)
    }

    /// A string.
    pub(crate) fn string(&mut self) -> Option<String> {
        self.take(b'"')?;
        let mut value = String::new();
        loop {
            let rest = self.text.get(self.at..)?;
            let plain = rest.bytes().position(|byte| byte == b'"' || byte == b'\\' || byte < b' ')?;
            value.push_str(rest.get(..plain)?);
            self.at += plain;
            match self.next()? {
                b'"' => return Some(value),
                b'\\' => value.push(self.escape()?),
                _ => return None,
            }
        }
    }

    /// A string or `null`.
    pub(crate) fn nullable_string(&mut self) -> Option<Option<String>> {
        if self.peek()? == b'n' { self.word("null").map(|()| None) } else { self.string().map(Some) }
    }

    /// A whole number that fits into an `i64`, without fraction or exponent.
    pub(crate) fn integer(&mut self) -> Option<i64> {
        self.raw()?.parse().ok()
    }

    /// Any value, as the text it is written in.
    pub(crate) fn raw(&mut self) -> Option<&'a str> {
        let start = self.at;
        match self.peek()? {
            b'{' => self.object(&mut |json, _| json.raw().map(drop))?,
            b'[' => self.array(&mut |json| json.raw().map(drop))?,
            b'"' => self.string().map(drop)?,
            b't' => self.word("true")?,
            b'f' => self.word("false")?,
            b'n' => self.word("null")?,
            _ => self.number()?,
        }
        self.text.get(start..self.at)
    }

    fn items(&mut self, open: u8, close: u8, read: Visit<'_, 'a>) -> Option<()> {
        self.take(open)?;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        self.space();
        if self.peek()? == close {
            self.at += 1;
        } else {
            loop {
                self.space();
                read(self)?;
                self.space();
                match self.next()? {
                    b',' => {}
                    byte if byte == close => break,
                    _ => return None,
                }
            }
        }
        self.depth -= 1;
        Some(())
    }

    fn number(&mut self) -> Option<()> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek()? == b'0' {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    fn escape(&mut self) -> Option<char> {
        Some(match self.next()? {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(),
            byte @ (b'"' | b'\\' | b'/') => byte.into(),
            _ => return None,
        })
    }

    /// The four digits of `\uXXXX`, and the second half of a surrogate pair behind them. A half that stands alone is no
    /// character: it becomes U+FFFD, as `TextDecoder` has it.
    fn unicode_escape(&mut self) -> Option<char> {
        let first = self.hex4()?;
        if (0xd800..0xdc00).contains(&first) && self.text.get(self.at..)?.starts_with("\\u") {
            let second_at = self.at;
            self.at += 2;
            let second = self.hex4()?;
            if (0xdc00..0xe000).contains(&second) {
                return char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00));
            }
            self.at = second_at;
        }
        Some(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex4(&mut self) -> Option<u32> {
        let mut value = 0;
        for _ in 0..4 {
            value = value * 16 + char::from(self.next()?).to_digit(16)?;
        }
        Some(value)
    }

    fn word(&mut self, word: &str) -> Option<()> {
        self.text.get(self.at..)?.starts_with(word).then(|| self.at += word.len())
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.next()? == byte).then_some(())
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}

/// Writes JSON. Each method with a key adds one member to the open object.
#[derive(Default)]
pub(crate) struct Writer {
    text: String,
}

impl Writer {
    pub(crate) fn finish(self) -> String {
        self.text
    }

    pub(crate) fn open(&mut self) {
        self.text.push('{');
    }

    pub(crate) fn close(&mut self) {
        self.text.push('}');
    }

    pub(crate) fn string(&mut self, key: &str, value: &str) {
        self.key(key);
        self.quote(value);
    }

    #[cfg(feature = "npm")]
    pub(crate) fn optional_string(&mut self, key: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.string(key, value);
        }
    }

    pub(crate) fn integer(&mut self, key: &str, value: i64) {
        self.key(key);
        self.digits(value);
    }

    /// `value` is JSON text already.
    #[cfg(feature = "npm")]
    pub(crate) fn raw(&mut self, key: &str, value: &str) {
        self.key(key);
        self.text.push_str(value);
    }

    /// Opens the value of `key`; the caller writes it.
    #[cfg(feature = "npm")]
    pub(crate) fn member(&mut self, key: &str, write: impl FnOnce(&mut Self)) {
        self.key(key);
        write(self);
    }

    #[cfg(feature = "npm")]
    pub(crate) fn array<T>(&mut self, items: &[T], write: impl Fn(&mut Self, &T)) {
        self.text.push('[');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.text.push(',');
            }
            write(self, item);
        }
        self.text.push(']');
    }

    /// Formatting through `fmt` would bring 1.5 KB of wasm.
    fn digits(&mut self, value: i64) {
        if value < 0 {
            self.text.push('-');
        }
        let (tens, ones) = ((value / 10).abs(), (value % 10).unsigned_abs());
        if tens > 0 {
            self.digits(tens);
        }
        self.text.push(char::from(b'0' + ones as u8));
    }

    fn key(&mut self, key: &str) {
        if !self.text.ends_with('{') {
            self.text.push(',');
        }
        self.quote(key);
        self.text.push(':');
    }

    fn quote(&mut self, value: &str) {
        self.text.push('"');
        for c in value.chars() {
            match c {
                '"' | '\\' => self.text.extend(['\\', c]),
                '\0'..' ' => {
                    self.text.push_str("\\u00");
                    let digit = |n: u32| char::from_digit(n, 16).unwrap_or('0');
                    self.text.extend([digit(c as u32 / 16), digit(c as u32 % 16)]);
                }
                _ => self.text.push(c),
            }
        }
        self.text.push('"');
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn is_json(bytes: &[u8]) -> bool {
        Reader::document(bytes, &mut |json| json.raw().map(drop)).is_some()
    }

    #[test]
    fn numbers_are_json_numbers() {
        for text in ["0", "-0", "10", "-1.5", "1e5", "1.25E-7"] {
            assert!(is_json(text.as_bytes()), "{text}");
        }
        for text in ["01", "-", "1.", ".5", "+1", "1e", "0x10", "NaN", "1 2", ""] {
            assert!(!is_json(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| ["[".repeat(depth), "]".repeat(depth)].concat();
        assert!(is_json(nested(32).as_bytes()));
        assert!(!is_json(nested(33).as_bytes()));
        assert!(!is_json("[".repeat(1_000_000).as_bytes()));
    }

    #[test]
    fn a_lone_surrogate_becomes_a_replacement_character() {
        for text in [r#""\ud800""#, r#""\udc00""#] {
            let mut value = None;
            Reader::document(text.as_bytes(), &mut |json| {
                value = json.string();
                Some(())
            });
            assert_eq!(value.as_deref(), Some("\u{fffd}"));
        }
        let mut value = None;
        Reader::document(br#""\ud800\u0041""#, &mut |json| {
            value = json.string();
            Some(())
        });
        assert_eq!(value.as_deref(), Some("\u{fffd}A"));
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::hash_map(any::<String>(), inner, 0..6)
                    .prop_map(|map| map.into_iter().collect::<serde_json::Map<_, _>>().into()),
            ]
        })
    }

    proptest! {
        #[test]
        fn accepts_what_serde_json_writes(value in any_json()) {
            prop_assert!(is_json(value.to_string().as_bytes()));
            prop_assert!(is_json(serde_json::to_string_pretty(&value).unwrap().as_bytes()));
        }

        #[test]
        fn never_accepts_what_serde_json_refuses(text in r#"[ \[\]{}:,"a-c\\u0-9.eE+-]{0,12}|\PC{0,12}"#) {
            // serde_json alone refuses lone surrogates and numbers beyond f64.
            if is_json(text.as_bytes()) && !text.contains("\\u") && !text.contains(['e', 'E']) {
                prop_assert!(serde_json::from_str::<Value>(&text).is_ok(), "{text}");
            }
        }

        #[test]
        fn integers_come_back(value in any::<i64>()) {
            let mut json = Writer::default();
            json.digits(value);
            prop_assert_eq!(json.finish(), value.to_string());
        }

        #[test]
        fn any_bytes_end_well(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            is_json(&bytes);
        }

        #[test]
        fn strings_come_back(value in any::<String>()) {
            let mut json = Writer::default();
            json.open();
            json.string("k", &value);
            json.close();
            let text = json.finish();
            prop_assert_eq!(&serde_json::from_str::<Value>(&text).unwrap()["k"], &Value::from(value.clone()));
            let mut back = None;
            Reader::document(text.as_bytes(), &mut |json| json.object(&mut |json, _| { back = Some(json.string()?); Some(()) }));
            prop_assert_eq!(back, Some(value));
        }
    }
}
