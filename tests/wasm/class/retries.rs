//! Tests which requests are retried, and which are not.

use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::stub::{Reply, answer_with, clerk_error, clerk_error_json, lost, token};

fn at_once(status: u16) -> Reply {
    answer_with(
        status,
        &[("retry-after", "0")],
        clerk_error_json().to_string(),
    )
}

fn status(token: &JsValue) -> serde_json::Value {
    to_json(token)["status"].clone()
}

#[wasm_bindgen_test]
async fn a_create_is_retried_only_after_a_429() {
    let stub = StubFetch::new([at_once(429), at_once(429), token("pending")]);
    assert_eq!(status(&create(&client(&stub)).await.unwrap()), "pending");
    assert_eq!(stub.count(), 3);
    assert!(
        stub.requests()
            .iter()
            .all(|seen| seen.json() == json!({ "user_id": "user_1" }))
    );

    for reply in [
        at_once(500),
        at_once(502),
        at_once(503),
        at_once(504),
        at_once(404),
        lost(),
    ] {
        let stub = StubFetch::new([reply, token("pending")]);
        assert_eq!(create(&client(&stub)).await.unwrap_err().attempts(), 1);
        assert_eq!(stub.count(), 1);
    }
}

#[wasm_bindgen_test]
async fn a_revoke_is_retried_after_a_lost_answer_and_failures_of_the_api() {
    for replies in [
        [at_once(429), at_once(500)],
        [at_once(502), at_once(503)],
        [at_once(504), lost()],
    ] {
        let [first, second] = replies;
        let stub = StubFetch::new([first, second, token("revoked")]);
        assert_eq!(status(&revoke(&client(&stub)).await.unwrap()), "revoked");
        assert_eq!(stub.count(), 3);
    }
    for reply in [at_once(501), at_once(404), at_once(302)] {
        let stub = StubFetch::new([reply, token("revoked")]);
        assert_eq!(revoke(&client(&stub)).await.unwrap_err().attempts(), 1);
    }
}

#[wasm_bindgen_test]
async fn a_revoke_that_is_refused_after_a_lost_answer_has_an_unknown_outcome() {
    let stub = StubFetch::new([lost(), clerk_error(400)]);
    let error = revoke(&client(&stub)).await.unwrap_err();
    assert_eq!(
        (
            &*error.code(),
            &*error.outcome(),
            error.status(),
            error.attempts()
        ),
        ("not_pending", "unknown", Some(400), 2)
    );
    assert!(String::from(error.message()).ends_with("the token may have been revoked"));

    let stub = StubFetch::new([at_once(429), clerk_error(400)]);
    assert_eq!(revoke(&client(&stub)).await.unwrap_err().outcome(), "none");
}

#[wasm_bindgen_test]
async fn the_retries_are_counted() {
    let stub = StubFetch::new([at_once(429)]);
    let error = create(&client(&stub)).await.unwrap_err();
    assert_eq!((&*error.code(), error.attempts()), ("rate_limited", 3));
    assert_eq!(stub.count(), 3);
}

#[wasm_bindgen_test]
async fn a_wait_that_would_exceed_the_timeout_does_not_start() {
    for value in ["3600", "99999999999", "Fri, 31 Dec 2999 23:59:59 GMT"] {
        let headers: &'static [_] = Box::leak(Box::new([("retry-after", value)]));
        let stub = StubFetch::new([answer_with(429, headers, "")]);
        let error = create(&client(&stub)).await.unwrap_err();
        assert_eq!(
            (&*error.code(), error.attempts()),
            ("rate_limited", 1),
            "{value}"
        );
        assert!(error.retry_after().unwrap() >= 3600);
    }
}

#[wasm_bindgen_test]
async fn a_date_in_the_past_causes_no_wait() {
    // All three forms of an HTTP date.
    for value in [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
    ] {
        let headers: &'static [_] = Box::leak(Box::new([("retry-after", value)]));
        let stub = StubFetch::new([answer_with(429, headers, "")]);
        let error = create(&client(&stub)).await.unwrap_err();
        assert_eq!(
            (error.retry_after(), error.attempts()),
            (Some(0), 3),
            "{value}"
        );
    }
}
