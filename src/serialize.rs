//! What serde's derives do not do: enums by the one spelling that they have, and structs as maps.

use serde::Serialize;

/// Implements `Display` and `Serialize` by the type's `as_str`.
macro_rules! impl_as_str {
    ($type:ty) => {
        impl core::fmt::Display for $type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}

pub(crate) use impl_as_str;

/// Serializes a struct as a map with the same entries.
///
/// serde-wasm-bindgen keeps the field names of structs in a hash table, which would be 1.2 KB of
/// the package. The keys of a map need none.
#[derive(Serialize)]
pub(crate) struct AsMap<'a, T> {
    #[serde(flatten)]
    fields: &'a T,
}

impl<'a, T> AsMap<'a, T> {
    pub const fn new(fields: &'a T) -> Self {
        Self { fields }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Point {
        x: i32,
        #[serde(skip_serializing_if = "Option::is_none")]
        y: Option<i32>,
    }

    #[test]
    fn a_struct_as_a_map_has_the_same_entries() {
        for y in [None, Some(2)] {
            let point = Point { x: 1, y };
            assert_eq!(
                serde_json::to_string(&AsMap::new(&point)).unwrap(),
                serde_json::to_string(&point).unwrap()
            );
        }
    }
}
