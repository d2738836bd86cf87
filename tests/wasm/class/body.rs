//! Tests the bodies of answers that are hard to read, and what is left of one that is not read.

use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::stub::{answer, answer_with, resolves, token, token_json};

/// Returns Clerk's error with a `meta` of so many arrays or objects within each other.
fn nested(depth: usize, opening: &str, closing: &str) -> String {
    let meta = format!("{}{}", opening.repeat(depth), closing.repeat(depth));
    let meta = meta.replace(":}", ":null}");
    format!(r#"{{"errors":[{{"code":"c","message":"m","long_message":"l","meta":{meta}}}]}}"#)
}

/// Runs JavaScript that returns a response. `text` is its argument.
fn response(source: &str, text: &str) -> JsValue {
    Function::new_with_args("text", source)
        .call1(&JsValue::UNDEFINED, &text.into())
        .unwrap()
}

#[wasm_bindgen_test]
async fn a_deeply_nested_meta_changes_no_error() {
    for depth in [49, 500, 3000, 9000] {
        for (opening, closing) in [("[", "]"), (r#"{"a":"#, "}")] {
            let body = nested(depth, opening, closing);
            let stub = StubFetch::new([answer(404, body)]);
            let error = create(&client(&stub)).await.unwrap_err();
            assert_eq!(
                (&*error.code(), &*error.outcome()),
                ("not_found", "none"),
                "{depth} times {opening}"
            );
            assert_eq!(error.errors().length(), 1);
        }
    }
    let headers = &[("retry-after", "0")];
    let refused = answer_with(429, headers, nested(9000, "[", "]"));
    let stub = StubFetch::new([refused, token("pending")]);
    create(&client(&stub)).await.unwrap();
}

#[wasm_bindgen_test]
async fn the_keys_of_a_meta_are_in_camel_case() {
    let meta = json!({ "param_name": "a", "inner_list": [{ "is_deep": true }] });
    let mut body = crate::stub::clerk_error_json();
    body["errors"][0]["meta"] = meta;
    let stub = StubFetch::new([answer(404, body.to_string())]);
    let error = create(&client(&stub)).await.unwrap_err();
    assert_eq!(
        to_json(&error.errors())[0]["meta"],
        json!({ "paramName": "a", "innerList": [{ "isDeep": true }] })
    );
}

#[wasm_bindgen_test]
async fn a_chunk_of_another_class_is_read_as_its_bytes() {
    let source = "
        class Chunk extends Uint8Array {
            get length() { throw new Error('x'); }
            slice() { throw new Error('x'); }
        }
        const chunks = [new Chunk(new TextEncoder().encode(text))];
        const read = async () => ({ done: chunks.length === 0, value: chunks.pop() });
        return { status: 200, headers: new Map(), body: { getReader: () => ({ read }) } };";
    let text = token_json("pending").to_string();
    let stub = StubFetch::new([resolves(response(source, &text))]);
    let token = create(&client(&stub)).await.unwrap();
    assert_eq!(to_json(&token)["id"], "sit_1");
}

#[wasm_bindgen_test]
async fn a_body_that_is_given_up_is_cancelled_before_the_retry() {
    let cancelled = object(json!({ "times": 0 }));
    for source in [
        // Its headers cannot be read.
        "return {
            status: 200,
            headers: {
                get(name) {
                    if (name === 'content-length') throw new Error('x');
                    return null;
                },
            },
            body: { cancel() { counts.times++; } },
        };",
        // Its second chunk is not made of bytes.
        "const chunks = [new Uint8Array(5), 'text'];
        const read = async () => ({ done: false, value: chunks.shift() });
        const reader = { read, cancel() { counts.times++; } };
        return { status: 200, headers: new Map(), body: { getReader: () => reader } };",
    ] {
        with(&cancelled, "times", 0);
        let response = Function::new_with_args("counts", source)
            .call1(&JsValue::UNDEFINED, &cancelled)
            .unwrap();
        let stub = StubFetch::new([resolves(response), token("revoked")]);
        revoke(&client(&stub)).await.unwrap();
        assert_eq!(stub.count(), 2);
        assert_eq!(to_json(&cancelled), json!({ "times": 1 }), "{source}");
    }
}

#[wasm_bindgen_test]
async fn a_body_that_is_too_long_is_an_invalid_response() {
    let fitting = format!("{}{}", token_json("pending"), " ".repeat(60_000));
    let stub = StubFetch::new([answer(200, fitting)]);
    create(&client(&stub)).await.unwrap();
    for reply in [
        answer(200, " ".repeat(70_000)),
        answer_with(200, &[("content-length", "70000")], " ".repeat(70_000)),
        // A wrong length.
        answer_with(200, &[("content-length", "2")], "\u{20ac}".repeat(30_000)),
    ] {
        let error = failure(reply).await;
        assert_eq!(
            kind(&error),
            expected("invalid_response", "unknown", Some(200))
        );
    }
}
