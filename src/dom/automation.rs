//! `window.__runreel`: the handle by which embedding hosts and tests wait, look and move.

use crate::dom::window;
use js_sys::{Function, Object, Reflect};
use std::future::Future;
use std::pin::Pin;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::future_to_promise;

type Task = Pin<Box<dyn Future<Output = ()>>>;

/// What the handle offers.
pub struct Handlers {
    /// Resolves when nothing is at hand and all is painted.
    pub idle: Box<dyn Fn() -> Task>,
    /// What is shown, as JSON text.
    pub snapshot: Box<dyn Fn() -> String>,
    /// Goes to so many milliseconds from the run's start; resolves when painted.
    pub seek: Box<dyn Fn(f64) -> Task>,
    /// Goes to the end and stays with it; resolves when painted.
    pub follow: Box<dyn Fn() -> Task>,
}

/// The installed handle; dropping it removes it from the window.
pub struct Automation {
    handle: Object,
    _idle: Closure<dyn Fn() -> JsValue>,
    _snapshot: Closure<dyn Fn() -> JsValue>,
    _seek: Closure<dyn Fn(f64) -> JsValue>,
    _follow: Closure<dyn Fn() -> JsValue>,
}

const NAME: &str = "__runreel";

impl Automation {
    /// Puts the handle on the window.
    pub fn install(handlers: Handlers) -> Self {
        let Handlers {
            idle,
            snapshot,
            seek,
            follow,
        } = handlers;
        let idle = Closure::<dyn Fn() -> JsValue>::new(move || promise(idle()));
        let snapshot = Closure::<dyn Fn() -> JsValue>::new(move || {
            js_sys::JSON::parse(&snapshot()).unwrap_or(JsValue::NULL)
        });
        let seek = Closure::<dyn Fn(f64) -> JsValue>::new(move |millis| promise(seek(millis)));
        let follow = Closure::<dyn Fn() -> JsValue>::new(move || promise(follow()));
        let handle = Object::new();
        let entries: [(&str, &Function); 4] = [
            ("idle", idle.as_ref().unchecked_ref()),
            ("snapshot", snapshot.as_ref().unchecked_ref()),
            ("seek", seek.as_ref().unchecked_ref()),
            ("follow", follow.as_ref().unchecked_ref()),
        ];
        for (name, function) in entries {
            set(&handle, name, function);
        }
        if let Some(window) = window() {
            set(&window, NAME, &handle);
        }
        Self {
            handle,
            _idle: idle,
            _snapshot: snapshot,
            _seek: seek,
            _follow: follow,
        }
    }
}

impl Drop for Automation {
    fn drop(&mut self) {
        // The next page may have put its own there already.
        let window = window().filter(|window| {
            Reflect::get(window, &NAME.into()).is_ok_and(|known| Object::is(&known, &self.handle))
        });
        if let Some(window) = window {
            Reflect::delete_property(&window, &NAME.into()).ok();
        }
    }
}

fn promise(task: Task) -> JsValue {
    future_to_promise(async move {
        task.await;
        Ok(JsValue::UNDEFINED)
    })
    .into()
}

fn set(target: &Object, name: &str, value: &JsValue) {
    if let Err(error) = Reflect::set(target, &name.into(), value) {
        web_sys::console::error_2(&format!("cannot offer {name}").into(), &error);
    }
}
