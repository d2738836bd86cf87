//! A stub of `fetch`: records the requests, and replies as a test specifies.

use core::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Promise, Reflect};
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{Request, RequestInit};

pub const KEY: &str = "sk_test_Sw0rdf1sh";

/// A timeout, in milliseconds. A busy machine sends the request before it: after it, none is sent.
pub const SHORT_MS: u32 = 250;

/// A reply, as an expression in JavaScript.
pub type Reply = String;

fn evaluate(expression: &str) -> JsFuture {
    JsFuture::from(Promise::resolve(&js_sys::eval(expression).unwrap()))
}

#[cfg(feature = "bulk")]
pub async fn sleep(ms: u32) {
    evaluate(&later(ms, "undefined".into())).await.unwrap();
}

#[derive(Clone)]
pub struct StubFetch(Rc<State>);

struct State {
    replies: Vec<Reply>,
    requests: RefCell<Vec<Seen>>,
}

/// A request that a stub received.
#[derive(Clone)]
pub struct Seen {
    pub request: Request,
    pub body: Option<String>,
}

impl Seen {
    pub fn url(&self) -> String {
        self.request.url()
    }

    pub fn header(&self, name: &str) -> Option<String> {
        self.request.headers().get(name).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(self.body.as_deref().unwrap()).unwrap()
    }

    pub fn is_aborted(&self) -> bool {
        self.request.signal().aborted()
    }
}

impl StubFetch {
    /// Creates a stub that gives the replies in order, and repeats the last one.
    pub fn new(replies: impl IntoIterator<Item = Reply>) -> Self {
        Self(Rc::new(State {
            replies: replies.into_iter().collect(),
            requests: RefCell::default(),
        }))
    }

    pub fn requests(&self) -> Vec<Seen> {
        self.0.requests.borrow().clone()
    }

    pub fn count(&self) -> usize {
        self.0.requests.borrow().len()
    }

    /// Returns the key of each request.
    pub fn keys(&self) -> Vec<String> {
        let key = |seen: &Seen| {
            let authorization = seen.header("authorization").unwrap();
            authorization.strip_prefix("Bearer ").unwrap().into()
        };
        self.0.requests.borrow().iter().map(key).collect()
    }

    /// Returns the only request.
    pub fn request(&self) -> Seen {
        let requests = self.requests();
        assert_eq!(requests.len(), 1);
        requests[0].clone()
    }

    /// Handles a request, like a Rust user's `fetch`.
    pub fn fetch(
        &self,
        request: &Request,
    ) -> impl Future<Output = Result<JsValue, JsValue>> + use<> {
        let state = Rc::clone(&self.0);
        let index = self.count();
        let body = request.text().map(JsFuture::from);
        state.requests.borrow_mut().push(Seen {
            // Clones the handle. The clone() of the Fetch API would copy the body.
            request: Clone::clone(request),
            body: None,
        });
        async move {
            let body = body?.await?.as_string();
            state.requests.borrow_mut()[index].body = body.filter(|body| !body.is_empty());
            let reply = &state.replies[index.min(state.replies.len() - 1)];
            evaluate(reply).await
        }
    }

    /// Returns the stub as a JavaScript function.
    pub fn function(&self) -> Function {
        let stub = self.clone();
        let fetch =
            move |url: String, init: RequestInit| match Request::new_with_str_and_init(&url, &init)
            {
                Ok(request) => future_to_promise(stub.fetch(&request)),
                Err(thrown) => Promise::reject(&thrown),
            };
        Closure::<dyn Fn(String, RequestInit) -> Promise>::new(fetch)
            .into_js_value()
            .unchecked_into()
    }

    /// Replaces the runtime's `fetch` until the returned value is dropped.
    pub fn install(&self) -> Installed {
        let global = js_sys::global();
        let original = Reflect::get(&global, &"fetch".into()).unwrap();
        Reflect::set(&global, &"fetch".into(), &self.function()).unwrap();
        Installed(original)
    }
}

#[must_use]
pub struct Installed(JsValue);

impl Drop for Installed {
    fn drop(&mut self) {
        Reflect::set(&js_sys::global(), &"fetch".into(), &self.0).unwrap();
    }
}

/// Replies with a response.
pub fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Reply {
    let init = json!({ "status": status, "headers": headers });
    format!("new Response({}, {init})", json!(body))
}

/// Replies with a sign-in token.
pub fn token(status: &str) -> Reply {
    let token = json!({
        "object": "sign_in_token", "id": "sit_1", "user_id": "user_1", "status": status,
        "token": "the-ticket", "url": "https://clerk.example?ticket=the-ticket",
        "created_at": 1_700_000_000_000_u64, "updated_at": 1_700_000_000_001_u64,
    });
    answer(200, &[], &token.to_string())
}

/// Replies with an error in Clerk's format.
pub fn clerk_error(status: u16) -> Reply {
    let error = json!({ "code": "some_code", "message": "a message" });
    answer(status, &[], &json!({ "errors": [error] }).to_string())
}

/// Fails like `fetch` when a connection breaks.
pub fn lost() -> Reply {
    "Promise.reject(new TypeError('connection broken'))".into()
}

/// Replies after so many milliseconds.
#[cfg(feature = "bulk")]
pub fn later(ms: u32, reply: Reply) -> Reply {
    format!("new Promise((resolve) => setTimeout(resolve, {ms})).then(() => {reply})")
}

/// Never replies, and ignores its signal.
pub fn never() -> Reply {
    "new Promise(() => {})".into()
}
