//! One request and its answer, over the runtime's `fetch` or one of the caller's.

use std::rc::Rc;

use js_sys::{Array, Function, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{RequestInit, RequestRedirect};

use crate::answer::{Answer, Body};
use crate::client::body;
use crate::client::headers;
use crate::client::interrupt::{Interrupt, NoValue};
use crate::client::request::Request;
use crate::client::response::{FetchResponse, as_response};
use crate::client::settled::{self, Callback};
use crate::error::Error;
use crate::retry;
use crate::secret::SecretKey;

/// Sends a request, as `fetch` does: from a URL and an init to a promise of a response.
pub(crate) type Fetch = Rc<dyn Fn(&JsValue, &RequestInit) -> Result<JsValue, JsValue>>;

#[wasm_bindgen]
extern "C" {
    type Global;

    #[wasm_bindgen(method, getter, catch)]
    fn fetch(this: &Global) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = Date, js_name = parse)]
    fn parse_date(text: &str) -> f64;

    /// Throws where the runtime's streams have no `from`.
    #[wasm_bindgen(js_namespace = ReadableStream, js_name = from, catch)]
    fn stream_of(chunks: &Array) -> Result<JsValue, JsValue>;

    /// An object in Deno, and where something stands in for it.
    #[wasm_bindgen(method, getter, js_name = Deno)]
    fn deno(this: &Global) -> JsValue;

    #[wasm_bindgen(extends = RequestInit)]
    type FetchInit;

    #[wasm_bindgen(method, setter)]
    fn set_duplex(this: &FetchInit, duplex: &str);
}

/// Returns the runtime's own `fetch`.
///
/// # Errors
/// `invalid_argument` where the runtime has none.
pub(crate) fn global() -> Result<Fetch, Error> {
    let global: Global = js_sys::global().unchecked_into();
    match global.fetch().map(JsCast::dyn_into::<Function>) {
        Ok(Ok(fetch)) => Ok(from_function(fetch)),
        _ => Err(Error::invalid_argument(
            "fetch",
            "a function, since this runtime has no fetch",
        )),
    }
}

/// Makes a [`Fetch`] of a function of JavaScript's.
pub(crate) fn from_function(fetch: Function) -> Fetch {
    Rc::new(move |url, init| fetch.call2(&js_sys::global(), url, init))
}

/// Sends the request once and reads the answer.
pub(crate) async fn exchange(
    fetch: &Fetch,
    request: &Request,
    key: &SecretKey,
    interrupt: &Interrupt,
) -> Result<Answer, NoValue> {
    interrupt.sent();
    let returned = fetch(&request.url, &init(request, key, interrupt)?)?;
    // Once, since a thenable of the caller's may send a request for each `then`.
    let promise = JsValue::from(settled::promise_of(&returned)?);
    let mut unread = Unread(Some(promise.clone()));
    let response = interrupt.settled(Ok(promise)).await?;
    let mut answer = Answer {
        status: 0,
        retry_after: None,
        cf_ray: None,
        body: Body::Unrecognized,
    };
    let Some((status, response, headers)) = as_response(response)? else {
        return Ok(answer);
    };
    answer.status = status;
    answer.cf_ray = headers.text("cf-ray")?.map(|ray| key.redact(&ray));
    answer.body = body::read(&response, &headers, key, interrupt).await?;
    if !matches!(answer.body, Body::TooLong | Body::Broken(_)) {
        unread.0 = None;
        interrupt.answered();
    }
    if !answer.is_success()
        && let Some(value) = headers.text("retry-after")?
    {
        answer.retry_after = retry::retry_after(&value, js_sys::Date::now(), parse_date);
    }
    Ok(answer)
}

/// The promise of a response whose body is not read to its end. Dropping it cancels the body, even
/// of a response that comes later: a `fetch` of the caller's may not heed its signal.
struct Unread(Option<JsValue>);

impl Drop for Unread {
    fn drop(&mut self) {
        if let Some(promise) = &self.0 {
            settled::detach(promise, &CANCEL_BODY);
        }
    }
}

/// The second argument of `fetch`. A new one each time, since a `fetch` of the caller's may change
/// it.
fn init(request: &Request, key: &SecretKey, interrupt: &Interrupt) -> Result<RequestInit, JsValue> {
    let init: FetchInit = RequestInit::new().unchecked_into();
    init.set_method("POST");
    init.set_headers(&headers::complete(
        &request.headers,
        key,
        !request.body.is_undefined(),
    ));
    init.set_redirect(RequestRedirect::Manual);
    init.set_signal(Some(&interrupt.signal()));
    if IS_DENO.with(|is_deno| *is_deno)
        && let Ok(stream) = stream_of_text(&request.body)
    {
        // Deno repeats a request whose body it still has when a kept-alive connection breaks, even
        // a POST that has arrived. It cannot repeat a stream. Other runtimes do not, and browsers
        // have no streams over HTTP/1.
        init.set_body(&stream);
        init.set_duplex("half");
    } else if !request.body.is_undefined() {
        init.set_body(&request.body);
    }
    Ok(init.unchecked_into())
}

/// Returns a stream of the text's bytes; an empty one for no text.
fn stream_of_text(text: &JsValue) -> Result<JsValue, JsValue> {
    let bytes = text
        .as_string()
        .map(|text| Uint8Array::from(text.as_bytes()));
    stream_of(&bytes.into_iter().collect::<Array>())
}

thread_local! {
    static IS_DENO: bool = js_sys::global().unchecked_into::<Global>().deno().is_object();

    static CANCEL_BODY: Callback = settled::lasting(|response| {
        if let Ok(body) = response.unchecked_into::<FetchResponse>().body() {
            body::cancel(&body);
        }
    });
}
