//! The headers of a request: the caller's, checked, and the client's own.

use js_sys::Object;
use wasm_bindgen::JsValue;

use crate::client::platform::{HeaderRecord, header_record};
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

/// Returns the caller's headers, whose names are in lower case.
///
/// # Errors
/// `invalid_argument` for what `fetch` does not take, and for a name that is not the caller's to set.
pub(crate) fn checked(headers: &JsValue) -> Result<HeaderRecord, Error> {
    // Without the cause of a refusal: it would quote the header's value.
    let record =
        header_record(headers).map_err(|_| refused("names and values as fetch takes them"))?;
    for name in Object::keys(&record) {
        let name = name.as_string().unwrap_or_default();
        let name = &*name;
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
    }
    Ok(record)
}

fn refused(expected: &str) -> Error {
    Error::invalid_argument("headers", expected)
}
