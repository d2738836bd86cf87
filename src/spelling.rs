//! Serializes enums by their spelling.

/// Implements `Serialize` by the type's `as_str`.
macro_rules! serialize_as_str {
    ($type:ty) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}

pub(crate) use serialize_as_str;
