//! Tests the published class the way JavaScript uses it: through wasm-bindgen's glue.

mod body;
mod driver;
mod fields;
mod json;
mod settled;
mod signal;
mod timer;

use clerk_sign_in_tokens::js::{JsSignInTokens, SignInTokensError};
use js_sys::{Array, Function, JSON, Object, Promise, Reflect};
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stub::{KEY, Reply, SHORT_MS, StubFetch, token};

#[wasm_bindgen]
extern "C" {
    /// A `SignInTokens`.
    #[derive(Debug)]
    pub type Tokens;

    #[wasm_bindgen(method, catch)]
    pub async fn create(
        this: &Tokens,
        params: &JsValue,
        options: &JsValue,
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub async fn revoke(this: &Tokens, id: &JsValue, options: &JsValue)
    -> Result<JsValue, JsValue>;

    /// A `SignInTokensError`.
    #[wasm_bindgen(extends = js_sys::Error, extends = Object)]
    #[derive(Debug)]
    pub type TokensError;

    #[wasm_bindgen(method, getter)]
    pub fn code(this: &TokensError) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn outcome(this: &TokensError) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn status(this: &TokensError) -> Option<u16>;
    #[wasm_bindgen(method, getter)]
    pub fn errors(this: &TokensError) -> Array;
    #[wasm_bindgen(method, getter)]
    pub fn attempts(this: &TokensError) -> u32;
    #[wasm_bindgen(method, getter)]
    pub fn stack(this: &TokensError) -> String;
}

/// Calls `new SignInTokens(options)`, with the constructor that JavaScript sees.
pub fn construct(options: &JsValue) -> Result<Tokens, JsValue> {
    let any = JsSignInTokens::new(object(json!({ "secretKey": KEY })).into())?;
    let class: Function = Reflect::get(&any.into(), &"constructor".into())?.unchecked_into();
    Reflect::construct(&class, &Array::of1(options)).map(JsCast::unchecked_into)
}

/// Creates a client that uses the stub as `fetch`, with these additional options.
pub fn client_with(stub: &StubFetch, options: Value) -> Tokens {
    let options = with(&object(options), "fetch", stub.function());
    if Reflect::get(&options, &"secretKey".into())
        .unwrap()
        .is_undefined()
    {
        with(&options, "secretKey", KEY);
    }
    construct(&options).unwrap_or_else(|error| panic!("{error:?}"))
}

pub fn client(stub: &StubFetch) -> Tokens {
    client_with(stub, json!({}))
}

/// Creates a client whose `fetch` is a JavaScript expression, which can count in `counts`. Its
/// timeout is `SHORT_MS`.
pub fn client_counting(fetch: &str, counts: &Object) -> Tokens {
    let fetch = Function::new_with_args("counts", &format!("return {fetch};"))
        .call1(&JsValue::UNDEFINED, counts)
        .unwrap();
    let options = object(json!({ "secretKey": KEY, "timeout": SHORT_MS }));
    construct(&with(&options, "fetch", fetch)).unwrap()
}

/// Creates a JavaScript object.
pub fn object(value: Value) -> Object {
    JSON::parse(&value.to_string()).unwrap().unchecked_into()
}

/// Reads a JavaScript value as `JSON.stringify` writes it.
pub fn to_json(value: &JsValue) -> Value {
    let text = JSON::stringify(value).unwrap().as_string();
    text.map_or(Value::Null, |text| serde_json::from_str(&text).unwrap())
}

/// Sets a field.
pub fn with(object: &Object, name: &str, value: impl Into<JsValue>) -> Object {
    Reflect::set(object, &name.into(), &value.into()).unwrap();
    object.clone()
}

pub fn user() -> Object {
    object(json!({ "userId": "user_1" }))
}

/// Converts what was thrown. Asserts that it is a `SignInTokensError`.
pub fn error(thrown: JsValue) -> TokensError {
    assert!(thrown.is_instance_of::<SignInTokensError>(), "{thrown:?}");
    assert!(thrown.is_instance_of::<js_sys::Error>());
    thrown.unchecked_into()
}

/// Asserts that invalid input was refused before any request, with a message that names the field.
pub fn assert_refused(thrown: JsValue, field: &str) {
    let error = error(thrown);
    let message = String::from(error.message());
    assert!(
        message.starts_with(&format!("{field}: expected ")),
        "{message}"
    );
    assert_eq!(
        (&*error.code(), &*error.outcome(), error.attempts()),
        ("invalid_argument", "none", 0)
    );
    assert!(!error.stack().contains(KEY));
}

/// Starts a create. Returns its promise.
pub fn begin(tokens: &Tokens, params: &JsValue) -> Promise {
    let create = Reflect::get(tokens, &"create".into()).unwrap();
    let create: Function = create.unchecked_into();
    create.call1(tokens, params).unwrap().unchecked_into()
}

/// Creates a token for `user_1`.
pub async fn create(tokens: &Tokens) -> Result<JsValue, TokensError> {
    tokens
        .create(&user(), &JsValue::UNDEFINED)
        .await
        .map_err(error)
}

/// Revokes `sit_1`.
pub async fn revoke(tokens: &Tokens) -> Result<JsValue, TokensError> {
    tokens
        .revoke(&"sit_1".into(), &JsValue::UNDEFINED)
        .await
        .map_err(error)
}

pub async fn failure(reply: Reply) -> TokensError {
    let stub = StubFetch::new([reply]);
    let tokens = client_with(&stub, json!({ "maxRetries": 0 }));
    create(&tokens).await.unwrap_err()
}

pub fn kind(error: &TokensError) -> (String, String, Option<u16>) {
    (error.code(), error.outcome(), error.status())
}

pub fn expected(code: &str, outcome: &str, status: Option<u16>) -> (String, String, Option<u16>) {
    (code.into(), outcome.into(), status)
}

#[wasm_bindgen_test]
async fn the_methods_return_promises_and_never_throw() {
    let stub = StubFetch::new([token("pending")]);
    let tokens = client(&stub);
    for name in ["create", "revoke", "delete"] {
        let method: Function = Reflect::get(&tokens, &name.into())
            .unwrap()
            .unchecked_into();
        let promise: Promise = method.call0(&tokens).unwrap().dyn_into().unwrap();
        error(JsFuture::from(promise).await.unwrap_err());
    }
    assert_eq!(stub.count(), 0);
}

#[wasm_bindgen_test]
async fn arguments_may_change_after_the_call_starts() {
    let stub = StubFetch::new([token("pending")]);
    let tokens = client(&stub);
    let params = user();
    let call = begin(&tokens, &params);
    with(&params, "userId", "user_2");
    JsFuture::from(call).await.unwrap();
    assert_eq!(stub.request().json(), json!({ "user_id": "user_1" }));
}
