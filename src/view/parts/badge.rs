//! A state as a word with its icon and colour.

use crate::view::parts::icon::{Icon, IconView};
use crate::view::parts::live::words;
use leptos::prelude::*;
use model::NodeState;

/// The icon of a state: shape tells it as well as colour does.
pub fn icon_of(state: NodeState) -> Icon {
    match state {
        NodeState::Idle => Icon::Idle,
        NodeState::Queued => Icon::Clock,
        NodeState::Running => Icon::Play,
        NodeState::Success => Icon::Check,
        NodeState::Failed => Icon::Cross,
        NodeState::Waiting => Icon::Hourglass,
        NodeState::Blocked => Icon::Barred,
        NodeState::Skipped => Icon::Skip,
        NodeState::Canceled => Icon::Slash,
        NodeState::AwaitingInput => Icon::Person,
    }
}

/// A state's badge; `label` may be another system's word for it.
#[component]
pub fn StateBadge(
    /// Which state it looks like.
    #[prop(into)]
    state: Signal<NodeState>,
    /// The word shown.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    view! {
        <span class="badge" data-state=words(move || state.get().as_str())>
            <IconView icon=Signal::derive(move || icon_of(state.get())) />
            {label}
        </span>
    }
}
