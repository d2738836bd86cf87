//! Waits for a time to pass, and leaves no timer behind.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use wasm_bindgen::prelude::*;

use crate::client::settled::{Callback, Settled};

#[wasm_bindgen]
extern "C" {
    /// Throws where the runtime allows no timers, such as the global scope of a Worker.
    #[wasm_bindgen(js_name = setTimeout, catch)]
    fn set_timeout(callback: &Callback, ms: u32) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(id: &JsValue);
}

/// A future that is ready when its time has passed. Dropping it clears the timer.
///
/// gloo-timers makes a closure for each timer, which takes part in garbage collection. This one has
/// JavaScript call a function that lasts.
pub(crate) struct Timer {
    elapsed: Settled,
    id: JsValue,
}

impl Timer {
    /// Starts a timer of so many milliseconds, which must be at most 2 147 483 647.
    ///
    /// # Errors
    /// What `setTimeout` throws.
    pub fn new(ms: u32) -> Result<Self, JsValue> {
        let (elapsed, id) = Settled::when_called(|elapsed| set_timeout(elapsed, ms))?;
        Ok(Self { elapsed, id })
    }
}

impl Future for Timer {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut self.elapsed).poll(context).map(drop)
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        clear_timeout(&self.id);
    }
}
