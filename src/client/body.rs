//! Reads an answer's body up to its limit, and what it says.

use js_sys::{Array, Error, JsString, Number, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::answer::{BODY_LIMIT, Body, ClerkErrors};
use crate::client::cause;
use crate::client::interrupt::{Interrupt, NoValue, now_ms};
use crate::client::json::{Json, parse, stringify};
use crate::client::response::{FetchHeaders, FetchResponse};
use crate::client::settled::{self, IGNORE};
use crate::error::ClerkApiError;
use crate::secret::SecretKey;
use crate::token::SignInToken;

#[wasm_bindgen]
extern "C" {
    /// A `ReadableStream`, or whatever the caller's `fetch` has in its place.
    type Stream;

    #[wasm_bindgen(method, js_name = getReader, catch)]
    fn get_reader(this: &Stream) -> Result<Reader, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn cancel(this: &Stream) -> Result<JsValue, JsValue>;

    type Reader;

    #[wasm_bindgen(method, catch)]
    fn read(this: &Reader) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = cancel)]
    fn cancel_reader(this: &Reader) -> Result<JsValue, JsValue>;

    type Chunk;

    #[wasm_bindgen(method, getter, catch)]
    fn done(this: &Chunk) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, catch)]
    fn value(this: &Chunk) -> Result<JsValue, JsValue>;

    /// A copy of a chunk, as it is: its own class may have other methods than `Uint8Array`.
    #[wasm_bindgen(extends = Uint8Array)]
    type Bytes;

    /// Throws for a chunk whose buffer is gone.
    #[wasm_bindgen(constructor, js_class = "Uint8Array", catch)]
    fn new(chunk: &Uint8Array) -> Result<Bytes, JsValue>;

    type TextDecoder;

    #[wasm_bindgen(constructor)]
    fn new() -> TextDecoder;

    #[wasm_bindgen(method)]
    fn decode(this: &TextDecoder, bytes: &[u8]) -> JsValue;
}

/// Reads the body. A failure to do so is a [`Body`] too: the status has come by then, and counts.
pub(crate) async fn read(
    response: &FetchResponse,
    headers: &FetchHeaders,
    key: &SecretKey,
    interrupt: &Interrupt,
) -> Result<Body, NoValue> {
    match read_text(response, headers, interrupt).await {
        Ok(Some(text)) => Ok(understand(&text, key)),
        Ok(None) => Ok(Body::TooLong),
        Err(NoValue::Thrown(thrown)) => Ok(Body::Broken(cause::describe(&thrown, Some(key)))),
        Err(NoValue::Interrupted) => Err(NoValue::Interrupted),
    }
}

/// Cancels a body that is not read. Does nothing to one that is not a stream.
pub(crate) fn cancel(body: &JsValue) {
    if let Ok(promise) = body.unchecked_ref::<Stream>().cancel() {
        settled::detach(&promise, &IGNORE);
    }
}

/// Returns the body as text, or `None` where it is over the limit.
async fn read_text(
    response: &FetchResponse,
    headers: &FetchHeaders,
    interrupt: &Interrupt,
) -> Result<Option<JsValue>, NoValue> {
    // To read all at once is cheaper, where the length is known. Compressed, it could be any.
    let length = headers
        .text("content-length")?
        .and_then(|length| length.parse::<u32>().ok());
    let is_short = length.is_some_and(|length| length as usize <= BODY_LIMIT)
        && headers.text("content-encoding")?.is_none();
    if !is_short && let Some(reader) = OpenReader::of(response) {
        return read_stream(reader, interrupt).await;
    }
    let text = interrupt.settled(response.text()).await?;
    let is_too_long = text.dyn_ref::<JsString>().is_some_and(is_over_limit);
    Ok((!is_too_long).then_some(text))
}

/// A reader of a body's stream. Dropped before the stream's end, it cancels the rest.
struct OpenReader {
    reader: Reader,
    is_at_end: bool,
}

impl OpenReader {
    /// Returns `None` if the caller's `fetch` returned a response without a web stream, such as
    /// node-fetch's.
    fn of(response: &FetchResponse) -> Option<Self> {
        let body = response.body().ok()?;
        Some(Self {
            reader: body.unchecked_ref::<Stream>().get_reader().ok()?,
            is_at_end: false,
        })
    }
}

impl Drop for OpenReader {
    fn drop(&mut self) {
        if !self.is_at_end
            && let Ok(promise) = self.reader.cancel_reader()
        {
            settled::detach(&promise, &IGNORE);
        }
    }
}

