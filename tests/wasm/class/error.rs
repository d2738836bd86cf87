//! Tests every error code: which answers lead to it, and which fields the error has.

use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::stub::{answer, answer_with, clerk_error, never, token_json};

#[wasm_bindgen_test]
async fn each_status_has_its_code() {
    for (status, code, outcome) in [
        (400, "rejected", "none"),
        (401, "unauthorized", "none"),
        (403, "unauthorized", "none"),
        (404, "not_found", "none"),
        (409, "rejected", "none"),
        (422, "rejected", "none"),
        (429, "rate_limited", "none"),
        (500, "server_error", "unknown"),
        (503, "server_error", "unknown"),
        (302, "invalid_response", "unknown"),
        (200, "invalid_response", "unknown"),
    ] {
        let error = failure(clerk_error(status)).await;
        assert_eq!(kind(&error), expected(code, outcome, Some(status)));
        assert_eq!(error.attempts(), 1);
    }
}

#[wasm_bindgen_test]
async fn a_refusal_without_clerks_errors_has_an_unknown_outcome() {
    for body in [
        "",
        "<h1>Not found</h1>",
        "{}",
        "null",
        r#"{"errors":{}}"#,
        r#"{"errors":[1]}"#,
        r#"{"errors":[{"message":"Forbidden"}]}"#,
        r#"{"errors":[{"code":10000,"message":"Authentication error"}]}"#,
    ] {
        let error = failure(answer(404, body)).await;
        assert_eq!(
            kind(&error),
            expected("not_found", "unknown", Some(404)),
            "{body}"
        );
        assert_eq!(error.errors().length(), 0);
    }
}

#[wasm_bindgen_test]
async fn a_success_without_a_token_is_an_invalid_response() {
    let mut bodies: Vec<String> = ["", "null", "[]", "{}", "5", "<p>", "{\"object\":"]
        .map(Into::into)
        .into();
    for (field, value) in [
        ("object", json!("user")),
        ("id", json!("")),
        ("id", json!(1)),
        ("user_id", json!(null)),
        ("status", json!(1)),
        ("token", json!({})),
        ("created_at", json!("2026")),
        ("updated_at", json!(1.5)),
        ("updated_at", json!(9_007_199_254_740_992_u64)),
    ] {
        let mut token = token_json("pending");
        token[field] = value;
        bodies.push(token.to_string());
    }
    for body in bodies {
        let error = failure(answer(200, &*body)).await;
        assert_eq!(
            kind(&error),
            expected("invalid_response", "unknown", Some(200)),
            "{body}"
        );
    }
}

#[wasm_bindgen_test]
async fn a_timeout_has_its_code() {
    let stub = StubFetch::new([never()]);
    let error = create(&client_with(&stub, json!({ "timeout": SHORT_MS })))
        .await
        .unwrap_err();
    assert_eq!(kind(&error), expected("timeout", "unknown", None));
}

#[wasm_bindgen_test]
async fn an_error_has_all_fields_of_the_answer() {
    let body = crate::stub::clerk_error_json().to_string();
    let headers = &[("retry-after", "3600"), ("cf-ray", "ray_1")];
    let error = failure(answer_with(429, headers, body)).await;
    let errors = json!([{
        "code": "some_code", "message": "a message", "longMessage": "A long message.",
        "meta": { "paramName": "user_id" },
    }]);
    assert_eq!(to_json(&error.errors()), errors);
    assert_eq!(error.clerk_trace_id().as_deref(), Some("trace_1"));
    assert_eq!(error.retry_after(), Some(3600));
    assert_eq!(
        to_json(&error),
        json!({
            "code": "rate_limited", "status": 429, "errors": errors, "clerkTraceId": "trace_1",
            "retryAfter": 3600, "attempts": 1, "outcome": "none",
        })
    );
}

#[wasm_bindgen_test]
async fn the_trace_id_falls_back_to_the_header() {
    let error = failure(answer_with(
        502,
        &[("cf-ray", "ray_1")],
        "<h1>Bad gateway</h1>",
    ))
    .await;
    assert_eq!(error.clerk_trace_id().as_deref(), Some("ray_1"));
}

#[wasm_bindgen_test]
async fn all_errors_are_of_one_class_that_extends_error() {
    let stub = StubFetch::new([clerk_error(404)]);
    let of_call = create(&client(&stub)).await.unwrap_err();
    let of_constructor = error(construct(&Object::new()).unwrap_err());
    for error in [&of_call, &of_constructor] {
        assert_eq!(error.name(), "SignInTokensError");
        assert!(error.stack().starts_with("SignInTokensError: "));
        let class = error.constructor();
        assert_eq!(class.name(), "SignInTokensError");
        let parent = Object::get_prototype_of(&class);
        assert_eq!(parent.unchecked_into::<Function>().name(), "Error");
    }
    assert!(Object::is(
        &of_call.constructor(),
        &of_constructor.constructor()
    ));
    // A field without a value is absent.
    assert_eq!(
        to_json(&of_constructor),
        json!({ "code": "invalid_argument", "errors": [], "attempts": 0, "outcome": "none" })
    );
}
