//! The canvas's colours: the page's own tokens, read once a theme.

use crate::dom::canvas::{Pixel, pixel_of, token};
use model::NodeState;

/// Colours of one state.
#[derive(Clone, Debug, Default)]
pub struct StateColours {
    /// Marks and borders.
    pub solid: String,
    /// Grounds.
    pub soft: String,
    /// Text on `soft`.
    pub ink: String,
}

/// All colours the canvas needs.
#[derive(Clone, Debug)]
pub struct Palette {
    states: Vec<StateColours>,
    /// `solid` of each state, as pixels.
    pixels: Vec<Pixel>,
    /// A card's ground.
    pub surface: String,
    /// A card's border.
    pub line: String,
    /// An edge that nothing has gone along.
    pub line_strong: String,
    /// A card's title.
    pub ink: String,
    /// A card's second line.
    pub muted: String,
    /// The selection.
    pub accent: String,
    /// The page's font.
    pub font: String,
}

impl Palette {
    /// The colours as the theme has them now.
    pub fn read() -> Self {
        let states = NodeState::ALL.iter().map(|state| {
            let name = match state {
                NodeState::AwaitingInput => "awaiting",
                state => state.as_str(),
            };
            StateColours {
                solid: token(&format!("--{name}")),
                soft: token(&format!("--{name}-soft")),
                ink: token(&format!("--{name}-ink")),
            }
        });
        let states: Vec<_> = states.collect();
        Self {
            pixels: states.iter().map(|state| pixel_of(&state.solid)).collect(),
            states,
            surface: token("--surface"),
            line: token("--line"),
            line_strong: token("--line-strong"),
            ink: token("--ink"),
            muted: token("--muted"),
            accent: token("--accent"),
            font: token("--font"),
        }
    }

    /// The solid colour of a state, as a pixel of a layer.
    pub fn pixel(&self, state: NodeState) -> Pixel {
        self.pixels[state as usize]
    }

    /// The colours of a state.
    pub fn of(&self, state: NodeState) -> &StateColours {
        &self.states[state as usize]
    }
}
