//! The one frame loop of the page. It runs only while somebody wants a frame.

use crate::dom::window;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// What is called for each frame, with the milliseconds since the frame before (0 for the first of
/// a series); it returns whether it wants another.
type Callback = dyn FnMut(f64) -> Wants;

/// Whether a subscriber wants the next frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    /// Something moves.
    Another,
    /// All is at rest.
    Rest,
}

/// The order in which subscribers are served: what moves state comes before what paints it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// Moves time.
    Playback,
    /// Paints.
    Paint,
}

/// A place in the loop; dropping it leaves.
#[must_use = "a subscription that is dropped is never called"]
pub struct Subscription {
    /// Held so that the loop's weak reference lives.
    _callback: Rc<RefCell<Callback>>,
}

struct Loop {
    subscribers: RefCell<Vec<(Turn, Weak<RefCell<Callback>>)>>,
    scheduled: Cell<bool>,
    before: Cell<Option<f64>>,
    closure: Closure<dyn FnMut(f64)>,
}

thread_local! {
    static LOOP: Loop = Loop {
        subscribers: RefCell::default(),
        scheduled: Cell::new(false),
        before: Cell::new(None),
        closure: Closure::new(run),
    };
}

/// Joins the loop; asks for no frame yet.
pub fn subscribe(turn: Turn, callback: impl FnMut(f64) -> Wants + 'static) -> Subscription {
    let callback: Rc<RefCell<Callback>> = Rc::new(RefCell::new(callback));
    LOOP.with(|frames| {
        let mut subscribers = frames.subscribers.borrow_mut();
        let index = subscribers.partition_point(|(known, _)| *known <= turn);
        subscribers.insert(index, (turn, Rc::downgrade(&callback)));
    });
    Subscription {
        _callback: callback,
    }
}

/// Asks for a frame.
pub fn request() {
    LOOP.with(|frames| {
        if !frames.scheduled.replace(true) {
            let callback = frames.closure.as_ref().unchecked_ref();
            let asked = window().map(|window| window.request_animation_frame(callback));
            frames.scheduled.set(matches!(asked, Some(Ok(_))));
        }
    });
}

/// Resolves after the next two frames: everything asked for before is painted then.
pub async fn painted() {
    for _ in 0..2 {
        next_frame().await;
    }
}

async fn next_frame() {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let asked = window().map(|window| window.request_animation_frame(&resolve));
        if !matches!(asked, Some(Ok(_))) {
            resolve.call0(&wasm_bindgen::JsValue::NULL).ok();
        }
    });
    // The promise above is never rejected.
    wasm_bindgen_futures::JsFuture::from(promise).await.ok();
}

fn run(now: f64) {
    let (before, subscribers) = LOOP.with(|frames| {
        frames.scheduled.set(false);
        let mut subscribers = frames.subscribers.borrow_mut();
        subscribers.retain(|(_, callback)| callback.strong_count() > 0);
        (frames.before.replace(Some(now)), subscribers.clone())
    });
    let elapsed = before.map_or(0.0, |before| (now - before).max(0.0));
    let mut wants = Wants::Rest;
    for callback in subscribers
        .iter()
        .filter_map(|(_, callback)| callback.upgrade())
    {
        // A callback that is running already (it asked for a synchronous frame) is not entered twice.
        if let Ok(mut callback) = callback.try_borrow_mut()
            && callback(elapsed) == Wants::Another
        {
            wants = Wants::Another;
        }
    }
    if wants == Wants::Another {
        request();
    } else {
        LOOP.with(|frames| frames.before.set(None));
    }
}
