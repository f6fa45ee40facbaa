//! The address bar: what a link says, and keeping it up to date.

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

/// Puts these parameters in place of the query, without a step in the history.
pub fn replace_query(pairs: &[(&str, String)]) {
    let Some(window) = window() else { return };
    let Ok(params) = web_sys::UrlSearchParams::new() else {
        return;
    };
    for (name, value) in pairs {
        params.append(name, value);
    }
    let query = String::from(params.to_string());
    let path = window.location().pathname().unwrap_or_default();
    let address = if query.is_empty() {
        path
    } else {
        format!("{path}?{query}")
    };
    if let Ok(history) = window.history() {
        let state = history.state().unwrap_or(JsValue::NULL);
        // Browsers refuse more than about 100 replacements in 30 s; the next one catches up.
        if history
            .replace_state_with_url(&state, "", Some(&address))
            .is_err()
        {
            web_sys::console::debug_1(&"the address could not be updated just now".into());
        }
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
