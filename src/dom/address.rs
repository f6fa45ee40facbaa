//! The address bar: what a link says, and keeping it up to date.

use crate::dom::listen::Listener;
use crate::dom::window;
use wasm_bindgen::JsValue;

/// The query's parameters, decoded, in order.
pub fn query() -> Vec<(String, String)> {
    let search = window()
        .and_then(|window| window.location().search().ok())
        .unwrap_or_default();
    let Ok(params) = web_sys::UrlSearchParams::new_with_str(&search) else {
        return Vec::new();
    };
    let pairs = js_sys::Array::from(&JsValue::from(params));
    pairs
        .iter()
        .filter_map(|pair| {
            let pair = js_sys::Array::from(&pair);
            Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
        })
        .collect()
}

/// One parameter of the query.
pub fn parameter(name: &str) -> Option<String> {
    query()
        .into_iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value)
}

/// Parameters as a query, without its question mark.
pub fn encode(pairs: &[(&str, String)]) -> String {
    let Ok(params) = web_sys::UrlSearchParams::new() else {
        return String::new();
    };
    for (name, value) in pairs {
        params.append(name, value);
    }
    String::from(params.to_string())
}

/// Text as one segment of a path.
pub fn segment(text: &str) -> String {
    String::from(js_sys::encode_uri_component(text))
}

/// What becomes of the history when the address changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The way back stays as it is.
    Replace,
    /// The way back leads to the address before.
    Add,
}

/// Puts a query in place of the one that is there; the page stays.
pub fn set_query(query: &str, step: Step) {
    let Some(window) = window() else { return };
    let address = with_query(&path(), query);
    let Ok(history) = window.history() else {
        return;
    };
    let state = history.state().unwrap_or(JsValue::NULL);
    let done = match step {
        Step::Replace => history.replace_state_with_url(&state, "", Some(&address)),
        Step::Add => history.push_state_with_url(&state, "", Some(&address)),
    };
    // Browsers refuse it when it comes too often; the next one catches up.
    if done.is_err() {
        web_sys::console::debug_1(&"the address could not be updated just now".into());
    }
}

/// The whole address of this page with another query, to be given to somebody.
pub fn full(query: &str) -> String {
    let origin = window().and_then(|window| window.location().origin().ok());
    with_query(&(origin.unwrap_or_default() + &path()), query)
}

/// The path of the page.
pub fn path() -> String {
    window()
        .and_then(|window| window.location().pathname().ok())
        .unwrap_or_default()
}

/// Calls back when the history goes back or forward, until dropped.
pub fn on_history(callback: impl FnMut() + 'static) -> Option<Listener> {
    let mut callback = callback;
    Some(Listener::on(&window()?.into(), "popstate", move |_| {
        callback()
    }))
}

fn with_query(path: &str, query: &str) -> String {
    match query {
        "" => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

/// Where the app lives: the path of its `<base>`, ending in a slash.
pub fn base() -> String {
    let base = window()
        .and_then(|window| window.document())
        .and_then(|document| document.base_uri().ok().flatten())
        .and_then(|uri| web_sys::Url::new(&uri).ok())
        .map(|url| url.pathname());
    base.unwrap_or_else(|| "/".to_owned())
}
