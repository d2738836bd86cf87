//! The calls in flight. All requests of a Workers isolate share this module, so no call may harm
//! another one: a panic ends the call that it happened in, and the calls of a cancelled request are
//! dropped.

use core::cell::{Cell, RefCell};
use core::future::Future;
use core::mem;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::rc::Rc;

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::client::driver::{Driver, Failure};
use crate::client::interrupt::now_ms;
use crate::client::object::to_object;
use crate::error::Error;
use crate::js::error::{from_error, from_failure};
use crate::token::SignInToken;

/// How long after its deadline a call counts as abandoned, in milliseconds. Before that, its own
/// timer ends it.
const GRACE_MS: f64 = 1000.0;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Reflect, js_name = apply, catch)]
    fn apply(work: &mut dyn FnMut(), this: &JsValue, arguments: &Array) -> Result<(), JsValue>;
}

/// Runs `work`, and returns whether it got to its end without a panic.
///
/// A panic is a trap here, which only JavaScript can catch: so `work` runs inside a call of
/// JavaScript's. Nothing that it held is dropped then.
pub(super) fn survives(mut work: impl FnMut()) -> bool {
    NO_ARGUMENTS.with(|none| apply(&mut work, &JsValue::UNDEFINED, none).is_ok())
}

thread_local! {
    static NO_ARGUMENTS: Array = Array::new();

    static IN_FLIGHT: RefCell<Vec<Rc<Driver>>> = const { RefCell::new(Vec::new()) };

    /// When to look for abandoned calls again: not for each new call, since there can be thousands
    /// in flight.
    static NEXT_SWEEP: Cell<f64> = const { Cell::new(0.0) };
}

/// Makes the call, and returns the promise of its result.
pub(super) fn promise(driver: Driver) -> Promise {
    end_overdue();
    let driver = Rc::new(driver);
    IN_FLIGHT.with_borrow_mut(|calls| calls.push(Rc::clone(&driver)));
    Promise::new(&mut |resolve, reject| {
        let driver = Rc::clone(&driver);
        let work = {
            let driver = Rc::clone(&driver);
            Box::pin(async move { driver.run().await })
        };
        spawn_local(Guard {
            driver,
            work: Some(work),
            resolve,
            reject,
        });
    })
}

/// Ends the calls that are past their deadline although no timer said so.
///
/// In a Workers runtime, the timers and the fetches of a cancelled request never complete. Without
/// this, its calls would stay in memory.
fn end_overdue() {
    IN_FLIGHT.with_borrow(|calls| {
        if calls.is_empty() {
            return;
        }
        let now_ms = now_ms();
        if now_ms < NEXT_SWEEP.get() {
            return;
        }
        NEXT_SWEEP.set(now_ms + GRACE_MS);
        for call in calls {
            call.interrupt().end_if_overdue(now_ms - GRACE_MS);
        }
    });
}

/// A call on its way to its result.
type Work = dyn Future<Output = Result<Box<SignInToken>, Failure>>;

/// Polls a call, and settles its promise whatever happens.
struct Guard {
    driver: Rc<Driver>,
    work: Option<Pin<Box<Work>>>,
    resolve: Function,
    reject: Function,
}

impl Future for Guard {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Some(work) = &mut self.work else {
            return Poll::Ready(());
        };
        let mut result = None;
        // The result is made in here too: the error's class is JavaScript, which may throw.
        let survived = survives(|| {
            if let Poll::Ready(ended) = work.as_mut().poll(context) {
                result = Some(to_js(ended));
            }
        });
        if survived && result.is_none() {
            return Poll::Pending;
        }
        let result = result.unwrap_or_else(|| {
            // In an unknown state, so it is not even dropped.
            mem::forget(self.work.take());
            self.driver.interrupt().abandon();
            self.driver.interrupt().finish();
            Err(from_error(Error::internal(self.driver.attempts())))
        });
        self.work = None;
        IN_FLIGHT.with_borrow_mut(|calls| {
            if let Some(index) = calls.iter().position(|call| Rc::ptr_eq(call, &self.driver)) {
                calls.swap_remove(index);
            }
        });
        let (settle, value) = match result {
            Ok(token) => (&self.resolve, token),
            Err(error) => (&self.reject, error),
        };
        // A promise's own functions do not throw.
        let _ = settle.call1(&JsValue::UNDEFINED, &value);
        Poll::Ready(())
    }
}

/// Returns what the promise of a call fulfils or rejects with.
fn to_js(result: Result<Box<SignInToken>, Failure>) -> Result<JsValue, JsValue> {
    match result {
        // Cannot fail: the times of a token are ones that JavaScript's numbers keep exact.
        Ok(token) => Ok(to_object(&token).unwrap_or_default()),
        Err(failure) => Err(from_failure(failure)),
    }
}
