//! The headers of a request: the caller's, checked, and the client's own.

#[cfg(target_arch = "wasm32")]
use js_sys::{Array, Object};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen::{JsCast, JsValue};

#[cfg(target_arch = "wasm32")]
use crate::client::platform::{HeaderRecord, header_record};
#[cfg(not(target_arch = "wasm32"))]
use crate::client::settings::HeaderRecord;
use crate::error::Error;

/// The version of Clerk's API that this client speaks.
pub(crate) const API_VERSION: &str = "2026-05-12";

/// The `User-Agent`, where the runtime lets it be set.
pub(crate) const USER_AGENT: &str = concat!("clerk-sign-in-tokens@", env!("CARGO_PKG_VERSION"));

/// The headers that only the client sets.
const RESERVED: [&str; 3] = ["authorization", "content-type", "clerk-api-version"];

/// The names that `fetch` forbids (Fetch standard, "forbidden request-header"). A browser drops
/// them in silence. Other runtimes send them, and some of these change where a request goes or
/// where it ends.
const FORBIDDEN: [&str; 22] = [
    "accept-charset",
    "accept-encoding",
    "access-control-request-headers",
    "access-control-request-method",
    "access-control-request-private-network",
    "connection",
    "content-length",
    "cookie",
    "cookie2",
    "date",
    "dnt",
    "expect",
    "host",
    "keep-alive",
    "origin",
    "referer",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
];

/// What further names that `fetch` forbids begin with.
const FORBIDDEN_PREFIXES: [&str; 2] = ["proxy-", "sec-"];

/// Returns the headers with one more, which replaces that of the same name.
///
/// # Errors
/// `invalid_argument`, as [`checked`].
#[cfg(target_arch = "wasm32")]
pub(crate) fn with(
    headers: Option<&HeaderRecord>,
    name: &str,
    value: &str,
) -> Result<HeaderRecord, Error> {
    let pair = Array::of2(&name.into(), &value.into());
    let added = checked(&Array::of1(&pair))?;
    let Some(headers) = headers else {
        return Ok(added);
    };
    // In a new object, since a clone of the client has the old one.
    let merged = Object::assign(&Object::new(), headers);
    Ok(Object::assign(&merged, &added).unchecked_into())
}

/// The same for a script, which sees no headers.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn with(
    _: Option<&HeaderRecord>,
    name: &str,
    value: &str,
) -> Result<HeaderRecord, Error> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let is_value = |c: char| !matches!(c, '\0' | '\r' | '\n' | '\u{100}'..);
    if name.is_empty() || !name.bytes().all(is_name) || !value.trim().chars().all(is_value) {
        return Err(refused("names and values as fetch takes them"));
    }
    check_name(&name.to_ascii_lowercase())?;
    Ok(HeaderRecord)
}

/// Returns the caller's headers, whose names are in lower case.
///
/// # Errors
/// `invalid_argument` for what `fetch` does not take, and for a name that is not the caller's to
/// set.
#[cfg(target_arch = "wasm32")]
pub(crate) fn checked(headers: &JsValue) -> Result<HeaderRecord, Error> {
    // Without the cause of a refusal: it would quote the header's value.
    let record =
        header_record(headers).map_err(|_| refused("names and values as fetch takes them"))?;
    for name in Object::keys(&record) {
        check_name(&name.as_string().unwrap_or_default())?;
    }
    Ok(record)
}

/// Refuses a name, in lower case, that is not the caller's to set.
pub(crate) fn check_name(name: &str) -> Result<(), Error> {
    if RESERVED.contains(&name) {
        return Err(refused(
            "none named authorization, content-type, clerk-api-version",
        ));
    }
    if FORBIDDEN.contains(&name)
        || FORBIDDEN_PREFIXES
            .iter()
            .any(|prefix| name.starts_with(prefix))
    {
        return Err(refused(
            "none of the names that fetch forbids, such as host or content-length",
        ));
    }
    Ok(())
}

pub(crate) fn refused(expected: &str) -> Error {
    Error::invalid_argument("headers", expected)
}
