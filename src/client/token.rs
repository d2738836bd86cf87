//! Reads the token that `pkg/exchange.js` made, for Rust users.

use wasm_bindgen::JsValue;

use crate::client::platform::fields;
use crate::token::SignInToken;

const FIELDS: &str = "object, id, userId, status, token, url, createdAt, updatedAt";

/// Returns the token. It has every field that the API promises.
pub(super) fn from_js(value: &JsValue) -> Option<SignInToken> {
    let [
        object,
        id,
        user_id,
        status,
        token,
        url,
        created_at,
        updated_at,
    ] = fields(value, FIELDS)?;
    Some(SignInToken {
        object: object.as_string()?,
        id: id.as_string()?,
        user_id: user_id.as_string()?,
        status: status.as_string()?.into(),
        token: token.as_string(),
        url: url.as_string(),
        created_at: created_at.as_f64()? as i64,
        updated_at: updated_at.as_f64()? as i64,
    })
}
