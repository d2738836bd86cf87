//! Makes JavaScript objects of Rust's structs.

use serde::Serialize;
use serde_wasm_bindgen::{Error, Serializer};
use wasm_bindgen::JsValue;

use crate::serialize::AsMap;

/// Returns an object with the struct's fields. A field that is skipped is absent.
///
/// # Errors
/// Gives one for an integer that JavaScript's numbers do not keep exact.
pub(crate) fn to_object(fields: &impl Serialize) -> Result<JsValue, Error> {
    AsMap::new(fields).serialize(&Serializer::new().serialize_maps_as_objects(true))
}
