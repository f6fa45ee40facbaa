//! A link restores everything a person chose and nothing the server said.

use crate::dom::address;
use crate::state::selection::{Selection, Tab};
use leptos::prelude::*;
use model::channel::log::Level;

/// What a link says, as far as it can be read; the rest is ignored.
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
        pairs
    }

    /// What the address bar says now.
    pub fn from_address() -> Self {
        Self::from_pairs(&address::query())
    }

    /// Puts it into the address bar.
    pub fn show(&self) {
        let mut pairs: Vec<(&str, String)> = KEPT
            .into_iter()
            .filter_map(|name| Some((name, address::parameter(name)?)))
            .collect();
        pairs.extend(self.to_pairs());
        address::replace_query(&pairs);
    }

    /// Makes the choices it says; `t` is the playhead's.
    pub fn restore(&self, selection: &Selection) {
        selection.node.set(self.node.clone());
        selection.tab.set(self.tab);
        selection.query.set(self.q.clone());
        selection.level.set(self.level.unwrap_or(Level::Trace));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_says_what_it_was_made_from() {
        let link = ViewLink {
            t: Some(1_500),
            node: Some("scan & go".into()),
            tab: Tab::Terminal,
            q: "a=b".into(),
            level: Some(Level::Warn),
        };
        let pairs: Vec<_> = link
            .to_pairs()
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        assert_eq!(ViewLink::from_pairs(&pairs), link);
        assert!(ViewLink::default().to_pairs().is_empty());
    }

    #[test]
    fn what_cannot_be_read_is_ignored() {
        let pairs = [
            ("t", "soon"),
            ("tab", "kitchen"),
            ("level", "LOUD"),
            ("node", ""),
        ];
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_string()))
            .collect();
        assert_eq!(ViewLink::from_pairs(&pairs), ViewLink::default());
    }
}
