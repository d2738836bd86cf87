//! Waits for a promise, and keeps nothing of it after the wait.
//!
//! `JsFuture` keeps its state and two closures in linear memory until the promise settles. The
//! promises of a request that a Workers runtime has cancelled never do, so each such request would
//! leak. Here JavaScript gets two numbers instead: the slot of the waiting future, and which of
//! the slot's users it was.

use core::cell::RefCell;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::thread::LocalKey;

use wasm_bindgen::prelude::*;

use crate::slots::Slots;

#[wasm_bindgen]
extern "C" {
    /// A promise, or an object of the caller's that behaves like one.
    pub(crate) type Thenable;

    /// Returns a promise as it is, and a promise of what a thenable settles with.
    #[wasm_bindgen(catch, js_namespace = Promise, js_name = resolve)]
    pub(crate) fn promise_of(value: &JsValue) -> Result<Thenable, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn then(this: &Thenable, fulfilled: &Callback, rejected: &Callback)
    -> Result<JsValue, JsValue>;

    /// A function that a promise calls.
    pub(crate) type Callback;

    #[wasm_bindgen(method)]
    pub(crate) fn bind(
        this: &Callback,
        this_arg: &JsValue,
        index: usize,
        generation: u32,
    ) -> Callback;
}

/// What a promise settled with.
type Settlement = Result<JsValue, JsValue>;

/// A future of what a promise settles with.
pub(crate) struct Settled {
    index: usize,
}

impl Settled {
    /// Waits for `value`: a promise, a thenable or, like `await`, any other value.
    ///
    /// # Errors
    /// What the `then` of a thenable throws.
    pub fn new(value: &JsValue) -> Result<Self, JsValue> {
        let promise = promise_of(value)?;
        let (settled, bind) = Self::slot();
        SETTLE.with(|[fulfilled, rejected]| promise.then(&bind(fulfilled), &bind(rejected)))?;
        Ok(settled)
    }

    /// Waits until the function that `register` gets is called.
    ///
    /// # Errors
    /// What `register` throws.
    pub fn when_called<T>(
        register: impl FnOnce(&Callback) -> Result<T, JsValue>,
    ) -> Result<(Self, T), JsValue> {
        let (settled, bind) = Self::slot();
        let registered = SETTLE.with(|[fulfilled, _]| register(&bind(fulfilled)))?;
        Ok((settled, registered))
    }

    /// Takes a slot. Returns its future, and what binds a function to it.
    fn slot() -> (Self, impl Fn(&Callback) -> Callback) {
        let (index, generation) = SLOTS.with_borrow_mut(Slots::take);
        let bind = move |callback: &Callback| callback.bind(&JsValue::UNDEFINED, index, generation);
        (Self { index }, bind)
    }
}

impl Future for Settled {
    type Output = Settlement;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        SLOTS.with_borrow_mut(|slots| slots.poll(self.index, context.waker()))
    }
}

impl Drop for Settled {
    fn drop(&mut self) {
        // Dropped outside of the borrow: dropping a waker may run other code.
        drop(SLOTS.with_borrow_mut(|slots| slots.free(self.index)));
    }
}

thread_local! {
    static SLOTS: RefCell<Slots<Settlement>> = const { RefCell::new(Slots::new()) };

    /// What a fulfilled and what a rejected promise calls.
    static SETTLE: [Callback; 2] = [settle(Ok), settle(Err)];
}

fn settle(result: fn(JsValue) -> Settlement) -> Callback {
    slot_callback(move |index, generation, value| {
        let waker = SLOTS.with_borrow_mut(|slots| slots.settle(index, generation, result(value)));
        if let Some(waker) = waker {
            waker.wake();
        }
    })
}

/// Returns a function that lives as long as the module does, so that no call has to make one. Bound
/// to two numbers, it says which call it is for.
pub(crate) fn slot_callback(callback: impl FnMut(usize, u32, JsValue) + 'static) -> Callback {
    let function = Closure::<dyn FnMut(usize, u32, JsValue)>::new(callback).into_js_value();
    function.unchecked_into()
}

/// Handles a promise that no future waits for. `fulfilled` gets its value; a rejection is ignored.
pub(crate) fn detach(promise: &JsValue, fulfilled: &'static LocalKey<Callback>) {
    let Ok(promise) = promise_of(promise) else {
        return;
    };
    // A thenable's `then` may throw. Nothing depends on it.
    let _ = fulfilled.with(|fulfilled| IGNORE.with(|ignore| promise.then(fulfilled, ignore)));
}

thread_local! {
    /// Does nothing.
    pub(crate) static IGNORE: Callback = lasting(|_| ());
}

/// Returns a function of one value that lives as long as the module does.
pub(crate) fn lasting(callback: fn(JsValue)) -> Callback {
    slot_callback(move |_, _, value| callback(value)).bind(&JsValue::UNDEFINED, 0, 0)
}
