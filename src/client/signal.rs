//! Listens to the caller's `AbortSignal`: with one listener, however many calls the signal may end.

use core::cell::RefCell;
use std::rc::Rc;

use js_sys::{Object, WeakMap};
use wasm_bindgen::prelude::*;

use crate::client::interrupt::Switch;

#[wasm_bindgen]
extern "C" {
    /// An `AbortSignal`, or an object of the caller's that behaves like one.
    #[wasm_bindgen(extends = Object)]
    #[derive(Clone, Debug)]
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
    /// Returns the reason for the abort; `undefined` where a signal of the caller's make does not tell.
    pub fn abort_reason(&self) -> JsValue {
        self.reason().unwrap_or_default()
    }

    /// Returns whether the signal is aborted, or `None` where it is not a signal.
    pub fn is_aborted(&self) -> Option<bool> {
        self.aborted().ok()?.as_bool()
    }
}

thread_local! {
    /// Where each signal that is listened to is in `LISTENERS`.
    static INDEXES: WeakMap = WeakMap::new();

    static LISTENERS: RefCell<Vec<Option<Rc<Listener>>>> = const { RefCell::new(Vec::new()) };
}

/// The one listener of a signal.
struct Listener {
    callback: Closure<dyn Fn()>,
    /// The calls that the signal ends.
    switches: Rc<RefCell<Vec<Rc<Switch>>>>,
}

/// A call's share of a listener. Dropping it takes the call off, and the last one takes the listener off its signal.
pub(crate) struct Subscription {
    signal: Signal,
    switch: Rc<Switch>,
    index: usize,
}

impl Subscription {
    /// Aborts `switch` when `signal` is aborted.
    ///
    /// # Errors
    /// What a signal of the caller's make throws.
    pub fn new(signal: Signal, switch: Rc<Switch>) -> Result<Self, JsValue> {
        let known = INDEXES.with(|indexes| indexes.get(&signal).as_f64());
        let index = match known {
            Some(index) => index as usize,
            None => listen(&signal)?,
        };
        if let Some(listener) = listener(index) {
            listener.switches.borrow_mut().push(Rc::clone(&switch));
        }
        Ok(Self {
            signal,
            switch,
            index,
        })
    }

    /// Returns the reason for the abort.
    pub fn reason(&self) -> JsValue {
        self.signal.abort_reason()
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let Some(listener) = listener(self.index) else {
            return;
        };
        let mut switches = listener.switches.borrow_mut();
        switches.retain(|switch| !Rc::ptr_eq(switch, &self.switch));
        if switches.is_empty() {
            drop(switches);
            unlisten(&self.signal, self.index);
        }
    }
}

fn listener(index: usize) -> Option<Rc<Listener>> {
    LISTENERS.with_borrow(|listeners| listeners.get(index)?.clone())
}

fn listen(signal: &Signal) -> Result<usize, JsValue> {
    let switches = Rc::new(RefCell::new(Vec::<Rc<Switch>>::new()));
    let callback = {
        let switches = Rc::clone(&switches);
        Closure::<dyn Fn()>::new(move || {
            for switch in switches.borrow().iter() {
                switch.abort();
            }
        })
    };
    signal.add_event_listener("abort", callback.as_ref())?;
    let listener = Some(Rc::new(Listener { callback, switches }));
    let index = LISTENERS.with_borrow_mut(|listeners| {
        let index = listeners
            .iter()
            .position(Option::is_none)
            .unwrap_or(listeners.len());
        if let Some(place) = listeners.get_mut(index) {
            *place = listener;
        } else {
            listeners.push(listener);
        }
        index
    });
    INDEXES.with(|indexes| indexes.set(signal, &index.into()));
    Ok(index)
}

fn unlisten(signal: &Signal, index: usize) {
    INDEXES.with(|indexes| indexes.delete(signal));
    let listener = LISTENERS.with_borrow_mut(|listeners| listeners.get_mut(index)?.take());
    let Some(listener) = listener else { return };
    if signal
        .remove_event_listener("abort", listener.callback.as_ref())
        .is_err()
    {
        // It may still be called. Then it has to exist; it finds no call to end.
        core::mem::forget(listener);
    }
}
