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

/// Sets the tab's title.
pub fn set_title(title: &str) {
    if let Some(document) = window().and_then(|window| window.document()) {
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
