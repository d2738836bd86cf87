//! Tests the published class the way JavaScript uses it: through wasm-bindgen's glue.

mod arguments;
mod body;
mod boundary;
mod driver;
mod errors;
mod fetch;
mod interrupt;
mod options;
mod retries;
mod secrecy;
mod signal;

use clerk_sign_in_tokens::js::{JsSignInTokens, SignInTokensError};
use js_sys::{Array, Function, Object, Promise, Reflect};
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::stub::{KEY, StubFetch, object};

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

    #[wasm_bindgen(method, catch)]
    pub async fn delete(this: &Tokens, id: &JsValue, options: &JsValue)
    -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method)]
    pub fn free(this: &Tokens);

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
    #[wasm_bindgen(method, getter, js_name = clerkTraceId)]
    pub fn clerk_trace_id(this: &TokensError) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = retryAfter)]
    pub fn retry_after(this: &TokensError) -> Option<u32>;
    #[wasm_bindgen(method, getter)]
    pub fn attempts(this: &TokensError) -> u32;
    #[wasm_bindgen(method, getter)]
    pub fn stack(this: &TokensError) -> String;
}

/// Calls `new SignInTokens(options)`, with the constructor that JavaScript sees.
pub fn construct(options: &JsValue) -> Result<Tokens, JsValue> {
    let any = JsSignInTokens::new(&object(json!({ "secretKey": KEY })))?;
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

/// Sets a field.
pub fn with(object: &Object, name: &str, value: impl Into<JsValue>) -> Object {
    Reflect::set(object, &name.into(), &value.into()).unwrap();
    object.clone()
}

/// Sets an `onAttempt` that records the events. Returns them.
pub fn observe(options: &Object) -> Array {
    let events = Array::new();
    let told = events.clone();
    let observer = Closure::<dyn Fn(JsValue)>::new(move |event| {
        told.push(&event);
    });
    with(options, "onAttempt", observer.into_js_value());
    events
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

/// Waits for so many milliseconds.
pub async fn sleep(ms: u32) {
    let source = "return new Promise((resolve) => setTimeout(resolve, ms));";
    let sleep = Function::new_with_args("ms", source);
    let promise = sleep.call1(&JsValue::UNDEFINED, &ms.into()).unwrap();
    JsFuture::from(promise.unchecked_into::<Promise>())
        .await
        .unwrap();
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
