//! Tests the platform's JSON.

use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::stub::token;

#[wasm_bindgen_test]
async fn a_runtime_whose_json_throws_is_an_internal_error() {
    let stub = StubFetch::new([token("pending")]);
    let tokens = client(&stub);
    let prototype = Object::get_prototype_of(&Object::new());
    let throws = Function::new_no_args("throw new Error('x')");
    with(&prototype, "toJSON", throws);
    let call = begin(&tokens, &user());
    Reflect::delete_property(&prototype, &"toJSON".into()).unwrap();
    let error = error(JsFuture::from(call).await.unwrap_err());
    assert_eq!(
        (&*error.code(), &*error.outcome(), error.attempts()),
        ("internal", "none", 0)
    );
    assert_eq!(stub.count(), 0);
}
