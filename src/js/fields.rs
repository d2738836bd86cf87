//! The properties of an object that a JavaScript user passed.

use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;

use crate::js::error::invalid_argument;

#[wasm_bindgen]
extern "C" {
    /// Throws what a getter throws.
    #[wasm_bindgen(js_namespace = Object, catch)]
    fn entries(object: &JsValue) -> Result<Array, JsValue>;
}

/// An object's own properties, each read once. Not those of its prototype: where `Object.prototype`
/// is polluted, they are an attacker's.
pub(super) struct Fields(Vec<(String, JsValue)>);

impl Fields {
    /// Reads `value`, which has to be an object with no fields but these. `what` is what a message
    /// calls it.
    ///
    /// # Errors
    /// `invalid_argument`, or what a getter throws.
    pub fn read(what: &str, value: &JsValue, names: &[&str]) -> Result<Self, JsValue> {
        if !value.is_object() {
            return Err(invalid_argument(what, "an object"));
        }
        let mut fields = Vec::new();
        for entry in entries(value)? {
            let entry: Array = entry.unchecked_into();
            let name = entry.get(0).as_string().unwrap_or_default();
            if !names.contains(&&*name) {
                return Err(unknown(what, &name, names));
            }
            fields.push((name, entry.get(1)));
        }
        Ok(Self(fields))
    }

    /// Returns the value of a field; `undefined` where it is absent.
    pub fn get(&self, name: &str) -> JsValue {
        let field = self.0.iter().find(|(known, _)| known == name);
        field.map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// Returns the field's value. One that is `undefined` counts as absent.
    pub fn value(&self, name: &str) -> Option<JsValue> {
        let value = self.get(name);
        (!value.is_undefined()).then_some(value)
    }

    /// Returns the field's value. One that is `null` counts as absent, too.
    pub fn nullable(&self, name: &str) -> Option<JsValue> {
        self.value(name).filter(|value| !value.is_null())
    }
}

fn unknown(what: &str, name: &str, names: &[&str]) -> JsValue {
    let mut expected = String::from("a known field; ");
    expected.push_str(what);
    let mut separator = " has ";
    for name in names {
        expected.push_str(separator);
        expected.push_str(name);
        separator = ", ";
    }
    invalid_argument(name, &expected)
}

/// Reads a string. One with an unpaired surrogate has no form in UTF-8: it would be sent as another
/// string.
pub(super) fn string(name: &str, value: &JsValue) -> Result<String, JsValue> {
    let text = value
        .as_string()
        .ok_or_else(|| invalid_argument(name, "a string"))?;
    if text.chars().any(|c| c == char::REPLACEMENT_CHARACTER) && JsValue::from_str(&text) != *value
    {
        return Err(invalid_argument(
            name,
            "a string without unpaired surrogates",
        ));
    }
    Ok(text)
}

/// Reads a number. Refuses NaN and the infinities.
pub(super) fn number(name: &str, value: &JsValue) -> Result<f64, JsValue> {
    value
        .as_f64()
        .filter(|number| number.is_finite())
        .ok_or_else(|| invalid_argument(name, "a number"))
}

/// Reads a function.
pub(super) fn function(name: &str, value: JsValue) -> Result<Function, JsValue> {
    value
        .dyn_into()
        .map_err(|_| invalid_argument(name, "a function"))
}
