//! The tab's icon.

use crate::dom::window;

/// Where the icon that the page came with is kept while another is shown.
const PLAIN: &str = "data-plain";

/// Shows a picture as the tab's icon: its address, which may hold the data itself; without one, the
/// icon that the page came with.
pub fn show(address: Option<&str>) {
    let link = window()
        .and_then(|window| window.document())
        .and_then(|document| document.query_selector("link[rel~=icon]").ok().flatten());
    let Some(link) = link else { return };
    let shown = link.get_attribute("href").unwrap_or_default();
    let plain = link.get_attribute(PLAIN).unwrap_or_else(|| shown.clone());
    let next = address.unwrap_or(&plain);
    if shown != next {
        // Both can only fail for names that are none.
        link.set_attribute(PLAIN, &plain).ok();
        link.set_attribute("href", next).ok();
    }
}
