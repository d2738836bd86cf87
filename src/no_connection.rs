//! The errors of runtimes that prove that no connection was made, so that nothing was sent.
//!
//! Each is what the runtime named gives for a closed port, an unknown name, an unreachable network
//! or a certificate that is refused: `tests/reliability/no-connection.test.ts` asks them. Whatever
//! is not here may come from a connection that existed. workerd and browsers give the same error
//! for both.

use crate::error::Cause;
use crate::operation::Operation;

/// The codes, and what the messages contain.
const PROOFS: [(&str, &str); 13] = [
    // Node and partly Bun, by libuv: the system calls without which there is no connection.
    (ANY, "connect E"),
    (ANY, "getaddrinfo E"),
    // Node, by undici: the time for a connection, TLS included, is over.
    ("UND_ERR_CONNECT_TIMEOUT", ""),
    // Node and Bun, by OpenSSL and BoringSSL. Both check a certificate before they send.
    ("DEPTH_ZERO_SELF_SIGNED_CERT", ""),
    ("SELF_SIGNED_CERT_IN_CHAIN", ""),
    ("UNABLE_TO_VERIFY_LEAF_SIGNATURE", ""),
    ("UNABLE_TO_GET_ISSUER_CERT_LOCALLY", ""),
    ("CERT_HAS_EXPIRED", ""),
    ("ERR_TLS_CERT_ALTNAME_INVALID", ""),
    // Bun.
    ("ECONNREFUSED", "Unable to connect"),
    // Deno, by hyper and rustls, has no codes. A proxy's refusal is not among them.
    ("", "(Connect): tcp connect error: "),
    ("", "(Connect): dns error: "),
    ("", "(Connect): invalid peer certificate: "),
];

/// Stands for each code, where the message begins with this.
const ANY: &str = "*";

/// How an error of Deno begins where there was no connection.
const DENO: &str = "error sending request for ";

/// Returns whether an error of `fetch` proves that no connection was made. Of several that failed
/// together, such as one for each address of a name, each has to prove it.
pub(crate) fn is_proved(operation: Operation, cause: &Cause) -> bool {
    // What wraps the errors of the network says nothing itself.
    let inner = cause.cause.as_deref().unwrap_or(cause);
    let mut next = match &*inner.name {
        "AggregateError" => inner.cause.as_deref(),
        _ => Some(inner),
    };
    let mut is_proved = next.is_some();
    while let Some(error) = next {
        is_proved &= is_proof(operation, error);
        next = error.cause.as_deref();
    }
    is_proved
}

fn is_proof(operation: Operation, error: &Cause) -> bool {
    let code = error.code.as_deref().unwrap_or_default();
    // Deno itself repeats a request on a new connection after a kept-alive one broke, but not one
    // with a body, which is a stream there. What it says of a connection begins with its address;
    // the text of a server may follow.
    let is_in_doubt = !operation.has_body() || !error.message.starts_with(DENO);
    !(code.is_empty() && is_in_doubt)
        && PROOFS.iter().any(|&(known, part)| match known {
            ANY => error.message.starts_with(part),
            _ => known == code && contains(&error.message, part),
        })
}

