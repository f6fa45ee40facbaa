//! The page as a whole: seen or hidden, on-line or off, its title, its preferences.

use crate::dom::listen::Listener;
use crate::dom::window;

/// What can happen to a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageEvent {
    /// It can be seen again.
    Visible,
    /// It is hidden.
    Hidden,
    /// It came back from the browser's cache or from sleep.
    Shown,
    /// The browser found a network.
    Online,
    /// The browser lost it.
    Offline,
}

/// Listens to all of them until dropped.
pub fn listen(callback: impl FnMut(PageEvent) + Clone + 'static) -> Vec<Listener> {
    let Some(window) = window() else {
        return Vec::new();
    };
    let mut listeners: Vec<Listener> = [
        ("pageshow", PageEvent::Shown),
        ("online", PageEvent::Online),
        ("offline", PageEvent::Offline),
    ]
    .into_iter()
    .map(|(kind, event)| {
        let mut callback = callback.clone();
        Listener::on(&window, kind, move |_| callback(event))
    })
    .collect();
    if let Some(document) = window.document() {
        let mut callback = callback.clone();
        listeners.push(Listener::on(
            &document.clone(),
            "visibilitychange",
            move |_| {
                callback(if document.hidden() {
                    PageEvent::Hidden
                } else {
                    PageEvent::Visible
                });
            },
        ));
    }
    listeners
}

/// Whether the page can be seen.
pub(super) fn is_visible() -> bool {
    document().is_none_or(|document| !document.hidden())
}

/// An address, resolved against the page's base.
pub(super) fn absolute(address: &str) -> String {
    let base = document().and_then(|document| document.base_uri().ok().flatten());
    base.and_then(|base| web_sys::Url::new_with_base(address, &base).ok())
        .map_or_else(|| address.to_owned(), |url| url.href())
}

/// The protocol over which the page came, as the browser names it: `http/1.1`, `h2`, `h3`.
pub(super) fn protocol() -> Option<String> {
    let entries = window()?.performance()?.get_entries_by_type("navigation");
    let field = js_sys::Reflect::get(&entries.get(0), &"nextHopProtocol".into());
    field.ok()?.as_string()
}

fn document() -> Option<web_sys::Document> {
    window()?.document()
}

/// Sets the tab's title.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Whether the person asked for less motion.
pub fn prefers_reduced_motion() -> bool {
    window()
        .and_then(|window| {
            window
                .match_media("(prefers-reduced-motion: reduce)")
                .ok()
                .flatten()
        })
        .is_some_and(|query| query.matches())
}
