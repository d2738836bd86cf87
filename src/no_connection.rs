//! The errors of runtimes that prove that no connection was made, so that nothing was sent.
//!
//! Each is what the runtime named gives for a closed port, an unknown name, a network that is away
//! or a certificate that is refused: `tests/reliability/no-connection.test.js` asks them. Whatever
//! is not here may come from a connection that existed. workerd and browsers give the same error
//! for both.

use crate::operation::Operation;

/// How the code and the message of an error of Node or Bun begin. A message tells an error of
/// `connect` from one of `read`, which has the same code.
const CODES: [&str; 13] = [
    // Node, by libuv.
    "ECONNREFUSED: connect ",
    "EHOSTUNREACH: connect ",
    "ENETUNREACH: connect ",
    // Node, by undici: the time for a connection, TLS included, is over.
    "UND_ERR_CONNECT_TIMEOUT: ",
    // Node, by libuv, and Bun.
    "ENOTFOUND: getaddrinfo ",
    "EAI_AGAIN: getaddrinfo ",
    // Node and Bun, by OpenSSL and BoringSSL. Both check a certificate before they send.
    "DEPTH_ZERO_SELF_SIGNED_CERT: ",
    "SELF_SIGNED_CERT_IN_CHAIN: ",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE: ",
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ",
    "CERT_HAS_EXPIRED: ",
    "ERR_TLS_CERT_ALTNAME_INVALID: ",
    // Bun.
    "ECONNREFUSED: ECONNREFUSED: Unable to connect",
];

/// What precedes an error of Deno from the time before the connection.
const DENO: &str = "client error (Connect): ";

/// How an error of Deno, by hyper and rustls, goes on after that. A proxy's refusal is not among
/// them.
const DENO_ERRORS: [&str; 3] = [
    "tcp connect error: Connection refused",
    "dns error: ",
    "invalid peer certificate: ",
];

/// Returns whether the root causes of an error of `fetch` prove that no connection was made: lines of
/// `code: message`. Of several that failed together, such as one for each address of a name, each
/// has to prove it.
pub(crate) fn is_proved(operation: Operation, errors: &str) -> bool {
    // Bytes, since what `str` searches with costs 3 KB of wasm.
    let mut errors = errors.as_bytes().split(|byte| *byte == b'\n');
    errors.all(|error| is_proof(operation, error))
}

fn is_proof(operation: Operation, error: &[u8]) -> bool {
    let begins = |error: &[u8], known: &[&str]| {
        known
            .iter()
            .any(|known| error.starts_with(known.as_bytes()))
    };
    // Deno itself repeats a request on a new connection after a kept-alive one broke, but not one
    // with a body, which is a stream there. Its errors have no code.
    begins(error, &CODES)
        || operation.has_body()
            && error.starts_with(b": ")
            && error
                .windows(DENO.len())
                .position(|window| window == DENO.as_bytes())
                .and_then(|at| error.get(at + DENO.len()..))
                .is_some_and(|error| begins(error, &DENO_ERRORS))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    const REFUSED: &str = "ECONNREFUSED: connect ECONNREFUSED 127.0.0.1:1";
    const DENO_REFUSED: &str = ": error sending request for url (https://api.example/): \
        client error (Connect): tcp connect error: Connection refused (os error 111)";

    #[test]
    fn a_connection_that_was_not_made_is_proved() {
        let not_found = "ENOTFOUND: getaddrinfo ENOTFOUND api.example";
        for errors in [
            REFUSED,
            not_found,
            "ECONNREFUSED: ECONNREFUSED: Unable to connect. Is the computer …",
            "CERT_HAS_EXPIRED: certificate has expired",
            &[REFUSED, not_found].join("\n"),
        ] {
            for operation in [Operation::Create, Operation::Revoke] {
                assert!(is_proved(operation, errors), "{errors}");
            }
        }
    }

    #[test]
    fn anything_else_may_come_from_a_connection_that_existed() {
        for errors in [
            "",
            ": ",
            "ECONNRESET: read ECONNRESET",
            "ECONNRESET: ECONNRESET: Unable to connect",
            "ECONNREFUSED: read ECONNREFUSED",
            "ECONNREFUSED: ",
            "EHOSTUNREACH: read EHOSTUNREACH",
            "UND_ERR_SOCKET: other side closed",
            ": connect ECONNREFUSED 127.0.0.1:1",
            ": Network connection lost.",
            ": client error (Connect): ",
            ": client error (Connect): unsuccessful tunnel",
            ": client error (Connect): Connection reset by peer",
            ": dns error: ",
            &[REFUSED, "ETIMEDOUT: connect ETIMEDOUT 192.0.2.1:1"].join("\n"),
            &[REFUSED, ""].join("\n"),
        ] {
            assert!(!is_proved(Operation::Create, errors), "{errors}");
        }
    }

    #[test]
    fn a_request_that_deno_may_have_sent_before_is_not() {
        assert!(is_proved(Operation::Create, DENO_REFUSED));
        assert!(!is_proved(Operation::Revoke, DENO_REFUSED));
    }
}
