//! Where the API is: the one place that a secret key may be sent to.

use crate::error::Error;

/// The base URL of the Backend API: https, or http to this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiUrl(String);

/// The parts of a parsed URL that decide whether it may be used, as the platform's `URL` spells
/// them.
#[derive(Debug)]
pub(crate) struct UrlParts {
    pub protocol: String,
    pub hostname: String,
    pub pathname: String,
}

impl ApiUrl {
    /// Takes a base URL such as `https://api.clerk.com`, with or without a path, without the `/v1`.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`](crate::ErrorCode::InvalidArgument) for anything but an https
    /// URL (http for `localhost`, `127.0.0.0/8` and `[::1]`) of plain ASCII, without user, query or
    /// fragment.
    #[cfg(any(target_arch = "wasm32", feature = "testing", test))]
    pub fn new(url: &str) -> Result<Self, Error> {
        Self::check(url, parts_of(url))
    }

    /// Checks `url`, which the platform has parsed into `parts`; `None` where it is not a URL.
    ///
    /// The key goes where the platform's parser says, so the rules check that parser's result. They
    /// also refuse a host or path that the parser had to rewrite: it could mislead a reader.
    pub(crate) fn check(url: &str, parts: Option<UrlParts>) -> Result<Self, Error> {
        let base = url.trim_end_matches('/');
        if base.ends_with("/v1") {
            let expected = "the URL without /v1, which is added to it";
            return Err(Error::invalid_argument("api_url", expected));
        }
        if !parts.is_some_and(|parts| is_allowed(base, &parts)) {
            let expected =
                "an https URL (http only for localhost), without user, query or fragment";
            return Err(Error::invalid_argument("api_url", expected));
        }
        Ok(Self(base.into()))
    }

    /// Returns the URL, without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for ApiUrl {
    fn default() -> Self {
        Self("https://api.clerk.com".into())
    }
}

#[cfg(target_arch = "wasm32")]
fn parts_of(url: &str) -> Option<UrlParts> {
    let parts = crate::client::platform::url_parts(url).ok()?;
    Some(UrlParts {
        protocol: parts.get(0).as_string().unwrap_or_default(),
        hostname: parts.get(1).as_string().unwrap_or_default(),
        pathname: parts.get(2).as_string().unwrap_or_default(),
    })
}

/// The url crate follows the same standard as the platform's parser.
#[cfg(all(not(target_arch = "wasm32"), any(feature = "testing", test)))]
fn parts_of(url: &str) -> Option<UrlParts> {
    let parsed = url::Url::parse(url).ok()?;
    Some(UrlParts {
        protocol: String::from(parsed.scheme()) + ":",
        hostname: parsed.host_str().unwrap_or_default().into(),
        pathname: parsed.path().into(),
    })
}

fn is_allowed(base: &str, parts: &UrlParts) -> bool {
    // No `@`, `?`, `#`, `%`, `\`, space or control character: nothing to misread.
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/[]".contains(&byte);
    let is_secure = parts.protocol == "https:";
    let has_written_host = |authority: &str| {
        let host = authority.get(..parts.hostname.len());
        host.is_some_and(|host| host.eq_ignore_ascii_case(&parts.hostname))
            || authority.starts_with('[')
    };
    // The rest between the protocol, which ends in a colon, and the path.
    let authority = base
        .get(parts.protocol.len()..)
        .and_then(|rest| rest.strip_prefix("//"))
        .and_then(|rest| rest.strip_suffix(parts.pathname.trim_end_matches('/')));
    base.bytes().all(is_plain)
        && (is_secure || parts.protocol == "http:" && is_loopback(&parts.hostname))
        && authority.is_some_and(|authority| {
            has_written_host(authority)
                && !authority.ends_with(':')
                && !authority.bytes().any(|byte| byte == b'/')
        })
}

/// Returns whether a host, as the platform spells it, is this machine.
fn is_loopback(hostname: &str) -> bool {
    // The parser has turned each form of an IPv4 address into four numbers.
    let is_ipv4 = || {
        hostname
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
    };
    matches!(hostname, "localhost" | "[::1]") || hostname.starts_with("127.") && is_ipv4()
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn https_and_loopback_are_taken() {
        for (url, base) in [
            ("https://api.clerk.com", "https://api.clerk.com"),
            ("https://api.clerk.com/", "https://api.clerk.com"),
            (
                "HTTPS://Proxy.example:8443/clerk/",
                "HTTPS://Proxy.example:8443/clerk",
            ),
            ("https://a:443", "https://a:443"),
            ("https://a/b/c", "https://a/b/c"),
            ("http://localhost:8787", "http://localhost:8787"),
            ("http://127.0.0.1:80", "http://127.0.0.1:80"),
            ("http://127.9.9.9", "http://127.9.9.9"),
            ("http://[::1]:3000", "http://[::1]:3000"),
            ("https://[2001:db8::1]", "https://[2001:db8::1]"),
            ("https://[2001:0db8:0:0::1]", "https://[2001:0db8:0:0::1]"),
        ] {
            assert_eq!(ApiUrl::new(url).unwrap().as_str(), base);
        }
        assert_eq!(
            ApiUrl::default(),
            ApiUrl::new("https://api.clerk.com").unwrap()
        );
    }

    const REFUSED: [&str; 35] = [
        "",
        "api.clerk.com",
        "http://api.clerk.com",
        "ftp://localhost",
        "https://",
        "https:///v2",
        "https:api.clerk.com",
        "https:/api.clerk.com",
        "https://a b",
        "http://localhost.evil.com",
        "http://127.0.0.1.evil.com",
        "http://127.1",
        "http://0x7f.1",
        "http://0.0.0.0",
        "http://[::2]",
        "https://user@api.clerk.com",
        "https://api.clerk.com@evil.com",
        "http://localhost@evil.com",
        "https://api.clerk.com?x",
        "https://api.clerk.com#x",
        "https://api.clerk.com\\evil",
        "https://a\r\nb",
        "https://a\tb",
        " https://a",
        "https://a:port",
        "https://a:+1",
        "https://a:99999",
        "https://a:",
        "https://a/../b",
        "https://a/b/..",
        "https://a/%2e%2e/b",
        "https://\u{e9}.com",
        "https://\u{ff41}.com",
        "javascript:alert(1)",
        "http://127.0.0.1:8787:1",
    ];

    #[test]
    fn everything_else_is_refused() {
        for url in REFUSED {
            let error = ApiUrl::new(url).unwrap_err();
            assert!(
                error
                    .to_string()
                    .starts_with("api_url: expected an https URL"),
                "{url}: {error}"
            );
        }
    }

    #[test]
    fn the_version_is_not_doubled() {
        assert!(
            ApiUrl::new("https://api.clerk.com/v1/")
                .unwrap_err()
                .message
                .contains("/v1")
        );
    }
}
