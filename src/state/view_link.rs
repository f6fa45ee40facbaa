//! A link restores everything a person chose and nothing the server said.

use crate::dom::address;
use crate::state::run_store::RunStore;
use crate::state::selection::{Selection, Tab};
use crate::state::timeline_view::Camera;
use leptos::prelude::*;
use model::channel::log::Level;

/// What a link says, as far as it can be read; the rest is ignored. Stretches are of milliseconds
/// from the run's start.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ViewLink {
    /// Milliseconds from the run's start; absent means follow.
    pub t: Option<i64>,
    /// The selected node.
    pub node: Option<String>,
    /// The panel shown.
    pub tab: Tab,
    /// What is searched for.
    pub q: String,
    /// The least level of log lines shown.
    pub level: Option<Level>,
    /// What part of the timeline is in view.
    pub zoom: Option<(i64, i64)>,
    /// What is marked on the timeline.
    pub range: Option<(i64, i64)>,
    /// Whether that is repeated.
    pub loops: bool,
}

/// Parameters that are not this module's and stay as they are: for one page, by hand.
const KEPT: [&str; 2] = ["backend", "streaming"];

impl ViewLink {
    /// Reads the parameters of an address.
    pub fn from_pairs(pairs: &[(String, String)]) -> Self {
        let get = |name: &str| {
            pairs
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.as_str())
        };
        let repeated = get("loop").and_then(stretch);
        Self {
            t: get("t")
                .and_then(|text| text.parse().ok())
                .filter(|t| *t >= 0),
            node: get("node")
                .filter(|node| !node.is_empty())
                .map(str::to_owned),
            tab: get("tab").and_then(Tab::from_key).unwrap_or_default(),
            q: get("q").unwrap_or_default().to_owned(),
            level: get("level")
                .and_then(|word| Level::ALL.into_iter().find(|level| level.as_str() == word)),
            zoom: get("zoom").and_then(stretch),
            range: repeated.or_else(|| get("range").and_then(stretch)),
            loops: repeated.is_some(),
        }
    }

    /// The parameters that say it; what is as by default is left out.
    pub fn to_pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        if let Some(t) = self.t {
            pairs.push(("t", t.to_string()));
        }
        if let Some(node) = &self.node {
            pairs.push(("node", node.clone()));
        }
        if self.tab != Tab::default() {
            pairs.push(("tab", self.tab.key().to_owned()));
        }
        if !self.q.is_empty() {
            pairs.push(("q", self.q.clone()));
        }
        if let Some(level) = self.level.filter(|level| *level > Level::Trace) {
            pairs.push(("level", level.as_str().to_owned()));
        }
        if let Some((from, to)) = self.zoom {
            pairs.push(("zoom", format!("{from}-{to}")));
        }
        if let Some((from, to)) = self.range {
            let name = if self.loops { "loop" } else { "range" };
            pairs.push((name, format!("{from}-{to}")));
        }
        pairs
    }

    /// What the address bar says now.
    pub fn from_address() -> Self {
        Self::from_pairs(&address::query())
    }

    /// What the person has chosen; runs again when that changes.
    pub fn of(store: &RunStore, selection: &Selection) -> Self {
        Self {
            t: store.linked_t(),
            node: selection.node.get(),
            tab: selection.tab.get(),
            q: selection.query.get(),
            level: Some(selection.level.get()).filter(|level| *level > Level::Trace),
            zoom: selection.timeline.linked_zoom(),
            range: selection.timeline.range.get(),
            loops: store.repeated().is_some(),
        }
    }

    /// The query that says it, with what is not ours.
    pub fn query(&self) -> String {
        let mut pairs: Vec<(&str, String)> = KEPT
            .into_iter()
            .filter_map(|name| Some((name, address::parameter(name)?)))
            .collect();
        pairs.extend(self.to_pairs());
        address::encode(&pairs)
    }

    /// Makes the choices it says. Who came without an instant follows.
    pub fn restore(&self, store: &RunStore, selection: &Selection) {
        selection.node.set(self.node.clone());
        selection.tab.set(self.tab);
        selection.query.set(self.q.clone());
        selection.level.set(self.level.unwrap_or(Level::Trace));
        match (self.zoom, untrack(|| selection.timeline.linked_zoom())) {
            (Some(zoom), _) => selection.timeline.restore_zoom(zoom),
            (None, Some(_)) => selection.timeline.camera.set(Camera::Whole),
            (None, None) => {}
        }
        selection.timeline.range.set(self.range);
        store.deck.loops.set(self.loops);
        match self.t {
            Some(t) => store.seek(t),
            None if untrack(|| store.linked_t()).is_some() => store.restore_following(),
            None => {}
        }
    }
}

impl RunStore {
    /// Follows, though nobody jumped there: the history went back to it.
    fn restore_following(&self) {
        self.wanted.set_value(None);
        self.playhead.set(Default::default());
    }
}

/// Where another run of the same backend is, below the app's base.
pub fn other_run(id: &str) -> String {
    let path = format!("/runs/{}", address::segment(id));
    match ViewLink::default().query() {
        query if query.is_empty() => path,
        query => format!("{path}?{query}"),
    }
}

/// `from-to`, in either order; an instant alone is no stretch.
fn stretch(text: &str) -> Option<(i64, i64)> {
    let (one, other) = text.split_once('-')?;
    let (one, other): (i64, i64) = (one.parse().ok()?, other.parse().ok()?);
    let (from, to) = (one.min(other), one.max(other));
    (0 <= from && from < to).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = |(name, value): &(&str, &str)| (name.to_string(), value.to_string());
        pairs.iter().map(owned).collect()
    }

    #[test]
    fn a_link_says_what_it_was_made_from() {
        for loops in [true, false] {
            let link = ViewLink {
                t: Some(1_500),
                node: Some("scan & go".into()),
                tab: Tab::Terminal,
                q: "a=b".into(),
                level: Some(Level::Warn),
                zoom: Some((0, 9_000)),
                range: Some((1_000, 2_000)),
                loops,
            };
            let said: Vec<_> = link
                .to_pairs()
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect();
            assert_eq!(ViewLink::from_pairs(&said), link);
        }
        assert!(ViewLink::default().to_pairs().is_empty());
    }

    #[test]
    fn what_cannot_be_read_is_ignored() {
        let hostile = pairs(&[
            ("t", "soon"),
            ("tab", "kitchen"),
            ("level", "LOUD"),
            ("node", ""),
            ("zoom", "a-b"),
            ("range", "5-5"),
        ]);
        assert_eq!(ViewLink::from_pairs(&hostile), ViewLink::default());
        for t in ["-1", "1.5", "NaN", "99999999999999999999", "1e3", ""] {
            let link = ViewLink::from_pairs(&pairs(&[("t", t)]));
            assert_eq!(link.t, None, "{t}");
        }
    }

    #[test]
    fn stretches_are_read_in_either_order_and_never_empty() {
        for (text, read) in [
            ("1000-2000", Some((1_000, 2_000))),
            ("2000-1000", Some((1_000, 2_000))),
            ("0-1", Some((0, 1))),
            ("7-7", None),
            ("-5-9", None),
            ("5", None),
            ("5-", None),
            ("", None),
            ("1-99999999999999999999", None),
        ] {
            assert_eq!(stretch(text), read, "{text}");
        }
    }
}
