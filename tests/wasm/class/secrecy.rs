//! Tests that no error, cause, event or text of a client contains the key, a token or a ticket URL.

use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::stub::{Reply, answer, answer_with, fails, token, token_json};

const TICKET: &str = "the-ticket";

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = String)]
    fn to_text(value: &JsValue) -> String;
}

/// Returns all renderings of a value.
fn renderings(value: &JsValue) -> Vec<String> {
    let mut texts = vec![
        to_text(value),
        to_json(value).to_string(),
        format!("{value:?}"),
    ];
    if value.is_object() {
        for name in Object::get_own_property_names(value.unchecked_ref::<Object>()).iter() {
            let property = Reflect::get(value, &name).unwrap();
            texts.push(to_text(&property));
            if property.is_instance_of::<js_sys::Error>() {
                texts.extend(renderings(&property));
            }
        }
    }
    texts
}

fn assert_clean(value: &JsValue, what: &str) {
    for text in renderings(value) {
        assert!(
            !text.contains(KEY) && !text.contains(TICKET),
            "{what}: {text}"
        );
    }
}

/// Returns the body of a proxy that echoes the key in every field that errors are read from.
fn echo() -> serde_json::Value {
    json!({
        "errors": [{
            "code": KEY, "message": format!("Bearer {KEY}"), "long_message": format!("x{KEY}x"),
            "meta": { KEY: [KEY] },
        }],
        "clerk_trace_id": KEY,
    })
}

fn failing(message: String) -> Reply {
    fails(move || {
        let inner = js_sys::Error::new(&message);
        inner.set_name(&message);
        with(&inner, "code", &*message);
        let outer = js_sys::Error::new(&message);
        with(&outer, "request", &*message);
        with(&outer, "cause", inner).into()
    })
}

#[wasm_bindgen_test]
async fn nothing_shows_the_key_or_the_ticket() {
    let mut replies: Vec<(String, Reply)> = vec![
        (
            "a lost answer".into(),
            failing(format!("refused {KEY} {TICKET}")),
        ),
        ("text as an error".into(), fails(|| KEY.into())),
        ("HTML".into(), answer(200, format!("<p>{TICKET} {KEY}</p>"))),
        (
            "a token with a 500".into(),
            answer(500, token_json("pending").to_string()),
        ),
        ("headers".into(), answer_with(404, &[("cf-ray", KEY)], "")),
    ];
    for status in [400, 401, 403, 404, 422, 429, 500] {
        replies.push((
            format!("{status}, echoing"),
            answer(status, echo().to_string()),
        ));
    }
    // The client knows the key, and can redact it. It does not know the ticket in another program's
    // error.
    replies[0].1 = failing(format!("refused {KEY}"));
    for (what, reply) in replies {
        let stub = StubFetch::new([reply]);
        let options = object(json!({ "secretKey": KEY, "maxRetries": 0 }));
        let events = observe(&options);
        let tokens = construct(&with(&options, "fetch", stub.function())).unwrap();
        assert_clean(&create(&tokens).await.unwrap_err(), &what);
        assert_clean(&events, &what);
        assert_clean(&tokens, &what);
    }
}

#[wasm_bindgen_test]
async fn a_key_in_the_wrong_place_is_not_shown() {
    let stub = StubFetch::new([token("pending")]);
    let tokens = client(&stub);
    for (what, params, options) in [
        ("a field", json!({ "userId": "user_1", KEY: 1 }), json!({})),
        (
            "a value",
            json!({ "userId": format!("{KEY}\n") }),
            json!({}),
        ),
        (
            "an option",
            json!({ "userId": "user_1" }),
            json!({ "timeout": KEY }),
        ),
        (
            "a header",
            json!({ "userId": "user_1" }),
            json!({ "headers": { "x": format!("{KEY}\ny") } }),
        ),
    ] {
        let thrown = tokens
            .create(&object(params), &object(options))
            .await
            .unwrap_err();
        assert_clean(&thrown, what);
    }
    for key in [format!("{KEY} "), format!("\"{KEY}\"")] {
        let own = with(
            &object(json!({ "secretKey": key })),
            "fetch",
            stub.function(),
        );
        let tokens = construct(&own).unwrap();
        assert_clean(&create(&tokens).await.unwrap_err(), "a key with spaces");
    }
    assert_eq!(stub.count(), 0);
}
