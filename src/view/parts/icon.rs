//! Icons, drawn in one style on a grid of 16: strokes of one width, round ends.

use crate::view::parts::live::words;
use leptos::prelude::*;

/// A picture, by what it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "named by what they show")]
pub enum Icon {
    Idle,
    Clock,
    Play,
    Check,
    Cross,
    Hourglass,
    Barred,
    Skip,
    Slash,
    Person,
    Pause,
    Previous,
    Next,
    Plus,
    Minus,
    Fit,
    Refresh,
    Search,
    Down,
    Stop,
    Warning,
    Link,
    Repeat,
    Keyboard,
}

impl Icon {
    /// The outline, as SVG path data; the canvas paints the same.
    pub fn path(self) -> &'static str {
        match self {
            Self::Idle => "M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3z",
            Self::Clock => "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM8 5v3l2 1.5",
            Self::Play => "M5.5 3.5v9l7-4.5z",
            Self::Check => "M3.5 8.5l3 3 6-7",
            Self::Cross => "M4.5 4.5l7 7M11.5 4.5l-7 7",
            Self::Hourglass => "M4.5 2.5h7M4.5 13.5h7M5 2.5c0 4 6 4.5 6 11M11 2.5c0 4-6 4.5-6 11",
            Self::Barred => "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM5 8h6",
            Self::Skip => "M3.5 4l4 4-4 4M8.5 4l4 4-4 4",
            Self::Slash => "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM4.2 11.8l7.6-7.6",
            Self::Person => {
                "M8 3a2.3 2.3 0 1 0 0 4.6A2.3 2.3 0 0 0 8 3zM3.5 13c.4-2.6 2.2-3.8 4.5-3.8s4.1 1.2 4.5 3.8"
            }
            Self::Pause => "M5.5 3.5v9M10.5 3.5v9",
            Self::Previous => "M11.5 4l-5 4 5 4M4.5 4v8",
            Self::Next => "M4.5 4l5 4-5 4M11.5 4v8",
            Self::Plus => "M8 3.5v9M3.5 8h9",
            Self::Minus => "M3.5 8h9",
            Self::Fit => "M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3",
            Self::Refresh => {
                "M12.8 6.5A5 5 0 0 0 3.5 6M3.2 9.5a5 5 0 0 0 9.3.5M3.5 3v3h3M12.5 13v-3h-3"
            }
            Self::Search => "M7 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM10 10l3.5 3.5",
            Self::Down => "M4 6.5l4 4 4-4",
            Self::Stop => "M4.5 4.5h7v7h-7z",
            Self::Warning => "M8 3l5.5 9.5h-11zM8 6.5v3M8 11.3v.1",
            Self::Link => {
                "M6.8 9.2l2.4-2.4M7 4.8l1-1a2.3 2.3 0 0 1 3.3 0l.9.9a2.3 2.3 0 0 1 0 3.3l-1 1M9 11.2l-1 1a2.3 2.3 0 0 1-3.3 0l-.9-.9a2.3 2.3 0 0 1 0-3.3l1-1"
            }
            Self::Repeat => {
                "M3.5 7.5v-1a2 2 0 0 1 2-2h7M10.5 2.5l2 2-2 2M12.5 8.5v1a2 2 0 0 1-2 2h-7M5.5 13.5l-2-2 2-2"
            }
            Self::Keyboard => "M2.5 4.5h11v7h-11zM5 7v.1M8 7v.1M11 7v.1M5.5 9.5h5",
        }
    }
}

/// An icon beside text; alone it needs a name on what holds it.
#[component]
pub fn IconView(
    /// Which.
    #[prop(into)]
    icon: Signal<Icon>,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d=words(move || icon.get().path()) />
        </svg>
    }
}
