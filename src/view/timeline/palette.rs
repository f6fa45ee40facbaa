//! The timeline's colours: the page's own tokens, read once a theme.

use crate::dom::canvas::token;
use model::NodeState;

/// All colours and the font.
pub struct Palette {
    solid: Vec<String>,
    soft: Vec<String>,
    pub surface: String,
    pub raised: String,
    pub hover: String,
    pub line: String,
    pub line_strong: String,
    pub ink: String,
    pub muted: String,
    pub accent: String,
    pub accent_ink: String,
    pub accent_soft: String,
    /// What changes slowest.
    pub path: String,
    pub font: String,
}

impl Palette {
    /// The colours as the theme has them now.
    pub fn read() -> Self {
        let states = |suffix: &str| {
            let name = |state: &NodeState| match state {
                NodeState::AwaitingInput => "awaiting",
                state => state.as_str(),
            };
            NodeState::ALL
                .iter()
                .map(|state| token(&["--", name(state), suffix].concat()))
                .collect()
        };
        Self {
            solid: states(""),
            soft: states("-soft"),
            surface: token("--surface"),
            raised: token("--raised"),
            hover: token("--hover"),
            line: token("--line"),
            line_strong: token("--line-strong"),
            ink: token("--ink"),
            muted: token("--muted"),
            accent: token("--accent"),
            accent_ink: token("--accent-ink"),
            accent_soft: token("--accent-soft"),
            path: token("--blocked"),
            font: token("--font"),
        }
    }

    /// The colour of a state's bars.
    pub fn solid(&self, state: NodeState) -> &str {
        &self.solid[state as usize]
    }

    /// The colour of a state's grounds.
    pub fn soft(&self, state: NodeState) -> &str {
        &self.soft[state as usize]
    }
}
