//! Tests the causes of errors.

use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::stub::lost;

#[wasm_bindgen_test]
async fn a_lost_answer_is_a_network_error_with_its_cause() {
    let error = failure(lost()).await;
    assert_eq!(kind(&error), expected("network", "unknown", None));
    let cause = Reflect::get(&error, &"cause".into()).unwrap();
    let cause: js_sys::Error = cause.dyn_into().unwrap();
    assert_eq!(String::from(cause.name()), "TypeError");
    assert_eq!(String::from(cause.message()), "connection broken");
    assert_eq!(
        String::from(error.message()),
        "create: no answer came; a token may have been created"
    );
}
