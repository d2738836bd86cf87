//! The properties of an object that a JavaScript user passed.

use js_sys::{Array, JsString};
use wasm_bindgen::prelude::*;

use crate::js::error::invalid_argument;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Object, catch)]
    fn entries(object: &JsValue) -> Result<Array, JsValue>;
}

/// An object's own properties, each read once. Not those of its prototype: where `Object.prototype` is polluted, they
/// are an attacker's.
pub(super) struct Fields(Vec<(String, JsValue)>);

impl Fields {
    /// Reads `value`, which has to be an object with no fields but these. `what` is what a message calls it.
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
                let expected = ["no such field; ", what, " has ", &names.join(", ")].concat();
                return Err(invalid_argument(&name, &expected));
            }
            fields.push((name, entry.get(1)));
        }
        Ok(Self(fields))
    }

    /// Takes the field's value. One that is `undefined` counts as absent.
    pub fn take(&mut self, name: &str) -> Option<JsValue> {
        let index = self.0.iter().position(|(other, _)| other == name)?;
        let (_, value) = self.0.swap_remove(index);
        (!value.is_undefined()).then_some(value)
    }

    /// Takes a field that is a string.
    pub fn string(&mut self, name: &str) -> Result<Option<String>, JsValue> {
        self.take(name)
            .map(|value| string(name, &value))
            .transpose()
    }

    /// Takes a field that is a number. NaN and the infinities are none.
    pub fn number(&mut self, name: &str) -> Result<Option<f64>, JsValue> {
        let Some(value) = self.take(name) else {
            return Ok(None);
        };
        match value.as_f64().filter(|number| number.is_finite()) {
            None => Err(invalid_argument(name, "a number")),
            number => Ok(number),
        }
    }

    /// Takes a field that is a function.
    pub fn function(&mut self, name: &str) -> Result<Option<js_sys::Function>, JsValue> {
        let Some(value) = self.take(name) else {
            return Ok(None);
        };
        value
            .dyn_into()
            .map(Some)
            .map_err(|_| invalid_argument(name, "a function"))
    }

    /// Takes a field where `null` counts as absent, too.
    pub fn nullable<T>(
        &mut self,
        name: &str,
        take: impl FnOnce(&mut Self, &str) -> Result<Option<T>, JsValue>,
    ) -> Result<Option<T>, JsValue> {
        let is_null = |(other, value): &(String, JsValue)| other == name && value.is_null();
        if self.0.iter().any(is_null) {
            return Ok(None);
        }
        take(self, name)
    }
}

/// Reads a string. One with an unpaired surrogate has no form in UTF-8: it would be sent as another string.
pub(super) fn string(name: &str, value: &JsValue) -> Result<String, JsValue> {
    let text = value
        .as_string()
        .ok_or_else(|| invalid_argument(name, "a string"))?;
    if text.contains(char::REPLACEMENT_CHARACTER)
        && JsString::from(&*text) != *value.unchecked_ref::<JsString>()
    {
        return Err(invalid_argument(
            name,
            "a string without unpaired surrogates",
        ));
    }
    Ok(text)
}