async fn read_stream(
    mut open: OpenReader,
    interrupt: &Interrupt,
) -> Result<Option<JsValue>, NoValue> {
    let mut bytes = Vec::new();
    // An empty chunk counts as a byte, so that their number has a bound too.
    let mut length = 0;
    loop {
        // Buffered chunks arrive without a turn of the event loop, so no timer would run.
        interrupt.end_if_overdue(now_ms());
        let chunk = interrupt.settled(open.reader.read()).await?;
        let chunk: Chunk = chunk.unchecked_into();
        if chunk.done()?.is_truthy() {
            open.is_at_end = true;
            return Ok(Some(TextDecoder::new().decode(&bytes)));
        }
        let chunk = chunk.value()?.dyn_into().map_err(|_| not_bytes())?;
        let chunk = Bytes::new(&chunk)?;
        length += (chunk.length() as usize).max(1);
        if length > BODY_LIMIT {
            return Ok(None);
        }
        bytes.append(&mut chunk.to_vec());
    }
}

fn not_bytes() -> NoValue {
    NoValue::Thrown(Error::new("the body is not made of bytes").into())
}

/// Returns whether the text has more bytes in UTF-8 than the limit. A UTF-16 unit has at most
/// three.
fn is_over_limit(text: &JsString) -> bool {
    text.length() as usize * 3 > BODY_LIMIT && String::from(text).len() > BODY_LIMIT
}

/// Says what the body's text is.
fn understand(text: &JsValue, key: &SecretKey) -> Body {
    if !text.is_string() {
        return Body::Unrecognized;
    }
    let Ok(value) = parse(text) else {
        return Body::Unrecognized;
    };
    if !value.is_object() {
        return Body::Unrecognized;
    }
    let json: Json = value.unchecked_into();
    if let Some(token) = sign_in_token(&json) {
        return Body::SignInToken(Box::new(token));
    }
    clerk_errors(&json, key).map_or(Body::Unrecognized, Body::ClerkErrors)
}

/// Reads a token; `None` for anything else. Fields and states that are not known yet do not matter.
fn sign_in_token(json: &Json) -> Option<SignInToken> {
    Some(SignInToken {
        object: json
            .object()
            .as_string()
            .filter(|object| object == "sign_in_token")?,
        id: json.id().as_string().filter(|id| !id.is_empty())?,
        user_id: json.user_id().as_string()?,
        status: json.status().as_string()?.into(),
        token: nullable_string(&json.token())?,
        url: nullable_string(&json.url())?,
        created_at: integer(&json.created_at())?,
        updated_at: integer(&json.updated_at())?,
    })
}

/// Reads Clerk's error shape, in which each error has a code, without the key should it be in there.
/// `None` for anything else, such as a proxy's JSON, which proves nothing.
fn clerk_errors(json: &Json, key: &SecretKey) -> Option<ClerkErrors> {
    let mut errors = Vec::new();
    for error in json.errors().dyn_into::<Array>().ok()? {
        errors.push(clerk_error(&error, key)?);
    }
    let clerk_trace_id = nullable_string(&json.clerk_trace_id())?.map(|trace| key.redact(&trace));
    Some(ClerkErrors {
        errors,
        clerk_trace_id,
    })
}

fn clerk_error(value: &JsValue, key: &SecretKey) -> Option<ClerkApiError> {
    if !value.is_object() {
        return None;
    }
    let json: &Json = value.unchecked_ref();
    let text = |value: &JsValue| Some(key.redact(&nullable_string(value)?.unwrap_or_default()));
    let meta = json.meta();
    Some(ClerkApiError {
        code: key.redact(&json.code().as_string()?),
        message: text(&json.message())?,
        long_message: text(&json.long_message())?,
        // Serialized again, the text contains a key without escapes, however the answer escaped it.
        meta: if meta.is_object() {
            let text = stringify(&meta).ok().and_then(|text| text.as_string());
            text.map(|text| key.redact(&text))
        } else {
            None
        },
    })
}

/// Returns the string, `Some(None)` for null or nothing, `None` for anything else.
fn nullable_string(value: &JsValue) -> Option<Option<String>> {
    if value.is_null() || value.is_undefined() {
        return Some(None);
    }
    value.as_string().map(Some)
}

/// Returns an integer that JavaScript's numbers keep exact.
fn integer(value: &JsValue) -> Option<i64> {
    let number = value.as_f64()?;
    (number.fract() == 0.0 && number.abs() <= Number::MAX_SAFE_INTEGER).then_some(number as i64)
}
