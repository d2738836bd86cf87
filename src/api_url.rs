//! Where the API is: the one place that a secret key may be sent to.

use crate::error::Error;

/// The base URL of the Backend API: https, or http to this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiUrl(String);

impl ApiUrl {
    /// Takes a base URL such as `https://api.clerk.com`, with or without a path, without the `/v1`.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`](crate::ErrorCode::InvalidArgument) for anything but an https URL (http for
    /// `localhost`, `127.0.0.0/8` and `[::1]`) of plain ASCII, without user, query or fragment.
    pub fn new(url: &str) -> Result<Self, Error> {
        let base = url.trim_end_matches('/');
        if base.ends_with("/v1") {
            return Err(Error::invalid_argument("apiUrl", "the URL without /v1, which is added to it"));
        }
        if !is_allowed(base) {
            let expected = "an https URL (http only for localhost), without user, query or fragment";
            return Err(Error::invalid_argument("apiUrl", expected));
        }
        Ok(Self(base.into()))
    }

    /// The URL, without a slash at its end.
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

fn is_allowed(base: &str) -> bool {
    let (rest, is_secure) = match (strip_scheme(base, "https://"), strip_scheme(base, "http://")) {
        (Some(rest), _) => (rest, true),
        (_, Some(rest)) => (rest, false),
        _ => return false,
    };
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    host(authority).is_some_and(|host| is_secure || is_loopback(host))
        && path.bytes().all(plain)
        && !path.split('/').any(|segment| segment == "." || segment == "..")
}

fn strip_scheme<'a>(url: &'a str, scheme: &str) -> Option<&'a str> {
    let (start, rest) = url.split_at_checked(scheme.len())?;
    start.eq_ignore_ascii_case(scheme).then_some(rest)
}

/// The host of `host[:port]`, where both look well formed. What the host is, `fetch` decides; here it matters only that
/// it cannot be mistaken for another part of the URL. (`core::net`'s parsers would cost 2 KB of wasm.)
fn host(authority: &str) -> Option<&str> {
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (authority, "443"),
    };
    let fits = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(v6) => !v6.is_empty() && v6.bytes().all(|byte| byte.is_ascii_hexdigit() || b":.".contains(&byte)),
        None => !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte)),
    };
    (fits && is_number_up_to(port, 65_535)).then_some(host)
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host == "[::1]"
        || (host.starts_with("127.")
            && host.split('.').count() == 4
            && host.split('.').all(|octet| is_number_up_to(octet, 255)))
}

fn is_number_up_to(text: &str, max: u32) -> bool {
    (1..=5).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && text.bytes().fold(0, |number, digit| number * 10 + u32::from(digit - b'0')) <= max
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_and_loopback_are_taken() {
        for (url, base) in [
            ("https://api.clerk.com", "https://api.clerk.com"),
            ("https://api.clerk.com/", "https://api.clerk.com"),
            ("HTTPS://proxy.example:8443/clerk/", "HTTPS://proxy.example:8443/clerk"),
            ("http://localhost:8787", "http://localhost:8787"),
            ("http://127.0.0.1:80", "http://127.0.0.1:80"),
            ("http://127.9.9.9", "http://127.9.9.9"),
            ("http://[::1]:3000", "http://[::1]:3000"),
            ("https://[2001:db8::1]", "https://[2001:db8::1]"),
        ] {
            assert_eq!(ApiUrl::new(url).unwrap().as_str(), base);
        }
        assert_eq!(ApiUrl::default(), ApiUrl::new("https://api.clerk.com").unwrap());
    }

    #[test]
    fn everything_else_is_refused() {
        for url in [
            "",
            "api.clerk.com",
            "http://api.clerk.com",
            "ftp://localhost",
            "https://",
            "https:///v2",
            "https://a b",
            "http://localhost.evil.com",
            "http://127.0.0.1.evil.com",
            "http://127.1",
            "http://0.0.0.0",
            "http://[::2]",
            "https://user@api.clerk.com",
            "https://api.clerk.com@evil.com",
            "http://localhost@evil.com",
            "https://api.clerk.com?x",
            "https://api.clerk.com#x",
            "https://api.clerk.com\\evil",
            "https://a\r\nb",
            "https://a:port",
            "https://a:+1",
            "https://a:99999",
            "https://a:",
            "https://a/../b",
            "https://\u{e9}.com",
            "javascript:alert(1)",
            "http://127.0.0.1:8787:1",
        ] {
            let error = ApiUrl::new(url).unwrap_err();
            assert!(error.message.starts_with("apiUrl: expected an https URL"), "{url}: {error}");
        }
    }

    #[test]
    fn the_version_is_not_doubled() {
        assert!(ApiUrl::new("https://api.clerk.com/v1/").unwrap_err().message.contains("/v1"));
    }
}
