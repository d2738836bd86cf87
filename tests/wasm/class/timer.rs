//! Tests a runtime without timers.

use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::stub::token;

#[wasm_bindgen_test]
async fn where_the_runtime_allows_no_timers_no_request_is_sent() {
    let stub = StubFetch::new([token("pending")]);
    let tokens = client(&stub);
    let global = js_sys::global();
    let original = Reflect::get(&global, &"setTimeout".into()).unwrap();
    let refusing = Function::new_no_args("throw new Error('not in the global scope')");
    Reflect::set(&global, &"setTimeout".into(), &refusing).unwrap();
    let call = begin(&tokens, &user());
    Reflect::set(&global, &"setTimeout".into(), &original).unwrap();
    let error = error(JsFuture::from(call).await.unwrap_err());
    assert_eq!(
        (&*error.code(), &*error.outcome(), error.attempts()),
        ("network", "none", 0)
    );
    assert_eq!(stub.count(), 0);
}
