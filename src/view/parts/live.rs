//! Content and attributes that change, each through one type: a closure drawn as it is brings the
//! whole machinery of drawing a second time (docs/decisions/0006-size.md).

use crate::state::reactive::Memo;
use leptos::prelude::{AnyView, IntoAny};

/// What is drawn, and drawn again when it changes.
pub type Live = Box<dyn FnMut() -> AnyView + Send>;

/// Draws what the closure gives.
pub fn live<V: IntoAny>(mut draw: impl FnMut() -> V + Send + 'static) -> Live {
    Box::new(move || draw().into_any())
}

/// What an attribute says; none where it is absent.
pub type Words = Box<dyn FnMut() -> Option<String> + Send>;

/// An attribute with what the closure says.
pub fn words<S: ToString>(mut say: impl FnMut() -> S + Send + 'static) -> Words {
    Box::new(move || Some(say().to_string()))
}

/// Draws the content while the condition holds; what holds on is not drawn again.
pub fn showing<V: IntoAny>(
    when: impl Fn() -> bool + Send + Sync + 'static,
    content: impl FnMut() -> V + Send + 'static,
) -> Live {
    either(when, content, || ())
}

/// As [`showing`], and the other content while it does not hold.
pub fn either<V: IntoAny, W: IntoAny>(
    when: impl Fn() -> bool + Send + Sync + 'static,
    mut content: impl FnMut() -> V + Send + 'static,
    mut otherwise: impl FnMut() -> W + Send + 'static,
) -> Live {
    let holds = Memo::new(move |_| when());
    Box::new(move || match holds.get() {
        true => content().into_any(),
        false => otherwise().into_any(),
    })
}

/// Whether something is as it says.
pub fn flag(is: impl FnMut() -> bool + Send + 'static) -> Box<dyn FnMut() -> bool + Send> {
    Box::new(is)
}

/// What a field holds.
pub fn value(is: impl FnMut() -> String + Send + 'static) -> Box<dyn FnMut() -> String + Send> {
    Box::new(is)
}

/// What a click, or another event, does.
pub fn on<E>(act: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(act)
}