/// Does what `str::contains` does, whose search costs 3 KB of wasm.
fn contains(text: &str, part: &str) -> bool {
    let (text, part) = (text.as_bytes(), part.as_bytes());
    part.is_empty() || text.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    const REFUSED: (&str, &str) = ("ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:1");
    const NOT_FOUND: (&str, &str) = ("ENOTFOUND", "getaddrinfo ENOTFOUND api.example");
    const DENO_REFUSED: (&str, &str) = (
        "",
        "error sending request for url (https://api.example/): client error (Connect): \
            tcp connect error: Connection refused (os error 111)",
    );

    const NESTED: (&str, &str) = ("AggregateError", "");
    const SERVER_TEXT: &str = "error sending request from 192.0.2.1:1 for https://api.example/ \
        (192.0.2.2:443): client error (SendRequest): http2 error: \
        \"client error (Connect): dns error: \"";

    /// Returns an error that has the rest as its causes. No code is an empty one.
    fn error(name: &str, errors: &[(&str, &str)]) -> Cause {
        let ((code, message), inner) = errors.split_first().unwrap();
        let is_nested = *code == NESTED.0;
        Cause {
            name: if is_nested { *code } else { name }.into(),
            message: (*message).into(),
            code: Some((*code).into()).filter(|code: &String| !code.is_empty()),
            cause: (!inner.is_empty()).then(|| Box::new(error("Error", inner))),
        }
    }

    /// Wraps errors as `fetch` of Node and Deno does.
    fn wrapped(errors: &[(&str, &str)]) -> Cause {
        error("TypeError", &[&[("", "fetch failed")], errors].concat())
    }

    /// Wraps errors as Node does, one for each address.
    fn all_of(errors: &[(&str, &str)]) -> Cause {
        let mut cause = wrapped(&[&[(REFUSED.0, "")], errors].concat());
        cause.cause.as_mut().unwrap().name = "AggregateError".into();
        cause
    }

    #[test]
    fn a_connection_that_was_not_made_is_proved() {
        for cause in [
            error(
                "TypeError",
                &[("ECONNREFUSED", "ECONNREFUSED: Unable to connect. Is")],
            ),
            wrapped(&[REFUSED]),
            wrapped(&[NOT_FOUND]),
            wrapped(&[("CERT_HAS_EXPIRED", "certificate has expired")]),
            wrapped(&[("ENETUNREACH", "connect ENETUNREACH 192.0.2.1:443 - Local (")]),
            all_of(&[
                REFUSED,
                NOT_FOUND,
                ("ETIMEDOUT", "connect ETIMEDOUT 192.0.2.1:1"),
            ]),
        ] {
            for operation in [Operation::Create, Operation::Revoke] {
                assert!(is_proved(operation, &cause), "{cause:?}");
            }
        }
    }

    #[test]
    fn anything_else_may_come_from_a_connection_that_existed() {
        for cause in [
            error("TypeError", &[("", "fetch failed")]),
            error("Error", &[("", "Network connection lost.")]),
            error(
                "TypeError",
                &[("ECONNRESET", "ECONNRESET: Unable to connect")],
            ),
            wrapped(&[("ECONNRESET", "read ECONNRESET")]),
            wrapped(&[("ECONNREFUSED", "read ECONNREFUSED")]),
            wrapped(&[("EHOSTUNREACH", "read EHOSTUNREACH")]),
            wrapped(&[("ECONNREFUSED", "")]),
            wrapped(&[("UND_ERR_SOCKET", "other side closed")]),
            wrapped(&[("", REFUSED.1)]),
            wrapped(&[(
                "",
                "error sending request for url (x): client error (Connect): ",
            )]),
            wrapped(&[(
                "",
                "error sending request for url (x): client error (Connect): unsuccessful tunnel",
            )]),
            wrapped(&[(
                "",
                "error sending request for url (x): client error (Connect): Connection reset",
            )]),
            wrapped(&[("", "dns error: ")]),
            wrapped(&[REFUSED, ("ECONNRESET", "read ECONNRESET")]),
            wrapped(&[("ECONNREFUSED", "connect to the API: ECONNREFUSED")]),
            all_of(&[REFUSED, ("ECONNRESET", "read ECONNRESET")]),
            all_of(&[REFUSED, ("", "")]),
            // Node nests none; what this one is made of may be left out.
            all_of(&[REFUSED, NESTED]),
            // What a server says, here in HTTP/2.
            wrapped(&[("", SERVER_TEXT)]),
            all_of(&[]),
        ] {
            assert!(!is_proved(Operation::Create, &cause), "{cause:?}");
        }
    }

    #[test]
    fn a_request_that_deno_may_have_sent_before_is_not() {
        assert!(is_proved(Operation::Create, &wrapped(&[DENO_REFUSED])));
        assert!(!is_proved(Operation::Revoke, &wrapped(&[DENO_REFUSED])));
    }
}
