//! Reading JSON: each function checks the whole text that it is given, and gives what was asked for.

use alloc::string::String;
use alloc::vec::Vec;

/// Deeper documents than this are refused, so that no input can exhaust the stack.
const MAX_DEPTH: u8 = 32;

/// The members of an object that `keys` name, as the texts they are written in; of two of the same name, the last.
pub(crate) fn members<'a, const N: usize>(object: &'a str, keys: [&str; N]) -> Option<[Option<&'a str>; N]> {
    let mut values = [None; N];
    pick(object, &keys, &mut values)?;
    Some(values)
}

fn pick<'a>(object: &'a str, keys: &[&str], values: &mut [Option<&'a str>]) -> Option<()> {
    Reader::new(object).whole(|json| {
        json.object(&mut |key, value| {
            for (name, slot) in keys.iter().zip(&mut *values) {
                if *name == key {
                    *slot = Some(value);
                }
            }
        })
    })
}

/// The elements of an array.
pub(crate) fn elements(array: &str) -> Option<Vec<&str>> {
    let mut elements = Vec::new();
    Reader::new(array).whole(|json| json.array(&mut |element| elements.push(element)))?;
    Some(elements)
}

/// What a string says.
pub(crate) fn string(string: &str) -> Option<String> {
    let mut reader = Reader::new(string);
    reader.string().filter(|_| reader.is_at_end())
}

/// What a string says, or `None` for `null` and for a member that is not there.
pub(crate) fn nullable_string(value: Option<&str>) -> Option<Option<String>> {
    match value {
        None | Some("null") => Some(None),
        Some(value) => string(value).map(Some),
    }
}

/// A whole number that fits into an `i64`, without fraction or exponent.
pub(crate) fn integer(number: &str) -> Option<i64> {
    number.parse().ok()
}

/// Every method is at the start of a value when called, and past it when it has returned; `None` means that the text is
/// not what was asked for, and ends the reading.
struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: u8,
}

impl<'a> Reader<'a> {
    const fn new(text: &'a str) -> Self {
        Self { text, at: 0, depth: 0 }
    }

    /// Reads what has to be all of the text, but for the white space around it.
    fn whole(mut self, read: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        self.space();
        read(&mut self)?;
        self.space();
        self.is_at_end().then_some(())
    }

    const fn is_at_end(&self) -> bool {
        self.at == self.text.len()
    }

    fn object(&mut self, visit: &mut dyn FnMut(&str, &'a str)) -> Option<()> {
        self.items(b'{', b'}', &mut |json| {
            let key = json.string()?;
            json.space();
            json.take(b':')?;
            json.space();
            visit(&key, json.value()?);
            Some(())
        })
    }

    fn array(&mut self, visit: &mut dyn FnMut(&'a str)) -> Option<()> {
        self.items(b'[', b']', &mut |json| {
            visit(json.value()?);
            Some(())
        })
    }

    fn string(&mut self) -> Option<String> {
        let mut value = String::new();
        self.string_into(Some(&mut value))?;
        Some(value)
    }

    /// Without a place for its value, a string is only checked.
    fn string_into(&mut self, mut value: Option<&mut String>) -> Option<()> {
        self.take(b'"')?;
        loop {
            let rest = self.text.get(self.at..)?;
            let plain = super::plain_prefix(rest);
            if let Some(value) = &mut value {
                value.push_str(rest.get(..plain)?);
            }
            self.at += plain;
            match self.next()? {
                b'"' => return Some(()),
                b'\\' => {
                    let escaped = self.escape()?;
                    if let Some(value) = &mut value {
                        value.push(escaped);
                    }
                }
                _ => return None,
            }
        }
    }

    /// Any value, as the text it is written in.
    fn value(&mut self) -> Option<&'a str> {
        let start = self.at;
        match self.peek()? {
            b'{' => self.object(&mut |_, _| {})?,
            b'[' => self.array(&mut |_| {})?,
            b'"' => self.string_into(None)?,
            b't' => self.word("true")?,
            b'f' => self.word("false")?,
            b'n' => self.word("null")?,
            _ => self.number()?,
        }
        self.text.get(start..self.at)
    }

    fn items(&mut self, open: u8, close: u8, read: &mut dyn FnMut(&mut Self) -> Option<()>) -> Option<()> {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn is_json(text: &str) -> bool {
        Reader::new(text).whole(|json| json.value().map(drop)).is_some()
    }

    #[test]
    fn numbers_are_json_numbers() {
        for text in ["0", "-0", "10", "-1.5", "1e5", "1.25E-7"] {
            assert!(is_json(text), "{text}");
        }
        for text in ["01", "-", "1.", ".5", "+1", "1e", "0x10", "NaN", "1 2", ""] {
            assert!(!is_json(text), "{text}");
        }
        assert_eq!([integer("-5"), integer("5.0"), integer("5e1"), integer("\"5\"")], [Some(-5), None, None, None]);
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| ["[".repeat(depth), "]".repeat(depth)].concat();
        assert!(is_json(&nested(32)));
        assert!(!is_json(&nested(33)));
        assert!(!is_json(&"[".repeat(1_000_000)));
    }

    #[test]
    fn a_lone_surrogate_becomes_a_replacement_character() {
        assert_eq!(string(r#""\ud800""#).as_deref(), Some("\u{fffd}"));
        assert_eq!(string(r#""\udc00""#).as_deref(), Some("\u{fffd}"));
        assert_eq!(string(r#""\ud800\u0041""#).as_deref(), Some("\u{fffd}A"));
        assert_eq!(string(r#""\ud83d\ude00""#).as_deref(), Some("\u{1f600}"));
    }

    #[test]
    fn views_find_what_is_there() {
        let object = r#" { "a" : [1, {"b": 2}] , "c": null, "a": "x", "d": {"a": 3} } "#;
        let [a, c, d, e] = members(object, ["a", "c", "d", "e"]).unwrap();
        assert_eq!((a, c, d, e), (Some("\"x\""), Some("null"), Some("{\"a\": 3}"), None));
        assert_eq!(
            (nullable_string(a), nullable_string(c), nullable_string(d)),
            (Some(Some("x".into())), Some(None), None)
        );
        assert_eq!(elements(r#"[1, {"b": 2}]"#).unwrap(), ["1", "{\"b\": 2}"]);
        assert_eq!((members("[]", ["a"]), elements("{}")), (None, None));
        assert_eq!((members("{} {}", ["a"]), elements("[],"), string("\"a\"b")), (None, None, None));
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
            prop_assert!(is_json(&value.to_string()));
            prop_assert!(is_json(&serde_json::to_string_pretty(&value).unwrap()));
        }

        #[test]
        fn never_accepts_what_serde_json_refuses(text in r#"[ \[\]{}:,"a-c\\u0-9.eE+-]{0,12}|\PC{0,12}"#) {
            // serde_json alone refuses lone surrogates and numbers beyond f64.
            if is_json(&text) && !text.contains("\\u") && !text.contains(['e', 'E']) {
                prop_assert!(serde_json::from_str::<Value>(&text).is_ok(), "{text}");
            }
        }

        #[test]
        fn any_text_ends_well(text in any::<String>()) {
            is_json(&text);
        }

        #[test]
        fn strings_come_back(value in any::<String>()) {
            prop_assert_eq!(string(&serde_json::to_string(&value).unwrap()), Some(value));
        }
    }
}
