//! The properties of an object that a JavaScript user passed.

use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;

use crate::client::cause;
use crate::client::platform::{as_array, as_function, options};
use crate::js::error::{from_error, invalid_argument, refused};

/// Reads the own properties of these names, each once. Not those of the prototype: where
/// `Object.prototype` is polluted, they are an attacker's. `what` is what a message calls the
/// object.
///
/// # Errors
/// `invalid_argument` for what is not an object, for a field of another name, and for a getter that
/// throws.
pub(super) fn fields<const N: usize>(
    what: &str,
    value: &JsValue,
    names: &str,
) -> Result<[JsValue; N], JsValue> {
    if !value.is_object() {
        return Err(invalid_argument(what, "an object"));
    }
    let values = options(value, names).map_err(|thrown| {
        let error = refused(what, "an object whose getters do not throw");
        from_error(error.with_cause(cause::describe(&thrown, None)))
    })?;
    if let Some(unknown) = values.as_string() {
        let expected = String::from("a known field; ") + what + " has " + names;
        return Err(invalid_argument(&unknown, &expected));
    }
    Ok(as_array(values.unchecked_ref::<Array>()))
}

/// Returns the value of a field. One that is `undefined` counts as absent.
pub(super) fn present(value: JsValue) -> Option<JsValue> {
    (!value.is_undefined()).then_some(value)
}

/// Returns the value of a field. One that is `null` counts as absent, too.
pub(super) fn nullable(value: JsValue) -> Option<JsValue> {
    present(value).filter(|value| !value.is_null())
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

/// Reads a function, of whichever realm.
pub(super) fn function(name: &str, value: JsValue) -> Result<Function, JsValue> {
    as_function(value).ok_or_else(|| invalid_argument(name, "a function"))
}
