//! Which page the address asks for, and going from page to page without loading the app anew: by
//! links, and by the browser's own way back.

use crate::dom::listen::Listener;
use crate::dom::{address, page, window};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, MouseEvent, Url};

/// The parts of the address behind the app's base, decoded; none where it lies outside of it.
pub fn asked() -> Option<Vec<String>> {
    let path = window()?.location().pathname().ok()?;
    let parts = within(&path, &address::base())?.split('/');
    let parts = parts.filter(|part| !part.is_empty());
    Some(parts.map(decoded).collect())
}

/// Calls back when the address has become that of another page, until dropped.
pub fn listen(moved: impl Fn() + Clone + 'static) -> Vec<Listener> {
    let Some(window) = window() else {
        return Vec::new();
    };
    let back = moved.clone();
    vec![
        Listener::on(&window, "popstate", move |_| back()),
        Listener::on(&window, "click", move |event| {
            if follow(&event).is_some() {
                moved();
            }
        }),
    ]
}

/// Goes where a click on a link leads, if that is a page of the app and the person wants it here.
fn follow(event: &Event) -> Option<()> {
    let click: &MouseEvent = event.dyn_ref()?;
    let elsewhere = click.ctrl_key() || click.meta_key() || click.shift_key() || click.alt_key();
    if event.default_prevented() || click.button() != 0 || elsewhere {
        return None;
    }
    let target: Element = event.target()?.dyn_into().ok()?;
    let link = target.closest("a[href]").ok()??;
    let of_the_browser = ["download", "target", "rel"];
    if of_the_browser.iter().any(|name| link.has_attribute(name)) {
        return None;
    }
    let url = Url::new(&page::absolute(&link.get_attribute("href")?)).ok()?;
    let window = window()?;
    let here = window.location();
    within(&url.pathname(), &address::base())?;
    if url.origin() != here.origin().ok()? || !url.hash().is_empty() {
        return None;
    }
    // A link to this very page is a step that the way back need not make.
    let history = window.history().ok()?;
    let (state, address) = (JsValue::NULL, url.href());
    let went = match here.href().ok()? == address {
        true => history.replace_state_with_url(&state, "", Some(&address)),
        false => history.push_state_with_url(&state, "", Some(&address)),
    };
    went.ok()?;
    event.prevent_default();
    window.scroll_to_with_x_and_y(0.0, 0.0);
    Some(())
}

/// What is behind the base, which ends in a slash that an address may lack.
fn within<'a>(path: &'a str, base: &str) -> Option<&'a str> {
    match path.strip_prefix(base) {
        Some(rest) => Some(rest),
        None => (base.strip_suffix('/') == Some(path)).then_some(""),
    }
}

fn decoded(part: &str) -> String {
    match js_sys::decode_uri_component(part) {
        Ok(text) => text.into(),
        Err(_) => part.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn an_address_is_within_the_base_or_outside() {
        for (path, base, want) in [
            ("/", "/", Some("")),
            ("/runs/a", "/", Some("runs/a")),
            ("/reel/runs/a", "/reel/", Some("runs/a")),
            ("/reel", "/reel/", Some("")),
            ("/reels/runs", "/reel/", None),
            ("/", "/reel/", None),
        ] {
            assert_eq!(within(path, base), want, "{path} {base}");
        }
    }
}
