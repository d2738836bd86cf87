//! Listens to the caller's `AbortSignal`: with one listener, however many calls the signal may end.

use core::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use crate::client::settled::{self, Callback};
use crate::switch::{Interruption, Switch};

#[wasm_bindgen]
extern "C" {
    /// An `AbortSignal`, or an object of the caller's that behaves like one.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) type Signal;

    #[wasm_bindgen(method, getter, catch)]
    fn aborted(this: &Signal) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, catch)]
    fn reason(this: &Signal) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = addEventListener)]
    fn add_event_listener(this: &Signal, name: &str, listener: &JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch, js_name = removeEventListener)]
    fn remove_event_listener(this: &Signal, name: &str, listener: &JsValue) -> Result<(), JsValue>;
}

impl Signal {
    /// Returns whether the signal is aborted, or `None` where it is not a signal.
    pub fn is_aborted(&self) -> Option<bool> {
        self.aborted().ok()?.as_bool()
    }
}

thread_local! {
    static LISTENERS: RefCell<Vec<Rc<Listener>>> = const { RefCell::new(Vec::new()) };

    static NEXT_ID: Cell<usize> = const { Cell::new(0) };

    /// What a signal calls, with the ID of its listener. It lasts, so a signal may call it late.
    static ABORTED: Callback = settled::slot_callback(|id, _, _| {
        let listener = LISTENERS.with_borrow(|listeners| {
            listeners.iter().find(|listener| listener.id == id).cloned()
        });
        if let Some(listener) = listener {
            for switch in listener.switches.borrow().iter() {
                switch.end(Interruption::Aborted);
            }
        }
    });
}

/// The one listener of a signal.
struct Listener {
    id: usize,
    signal: Signal,
    callback: Callback,
    /// The calls that the signal ends.
    switches: RefCell<Vec<Rc<Switch>>>,
}

/// A call's share of a listener. Dropping it takes the call off, and the last one takes the
/// listener off its signal.
pub(crate) struct Subscription {
    listener: Rc<Listener>,
    switch: Rc<Switch>,
}

impl Subscription {
    /// Aborts `switch` when `signal` is aborted.
    ///
    /// # Errors
    /// Whatever the caller's own signal object throws.
    pub fn new(signal: Signal, switch: Rc<Switch>) -> Result<Self, JsValue> {
        let known = LISTENERS.with_borrow(|listeners| {
            listeners
                .iter()
                .find(|listener| listener.signal == signal)
                .cloned()
        });
        let listener = match known {
            Some(listener) => listener,
            None => listen(signal)?,
        };
        listener.switches.borrow_mut().push(Rc::clone(&switch));
        Ok(Self { listener, switch })
    }

    pub fn is_aborted(&self) -> bool {
        self.listener.signal.is_aborted() == Some(true)
    }

    /// Returns the reason for the abort; `undefined` where the caller's own signal object has none.
    pub fn reason(&self) -> JsValue {
        self.listener.signal.reason().unwrap_or_default()
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut switches = self.listener.switches.borrow_mut();
        switches.retain(|switch| !Rc::ptr_eq(switch, &self.switch));
        if switches.is_empty() {
            drop(switches);
            unlisten(&self.listener);
        }
    }
}

fn listen(signal: Signal) -> Result<Rc<Listener>, JsValue> {
    let id = NEXT_ID.replace(NEXT_ID.get() + 1);
    let callback = ABORTED.with(|aborted| aborted.bind(&JsValue::UNDEFINED, id, 0));
    signal.add_event_listener("abort", callback.as_ref())?;
    let switches = RefCell::default();
    let listener = Rc::new(Listener {
        id,
        signal,
        callback,
        switches,
    });
    LISTENERS.with_borrow_mut(|listeners| listeners.push(Rc::clone(&listener)));
    Ok(listener)
}

fn unlisten(listener: &Rc<Listener>) {
    LISTENERS.with_borrow_mut(|listeners| listeners.retain(|other| !Rc::ptr_eq(other, listener)));
    // A signal object that keeps the listener all the same finds no call to end.
    let _ = listener
        .signal
        .remove_event_listener("abort", listener.callback.as_ref());
}
