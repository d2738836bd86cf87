//! The headers of a request: the caller's, checked, and the client's own.

use js_sys::Object;
use wasm_bindgen::prelude::*;
use web_sys::Headers;

use crate::error::Error;
use crate::secret::SecretKey;

/// The version of Clerk's API that this client speaks.
pub(crate) const API_VERSION: &str = "2026-05-12";

/// The `User-Agent`, where the runtime lets it be set.
const USER_AGENT: &str = concat!("clerk-sign-in-tokens@", env!("CARGO_PKG_VERSION"));

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

#[wasm_bindgen]
extern "C" {
    /// Headers as `fetch` takes them: a plain object, which a `fetch` of the caller's can read and
    /// copy.
    #[wasm_bindgen(extends = Object)]
    #[derive(Clone, Debug)]
    pub(crate) type HeaderRecord;

    #[wasm_bindgen(method, setter, js_name = "user-agent")]
    fn set_user_agent(this: &HeaderRecord, value: &str);

    #[wasm_bindgen(method, setter, js_name = "clerk-api-version")]
    fn set_clerk_api_version(this: &HeaderRecord, value: &str);

    #[wasm_bindgen(method, setter)]
    fn set_authorization(this: &HeaderRecord, value: &str);

    #[wasm_bindgen(method, setter, js_name = "content-type")]
    fn set_content_type(this: &HeaderRecord, value: &str);

    #[wasm_bindgen(js_namespace = Object, js_name = fromEntries)]
    fn from_entries(headers: &Headers) -> HeaderRecord;

    #[wasm_bindgen(js_namespace = Object)]
    fn assign(target: &Object, source: &HeaderRecord, more: Option<&HeaderRecord>) -> HeaderRecord;
}

/// Returns what every request of a client has, before the caller's own headers.
pub(crate) fn defaults() -> HeaderRecord {
    let headers: HeaderRecord = Object::new().unchecked_into();
    headers.set_user_agent(USER_AGENT);
    headers.set_clerk_api_version(API_VERSION);
    headers
}

/// Returns the caller's headers, whose names are in lower case.
///
/// # Errors
/// `invalid_argument` for a name that is not the caller's to set.
pub(crate) fn checked(headers: &Headers) -> Result<HeaderRecord, Error> {
    let record = from_entries(headers);
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

/// Returns the error for invalid headers.
pub(crate) fn refused(expected: &str) -> Error {
    Error::invalid_argument("headers", expected)
}

/// Merges both. `more` overrides `headers` of the same name.
pub(crate) fn merged(headers: &HeaderRecord, more: &HeaderRecord) -> HeaderRecord {
    assign(&Object::new(), headers, Some(more))
}

/// Adds to a copy of `headers` what no caller can set.
pub(crate) fn complete(headers: &HeaderRecord, key: &SecretKey, has_body: bool) -> HeaderRecord {
    let all = assign(&Object::new(), headers, None);
    all.set_authorization(&key.authorization());
    if has_body {
        all.set_content_type("application/json");
    }
    all
}
