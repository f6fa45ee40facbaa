//! The viewer of one run: header, steps, graph, timeline, panels.

use crate::state::commands::{Act, perform, tip};
use crate::state::desk::Overlay;
use crate::state::reactive::Memo;
use crate::state::{Desk, RunStore, RunsStore, Selection, Tab};
use crate::view::agent::AgentPanel;
use crate::view::connection::{
    ConnectionBadge, ConnectionControls, ConnectionCorner, ConnectionTrouble, ExpiredNotice,
};
use crate::view::graph::GraphPanel;
use crate::view::header::RunHeader;
use crate::view::inspector::InspectorPanel;
use crate::view::keys::{KeysDialog, Said};
use crate::view::logs::LogsPanel;
use crate::view::pages::{RefusedPage, UnreachablePage};
use crate::view::palette::Palette;
use crate::view::parts::icon::{Icon, IconView};
use crate::view::parts::live::{live, on, words};
use crate::view::run_switch::RunSwitch;
use crate::view::steps::StepsTree;
use crate::view::terminal::TerminalPanel;
use crate::view::timeline::TimelinePanel;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use source::connection::Reason;

/// What the page shows as a whole.
#[derive(Clone, Copy, PartialEq)]
enum Face {
    Refused(Reason),
    Empty,
    Run,
}

/// The page.
#[component]
pub fn RunPage(
    /// The run.
    store: RunStore,
    /// What the person looks at.
    selection: Selection,
    /// What stands in front of it.
    desk: Desk,
    /// The runs to switch to.
    runs: RunsStore,
) -> impl IntoView {
    let face = Memo::new(move |_| match (store.link().refusal(), store.is_loaded()) {
        // What has been seen stays: a refusal that comes later is told by the badge.
        (_, true) => Face::Run,
        (Some(reason), false) => Face::Refused(reason),
        (None, false) => Face::Empty,
    });
    let page = live(move || match face.get() {
        Face::Refused(reason) => view! { <RefusedPage store reason /> }.into_any(),
        Face::Empty => view! { <UnreachablePage store /> }.into_any(),
        Face::Run => view! { <Viewer store selection desk /> }.into_any(),
    });
    let overlay = live(move || match desk.overlay.get() {
        Overlay::None => ().into_any(),
        Overlay::Keys => view! { <KeysDialog desk /> }.into_any(),
        Overlay::Palette => view! { <Palette store selection desk /> }.into_any(),
        Overlay::Runs => view! { <RunSwitch store runs desk /> }.into_any(),
    });
    view! {
        {page}
        {overlay}
        <Said desk />
    }
}

/// The ways into dialogs, for who does not know their keys.
#[component]
fn Doors(store: RunStore, selection: Selection, desk: Desk) -> impl IntoView {
    let door = move |act: Act, icon: Icon, label: &'static str| {
        view! {
            <button
                class="button button--icon"
                aria-label=label
                title=tip(act, desk.keyboard)
                aria-haspopup="dialog"
                on:click=on(move |_| perform(act, &store, &selection, &desk))
            >
                <IconView icon />
            </button>
        }
    };
    view! {
        {door(Act::Palette, Icon::Search, "Find anything")}
        <button
            class="button"
            title=tip(Act::SwitchRun, desk.keyboard)
            aria-haspopup="dialog"
            on:click=on(move |_| perform(Act::SwitchRun, &store, &selection, &desk))
        >
            "Switch run"
            <IconView icon=Icon::Down />
        </button>
        <span class="keys__door">{door(Act::Keys, Icon::Keyboard, "Keyboard shortcuts")}</span>
    }
}

#[component]
fn Viewer(store: RunStore, selection: Selection, desk: Desk) -> impl IntoView {
    // What is stale looks so; what is drawn from it stands still by itself, as its clock does.
    let stale = Memo::new(move |_| store.stale_for().is_some());
    view! {
        <main class="run" data-stale=move || stale.get().then_some("")>
            <header class="run__header">
                <RunHeader store selection list="runs".to_owned()>
                    <ConnectionBadge store />
                    <ConnectionControls store />
                    <Doors store selection desk />
                </RunHeader>
                <ConnectionTrouble store />
                <ExpiredNotice store />
            </header>
            <nav class="run__steps" aria-label="Steps of the run">
                <StepsTree store selection />
            </nav>
            <div class="run__graph">
                <GraphPanel store selection />
            </div>
            <div class="run__timeline">
                <TimelinePanel store selection desk />
            </div>
            <div class="run__panel">
                <Panels store selection />
            </div>
            <ConnectionCorner store />
        </main>
    }
}

/// The tabs; only the one shown exists.
#[component]
fn Panels(store: RunStore, selection: Selection) -> impl IntoView {
    let tab = move |tab: Tab| {
        view! {
            <button
                class="tabs__tab"
                role="tab"
                id=format!("tab-{}", tab.key())
                aria-controls="panel"
                aria-selected=words(move || (selection.tab.get() == tab).to_string())
                tabindex=words(move || if selection.tab.get() == tab { "0" } else { "-1" })
                on:click=on(move |_| selection.tab.set(tab))
            >
                {tab.label()}
            </button>
        }
    };
    let turn = move |event: KeyboardEvent| {
        let Some(next) = neighbour(&event.key(), selection.tab.get_untracked()) else {
            return;
        };
        event.prevent_default();
        selection.tab.set(next);
        focus_tab(&event, next);
    };
    view! {
        <div class="tabs" role="tablist" aria-label="Panels" on:keydown=on(turn)>
            {Tab::ALL.into_iter().map(tab).collect_view()}
        </div>
        <div
            class="tabs__panel"
            id="panel"
            role="tabpanel"
            aria-labelledby=words(move || format!("tab-{}", selection.tab.get().key()))
        >
            {live(move || match selection.tab.get() {
                Tab::Logs => view! { <LogsPanel store selection /> }.into_any(),
                Tab::Terminal => view! { <TerminalPanel store selection /> }.into_any(),
                Tab::Agent => view! { <AgentPanel store selection /> }.into_any(),
                Tab::Inspector => view! { <InspectorPanel store selection /> }.into_any(),
            })}
        </div>
    }
}

fn neighbour(key: &str, tab: Tab) -> Option<Tab> {
    let index = Tab::ALL.iter().position(|known| *known == tab)?;
    let last = Tab::ALL.len() - 1;
    let next = match key {
        "ArrowRight" => {
            if index == last {
                0
            } else {
                index + 1
            }
        }
        "ArrowLeft" => index.checked_sub(1).unwrap_or(last),
        "Home" => 0,
        "End" => last,
        _ => return None,
    };
    Tab::ALL.get(next).copied()
}

fn focus_tab(event: &KeyboardEvent, tab: Tab) {
    let list = event.current_target();
    let index = Tab::ALL.iter().position(|known| *known == tab).unwrap_or(0);
    crate::dom::canvas::focus_child(list, index as u32);
}
