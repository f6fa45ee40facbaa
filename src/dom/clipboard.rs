//! Putting text where a person can paste it from, also where the browser does not let pages ask for that.

use crate::dom::window;
use wasm_bindgen::JsCast;

/// Copies; whether that worked. Browsers may refuse: the page is insecure, the person said no.
pub async fn copy(text: &str) -> bool {
    let Some(window) = window() else { return false };
    // On an insecure page there is no clipboard, whatever the types say.
    let clipboard = js_sys::Reflect::get(&window.navigator(), &"clipboard".into());
    if clipboard.is_ok_and(|clipboard| clipboard.is_object()) {
        let written = window.navigator().clipboard().write_text(text);
        if wasm_bindgen_futures::JsFuture::from(written).await.is_ok() {
            return true;
        }
    }
    copy_selected(text).unwrap_or(false)
}

/// The old way: select it in a field that nobody sees, and copy what is selected.
fn copy_selected(text: &str) -> Option<bool> {
    let document = window()?.document()?;
    let body = document.body()?;
    let before = document.active_element();
    let field: web_sys::HtmlInputElement =
        document.create_element("input").ok()?.dyn_into().ok()?;
    field.set_value(text);
    field.set_class_name("visually-hidden");
    field.set_attribute("aria-hidden", "true").ok()?;
    // A dialog in front makes all else inert: there a field cannot be selected.
    let parent = before
        .as_ref()
        .and_then(|element| element.closest("dialog").ok().flatten())
        .unwrap_or_else(|| body.into());
    parent.append_child(&field).ok()?;
    field.select();
    let html = document.dyn_ref::<web_sys::HtmlDocument>()?;
    let copied = html.exec_command("copy").unwrap_or(false);
    field.remove();
    if let Some(before) = before.and_then(|before| before.dyn_into::<web_sys::HtmlElement>().ok()) {
        before.focus().ok();
    }
    Some(copied)
}
