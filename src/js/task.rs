//! Polls a call of the class, inside the caller's own code or a callback that the call registered
//! itself. wasm-bindgen-futures has one queue for a whole module, so a call would run in the async
//! context of whoever woke first.

use core::future::Future;
use core::mem;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use crate::client::driver::{Driver, Failure};
use crate::client::events::Task;
use crate::js::error::{from_failure, internal};

#[wasm_bindgen(module = "/pkg/src/platform.js")]
extern "C" {
    /// A promise and what settles it.
    type Deferred;

    #[wasm_bindgen(catch)]
    fn deferred() -> Result<Deferred, JsValue>;

    #[wasm_bindgen(method, getter, catch)]
    fn promise(this: &Deferred) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn resolve(this: &Deferred, token: &JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    fn reject(this: &Deferred, error: &JsValue) -> Result<(), JsValue>;
}

/// A call that runs.
type Work = Pin<Box<dyn Future<Output = Result<JsValue, Failure>>>>;

/// A call of the class. A panic in it ends it and no other call: all requests of a Workers isolate
/// share this module.
pub(super) struct ClassCall {
    driver: Rc<Driver>,
    work: Work,
    deferred: Deferred,
    /// What its promise settles with.
    result: Option<Result<JsValue, JsValue>>,
}

impl ClassCall {
    pub fn new(driver: Driver) -> Result<Box<Self>, JsValue> {
        let driver = Rc::new(driver);
        let work = {
            let driver = Rc::clone(&driver);
            Box::pin(async move { driver.run().await })
        };
        Ok(Box::new(Self {
            driver,
            work,
            deferred: deferred()?,
            result: None,
        }))
    }

    pub fn promise(&self) -> JsValue {
        self.deferred.promise().unwrap_or_default()
    }
}

impl Task for ClassCall {
    fn poll(&mut self) {
        // All its waits are in the table, which finds the task by itself.
        let mut context = Context::from_waker(Waker::noop());
        if let Poll::Ready(result) = self.work.as_mut().poll(&mut context) {
            // The error's class is JavaScript, which may throw: it is made under the guard too.
            self.result = Some(result.map_err(from_failure));
        }
    }

    fn polled(mut self: Box<Self>, survived: bool) {
        if survived && self.result.is_none() {
            return Rc::clone(&self.driver).in_flight.store(self);
        }
        let result = self.result.take().unwrap_or_else(|| {
            self.driver.in_flight.abandon();
            self.driver.in_flight.finish();
            Err(internal(self.driver.attempts()))
        });
        // The functions of a promise do not throw.
        let _ = match &result {
            Ok(token) => self.deferred.resolve(token),
            Err(error) => self.deferred.reject(error),
        };
        if !survived {
            // In an unknown state, so it is not even dropped.
            mem::forget(self.work);
        }
    }
}
