//! Key presses anywhere on the page, and putting the focus somewhere.

use crate::dom::listen::Listener;
use crate::dom::window;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, KeyboardEvent};

/// What has the focus when a key is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Something that has no use for keys that write.
    Other,
    /// What Space and Enter press, or what arrows move.
    Pressable,
    /// What one types into, or chooses from by typing.
    Typing,
}

/// Calls back with each press that nobody has acted on, until dropped; who returns true has acted.
pub fn listen(
    mut callback: impl FnMut(&KeyboardEvent, Target) -> bool + 'static,
) -> Option<Listener> {
    let listener = Listener::on(&window()?.into(), "keydown", move |event| {
        let Some(press) = event.dyn_ref::<KeyboardEvent>() else {
            return;
        };
        if !press.default_prevented() && callback(press, target(press)) {
            press.prevent_default();
        }
    });
    Some(listener)
}

/// Whether this is a Mac, as far as the browser tells.
pub fn is_mac() -> bool {
    let platform = window().and_then(|window| window.navigator().platform().ok());
    platform.is_some_and(|platform| platform.starts_with("Mac") || platform.starts_with("iP"))
}

/// Puts the focus into the first element that a selector names; whether there is one.
pub fn focus(selector: &str) -> bool {
    let found = window()
        .and_then(|window| window.document())
        .and_then(|document| document.query_selector(selector).ok().flatten())
        .and_then(|element| element.dyn_into::<HtmlElement>().ok());
    if let Some(element) = &found {
        element.focus().ok();
    }
    if let Some(field) = found
        .as_ref()
        .and_then(|it| it.dyn_ref::<HtmlInputElement>())
    {
        field.select();
    }
    found.is_some()
}

fn target(event: &KeyboardEvent) -> Target {
    let element = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let Some(element) = element else {
        return Target::Other;
    };
    let edited = element
        .dyn_ref::<HtmlElement>()
        .is_some_and(HtmlElement::is_content_editable);
    let field = element.dyn_ref::<HtmlInputElement>();
    match (element.tag_name().as_str(), field) {
        _ if edited => Target::Typing,
        ("TEXTAREA" | "SELECT", _) => Target::Typing,
        (_, Some(field)) => match field.type_().as_str() {
            "range" | "checkbox" | "radio" | "button" | "submit" => Target::Pressable,
            _ => Target::Typing,
        },
        ("BUTTON" | "SUMMARY" | "A" | "OPTION", _) => Target::Pressable,
        _ => Target::Other,
    }
}
