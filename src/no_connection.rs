//! The errors of runtimes that prove that no connection was made, so that nothing was sent.
//!
//! Each is what the runtime named gives for a closed port, an unknown name, a network that is away
//! or a certificate that is refused: `tests/reliability/no-connection.test.js` asks them. Whatever
//! is not here may come from a connection that existed. workerd and browsers give the same error
//! for both.

use crate::error::Cause;
use crate::operation::Operation;

/// An error that matches all that is given.
struct Proof {
    code: Option<&'static str>,
    /// What the message contains.
    message: &'static str,
    /// Whether the runtime itself may have sent the request before, on a kept-alive connection that
    /// broke. It cannot repeat a body, which is a stream there.
    repeats: bool,
}

const fn code(code: &'static str, message: &'static str) -> Proof {
    Proof {
        code: Some(code),
        message,
        repeats: false,
    }
}

const fn deno(message: &'static str) -> Proof {
    Proof {
        code: None,
        message,
        repeats: true,
    }
}

/// The table. A message tells an error of `connect` from one of `read`, which has the same code.
const PROOFS: [Proof; 22] = [
    // Node, of libuv.
    code("ECONNREFUSED", "connect ECONNREFUSED "),
    code("EHOSTUNREACH", "connect EHOSTUNREACH "),
    code("ENETUNREACH", "connect ENETUNREACH "),
    code("EADDRNOTAVAIL", "connect EADDRNOTAVAIL "),
    // Node, of undici: the time for a connection, TLS included, is over.
    code("UND_ERR_CONNECT_TIMEOUT", ""),
    // Node, of undici: a port that the Fetch standard blocks.
    Proof {
        code: None,
        message: "bad port",
        repeats: false,
    },
    // Node, of libuv, and Bun.
    code("ENOTFOUND", "getaddrinfo "),
    code("EAI_AGAIN", "getaddrinfo "),
    // Node and Bun, of OpenSSL and BoringSSL. Both check a certificate before they send.
    code("DEPTH_ZERO_SELF_SIGNED_CERT", ""),
    code("SELF_SIGNED_CERT_IN_CHAIN", ""),
    code("UNABLE_TO_VERIFY_LEAF_SIGNATURE", ""),
    code("UNABLE_TO_GET_ISSUER_CERT_LOCALLY", ""),
    code("CERT_HAS_EXPIRED", ""),
    code("ERR_TLS_CERT_ALTNAME_INVALID", ""),
    // Bun.
    code("ECONNREFUSED", "ECONNREFUSED: Unable to connect"),
    code("ENETUNREACH", "ENETUNREACH: Was there a typo"),
    // Deno, of reqwest and rustls.
    deno("client error (Connect): tcp connect error: Connection refused"),
    deno("client error (Connect): tcp connect error: Network is unreachable"),
    deno("client error (Connect): tcp connect error: No route to host"),
    deno("client error (Connect): dns error: "),
    deno("client error (Connect): invalid peer certificate: "),
    // Deno: a port that the Fetch standard blocks.
    deno("Fetch failed: Requests to port "),
];

impl Proof {
    fn holds(&self, operation: Operation, cause: &Cause) -> bool {
        (!self.repeats || operation.has_body())
            && (self.code.is_none() || self.code == cause.code.as_deref())
            && cause.message.contains(self.message)
    }
}

/// Returns whether an error of `fetch` proves that no connection was made. Of several that failed
/// together, such as one for each address of a name, each has to prove it.
pub(crate) fn is_proved(operation: Operation, cause: &Cause) -> bool {
    if !cause.errors.is_empty() {
        return cause.errors.iter().all(|error| is_proved(operation, error));
    }
    PROOFS.iter().any(|proof| proof.holds(operation, cause))
        || cause
            .cause
            .as_ref()
            .is_some_and(|inner| is_proved(operation, inner))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    fn error(code: Option<&str>, message: &str) -> Cause {
        Cause {
            code: code.map(Into::into),
            message: message.into(),
            ..Cause::default()
        }
    }

    /// An error as `fetch` of Node and Deno wraps it.
    fn wrapped(inner: Cause) -> Cause {
        Cause {
            cause: Some(Box::new(inner)),
            ..error(None, "fetch failed")
        }
    }

    fn all_of(errors: Vec<Cause>) -> Cause {
        // Node gives it the code of the first one.
        Cause {
            errors,
            ..error(Some("ECONNREFUSED"), "")
        }
    }

    fn refused() -> Cause {
        error(Some("ECONNREFUSED"), "connect ECONNREFUSED 127.0.0.1:1")
    }

    #[test]
    fn a_connection_that_was_not_made_is_proved() {
        let not_found = error(Some("ENOTFOUND"), "getaddrinfo ENOTFOUND api.example");
        for cause in [
            refused(),
            wrapped(refused()),
            wrapped(not_found.clone()),
            wrapped(all_of(vec![refused(), not_found])),
            wrapped(error(Some("CERT_HAS_EXPIRED"), "certificate has expired")),
        ] {
            for operation in [Operation::Create, Operation::Revoke] {
                assert!(is_proved(operation, &cause), "{cause:?}");
            }
        }
    }

    #[test]
    fn anything_else_may_come_from_a_connection_that_existed() {
        let reset = || error(Some("ECONNRESET"), "read ECONNRESET");
        for cause in [
            Cause::default(),
            reset(),
            error(Some("ECONNREFUSED"), "read ECONNREFUSED"),
            error(Some("EHOSTUNREACH"), "read EHOSTUNREACH"),
            error(Some("UND_ERR_SOCKET"), "other side closed"),
            error(None, "connect ECONNREFUSED 127.0.0.1:1"),
            error(None, "Network connection lost."),
            error(None, "client error (Connect): unsuccessful tunnel"),
            error(None, "client error (Connect): Connection reset by peer"),
            wrapped(all_of(vec![refused(), reset()])),
            all_of(vec![refused(), Cause::default()]),
        ] {
            assert!(!is_proved(Operation::Create, &cause), "{cause:?}");
        }
    }

    #[test]
    fn a_request_that_deno_may_have_sent_before_is_not() {
        let message = "error sending request for url (https://api.example/): \
            client error (Connect): tcp connect error: Connection refused (os error 111)";
        let cause = wrapped(error(None, message));
        assert!(is_proved(Operation::Create, &cause));
        assert!(!is_proved(Operation::Revoke, &cause));
    }
}
