//! Where the API is: the one place that a secret key may be sent to.

use alloc::string::String;

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
        let mut base = url;
        while let Some(shorter) = base.strip_suffix('/') {
            base = shorter;
        }
        if base.ends_with("/v1") {
            return Err(Error::invalid_argument("apiUrl", "the URL without /v1, which is added to it"));
        }
        if !is_allowed(base.as_bytes()) {
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

// All of this works on bytes: the searchers behind str's own methods would cost 2 KB of wasm.

fn is_allowed(base: &[u8]) -> bool {
    let (rest, is_secure) = match (strip_scheme(base, b"https://"), strip_scheme(base, b"http://")) {
        (Some(rest), _) => (rest, true),
        (_, Some(rest)) => (rest, false),
        _ => return false,
    };
    let mut segments = rest.split(|byte| *byte == b'/');
    let Some(host) = segments.next().and_then(host) else { return false };
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    (is_secure || is_loopback(host))
        && segments.all(|segment| segment.iter().all(plain) && !matches!(segment, b"." | b".."))
}

fn strip_scheme<'a>(url: &'a [u8], scheme: &[u8]) -> Option<&'a [u8]> {
    let (start, rest) = url.split_at_checked(scheme.len())?;
    start.eq_ignore_ascii_case(scheme).then_some(rest)
}

/// The host of `host[:port]`, where both look well formed. What the host is, `fetch` decides; here it matters only that
/// it cannot be mistaken for another part of the URL.
fn host(authority: &[u8]) -> Option<&[u8]> {
    let is_v6 = authority.starts_with(b"[");
    let end = if is_v6 { b']' } else { b':' };
    let length = authority.iter().position(|byte| *byte == end);
    let (host, port) = match length {
        Some(length) => authority.split_at_checked(length + usize::from(is_v6))?,
        None if is_v6 => return None,
        None => (authority, &[][..]),
    };
    let fits = match host {
        [b'[', v6 @ .., b']'] => v6.iter().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.')),
        name => name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_')),
    };
    let port_fits = match port {
        [] => true,
        [b':', number @ ..] => is_number_up_to(number, 65_535),
        _ => false,
    };
    (fits && port_fits && !host.is_empty()).then_some(host)
}

fn is_loopback(host: &[u8]) -> bool {
    let octets = || host.split(|byte| *byte == b'.');
    host.eq_ignore_ascii_case(b"localhost")
        || host == b"[::1]"
        || (host.starts_with(b"127.") && octets().count() == 4 && octets().all(|octet| is_number_up_to(octet, 255)))
}

fn is_number_up_to(digits: &[u8], max: u32) -> bool {
    (1..=5).contains(&digits.len())
        && digits.iter().all(u8::is_ascii_digit)
        && digits.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0')) <= max
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
