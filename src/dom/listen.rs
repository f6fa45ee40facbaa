//! Event listeners that go when dropped.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, EventTarget};

/// Listens to one kind of event of one target.
#[must_use = "a listener that is dropped hears nothing"]
pub struct Listener {
    target: EventTarget,
    kind: &'static str,
    callback: Closure<dyn FnMut(Event)>,
}

impl Listener {
    /// Calls back with each event.
    pub fn on(
        target: &EventTarget,
        kind: &'static str,
        callback: impl FnMut(Event) + 'static,
    ) -> Self {
        let callback = Closure::<dyn FnMut(Event)>::new(callback);
        let added =
            target.add_event_listener_with_callback(kind, callback.as_ref().unchecked_ref());
        if let Err(error) = added {
            web_sys::console::error_2(&format!("cannot listen for {kind}").into(), &error);
        }
        Self {
            target: target.clone(),
            kind,
            callback,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let callback = self.callback.as_ref().unchecked_ref();
        // It can only fail for a target that no longer exists.
        self.target
            .remove_event_listener_with_callback(self.kind, callback)
            .ok();
    }
}
