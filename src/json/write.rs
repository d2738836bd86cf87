//! Writing JSON.

use alloc::string::String;

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
        let mut rest = value;
        loop {
            let (plain, special) = rest.split_at_checked(super::plain_prefix(rest)).unwrap_or((rest, ""));
            self.text.push_str(plain);
            let mut chars = special.chars();
            match chars.next() {
                Some(c @ ('"' | '\\')) => self.text.extend(['\\', c]),
                Some(c) => {
                    let digit = |n: u32| char::from_digit(n, 16).unwrap_or('0');
                    self.text.extend(['\\', 'u', '0', '0', digit(c as u32 / 16), digit(c as u32 % 16)]);
                }
                None => break,
            }
            rest = chars.as_str();
        }
        self.text.push('"');
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_by_serde_json(key in any::<String>(), value in any::<String>(), number in any::<i64>()) {
            let mut json = Writer::default();
            json.open();
            json.string(&key, &value);
            json.integer("number of mine", number);
            json.close();
            let back: Value = serde_json::from_str(&json.finish()).unwrap();
            prop_assert_eq!(&back["number of mine"], &Value::from(number));
            prop_assert_eq!(&back[&key], &Value::from(value));
        }
    }
}
