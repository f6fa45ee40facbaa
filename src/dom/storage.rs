//! A few words that the browser keeps for the next visit, where it keeps any.

use crate::dom::window;

/// What is kept under a name.
pub fn read(name: &str) -> Option<String> {
    storage()?.get_item(name).ok()?
}

/// Keeps it; a browser that keeps nothing is no error.
pub fn write(name: &str, value: &str) {
    if let Some(storage) = storage() {
        storage.set_item(name, value).ok();
    }
}

fn storage() -> Option<web_sys::Storage> {
    window()?.local_storage().ok()?
}
