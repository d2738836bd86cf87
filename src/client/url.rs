//! Asks the platform's `URL` what a base URL means.

use wasm_bindgen::JsValue;
use web_sys::Url;

use crate::api_url::{ApiUrl, UrlParts};
use crate::error::Error;

impl ApiUrl {
    /// Takes a base URL such as `https://api.clerk.com`, with or without a path, without the `/v1`.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`](crate::ErrorCode::InvalidArgument) for anything but an https
    /// URL (http for `localhost`, `127.0.0.0/8` and `[::1]`) of plain ASCII, without user, query or
    /// fragment.
    pub fn new(url: &str) -> Result<Self, Error> {
        let parts = Url::new(url).map(|url| UrlParts {
            protocol: url.protocol(),
            hostname: url.hostname(),
            pathname: url.pathname(),
        });
        Self::check(url, parts.map_err(|_: JsValue| ()).ok())
    }
}
