//! The tab's icon: the run's state as a shape and a colour that are told apart among many tabs.

use crate::dom::canvas::token;
use crate::state::RunStore;
use crate::view::parts::badge::icon_of;
use crate::view::parts::icon::Icon;
use model::NodeState;

/// What the icon says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// Nothing is known of a run: the product's own sign.
    Plain,
    /// The run is so, as of now.
    Fresh(NodeState),
    /// The run was so when it was heard of last: the same sign, hollow.
    Stale(NodeState),
    /// Updates are paused.
    Paused,
    /// The server will not show the run.
    Refused,
}

impl Face {
    /// What to show of a run as it stands; tracked.
    pub fn of(store: &RunStore) -> Self {
        let link = store.link();
        let state = || store.latest_status().looks_like();
        match (link.refusal(), store.is_loaded()) {
            (Some(_), _) => Self::Refused,
            (None, false) => Self::Plain,
            _ if store.frozen().is_some() => Self::Paused,
            _ if store.stale_for().is_some() => Self::Stale(state()),
            _ => Self::Fresh(state()),
        }
    }

    /// The picture as an address that holds it; none where the page's own icon will do.
    pub fn address(self) -> Option<String> {
        let drawn = match self {
            Self::Plain => return None,
            Self::Fresh(state) => filled(SQUARE, icon_of(state), &colour(state)),
            Self::Stale(state) => hollow(icon_of(state), &colour(state)),
            Self::Paused => filled(CIRCLE, Icon::Pause, &token("--idle")),
            Self::Refused => filled(OCTAGON, Icon::Barred, &token("--failed")),
        };
        Some(format!("data:image/svg+xml,{}", escaped(&drawn)))
    }
}

const SQUARE: &str = "M4 0h8a4 4 0 0 1 4 4v8a4 4 0 0 1-4 4H4a4 4 0 0 1-4-4V4a4 4 0 0 1 4-4z";
const CIRCLE: &str = "M8 0a8 8 0 1 0 0 16A8 8 0 0 0 8 0z";
const OCTAGON: &str = "M4.7 0h6.6L16 4.7v6.6L11.3 16H4.7L0 11.3V4.7z";

fn colour(state: NodeState) -> String {
    token(&match state {
        NodeState::AwaitingInput => "--awaiting".to_owned(),
        state => format!("--{}", state.as_str()),
    })
}

fn filled(ground: &str, icon: Icon, colour: &str) -> String {
    let ink = token("--surface");
    svg(&format!(
        "<path d='{ground}' fill='{colour}'/>{}",
        stroke(icon, &ink)
    ))
}

fn hollow(icon: Icon, colour: &str) -> String {
    svg(&format!(
        "<rect x='1' y='1' width='14' height='14' rx='3.5' fill='none' stroke='{colour}' stroke-width='1.6' stroke-dasharray='3 2'/>{}",
        stroke(icon, colour)
    ))
}

fn stroke(icon: Icon, colour: &str) -> String {
    format!(
        "<path d='{}' fill='none' stroke='{colour}' stroke-width='2' stroke-linecap='round' stroke-linejoin='round'/>",
        icon.path()
    )
}

fn svg(inner: &str) -> String {
    format!("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'>{inner}</svg>")
}

/// What an address must not hold as it is.
fn escaped(text: &str) -> String {
    let mut address = String::with_capacity(text.len() * 2);
    for character in text.chars() {
        match character {
            '%' => address.push_str("%25"),
            '#' => address.push_str("%23"),
            '<' => address.push_str("%3C"),
            '>' => address.push_str("%3E"),
            ' ' => address.push_str("%20"),
            other => address.push(other),
        }
    }
    address
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_address_holds_nothing_that_ends_it() {
        let address = super::escaped("<path fill='#a1' d='M0 0'/>100%");
        assert_eq!(address, "%3Cpath%20fill='%23a1'%20d='M0%200'/%3E100%25");
    }
}
