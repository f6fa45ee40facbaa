//! Routes, and the one place where client, state and view are joined.

mod desk;
mod link;
mod opened;

use crate::client::{Config, RunClient, RunsClient};
use crate::dom::automation::{Automation, Handlers};
use crate::dom::frame::{self, Turn, Wants};
use crate::dom::{address, canvas, icon, page};
use crate::state::runs_store::Listing;
use crate::state::snapshot::snapshot;
use crate::state::view_link::ViewLink;
use crate::state::{Backend, Desk, RunStore, RunsStore, Selection};
use crate::view::favicon::Face;
use crate::view::pages::{NotFoundPage, RunPage, RunsPage};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::hooks::use_params_map;
use leptos_router::path;
use model::playhead::PlaybackCommand;
use opened::OpenRoute;
use source::connection::Badge;
use std::pin::Pin;

/// The app.
#[component]
pub fn App() -> impl IntoView {
    let base = address::base();
    let base = base.trim_end_matches('/').to_owned();
    let config = RwSignal::new(None);
    spawn_local(async move { config.set(Some(Config::load().await)) });
    view! {
        <Router base>
            <Routes fallback=|| view! { <NowhereRoute /> }>
                <Route path=path!("/") view=move || view! { <ListRoute config /> } />
                <Route path=path!("/runs") view=move || view! { <ListRoute config /> } />
                <Route path=path!("/open") view=move || view! { <OpenRoute config /> } />
                <Route path=path!("/runs/:runId") view=move || view! { <RunRoute config /> } />
            </Routes>
        </Router>
    }
}

/// No such page.
#[component]
fn NowhereRoute() -> impl IntoView {
    page::set_title("Not found · Runreel");
    icon::show(None);
    automate(unmoved());
    view! { <NotFoundPage /> }
}

/// The list of runs.
#[component]
fn ListRoute(config: RwSignal<Option<Config>>) -> impl IntoView {
    let store = RunsStore::new();
    let client = StoredValue::new_local(None);
    page::set_title("Runs · Runreel");
    icon::show(None);
    automate(Handlers {
        idle: Box::new(move || Box::pin(listed(store))),
        snapshot: Box::new(move || {
            let runs = store.runs.with_untracked(Vec::len);
            format!(r#"{{"runId":null,"runs":{runs}}}"#)
        }),
        ..unmoved()
    });
    Effect::new(move || {
        if let Some(config) = config.get() {
            client.set_value(Some(RunsClient::open(store, &config)));
        }
    });
    view! { <RunsPage store /> }
}

/// One run; another id in the address is another run, with nothing left of the one before.
#[component]
fn RunRoute(config: RwSignal<Option<Config>>) -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("runId").unwrap_or_default()));
    move || view! { <Run id=id.get() config /> }
}

#[component]
fn Run(id: String, config: RwSignal<Option<Config>>) -> impl IntoView {
    let store = RunStore::new(&id);
    let selection = Selection::new();
    ViewLink::from_address().restore(&store, &selection);
    let (desk, runs) = join(store, selection, config);
    let client = StoredValue::new_local(None);
    Effect::new(move || {
        if let Some(config) = config.get() {
            store.set_backend(Backend {
                name: config.backend.clone(),
                dialect: config.dialect.word(),
                attempts: match config.streaming {
                    true => config.retry_delays_millis.len(),
                    false => 0,
                },
            });
            client.set_value(Some(RunClient::open(store, config)));
        }
    });
    on_cleanup(move || {
        client.try_set_value(None);
    });
    view! { <RunPage store selection desk runs /> }
}

/// Joins a run's page to time, keys, the address bar and the tab, wherever the run comes from.
fn join(
    store: RunStore,
    selection: Selection,
    config: RwSignal<Option<Config>>,
) -> (Desk, RunsStore) {
    store.deck.watch(selection.timeline.range);
    let joined = desk::open(store, selection, config);
    play(store);
    link::keep(store, selection);
    keep_tab(store);
    automate(handlers(store));
    joined
}

/// Time goes on with real elapsed time while the playhead plays.
fn play(store: RunStore) {
    let subscription = frame::subscribe(Turn::Playback, move |elapsed| {
        if !store.is_playing_untracked() {
            return Wants::Rest;
        }
        store.playback(PlaybackCommand::Advance(elapsed));
        Wants::Another
    });
    let held = StoredValue::new_local(Some(subscription));
    on_cleanup(move || {
        held.try_set_value(None);
    });
    Effect::new(move || {
        if store.playhead().is_playing() {
            frame::request();
        }
    });
}

/// The tab's title and icon carry the run's state, and that it is not as of now.
fn keep_tab(store: RunStore) {
    let title = Memo::new(move |_| title(&store));
    Effect::new(move || page::set_title(&title.get()));
    let face = Memo::new(move |_| Face::of(&store));
    let theme = RwSignal::new(());
    let themed = StoredValue::new_local(canvas::on_theme_change(move || {
        theme.try_set(());
    }));
    on_cleanup(move || {
        themed.try_set_value(None);
    });
    Effect::new(move || {
        theme.track();
        icon::show(face.get().address().as_deref());
    });
}

/// The connection where it is not as it should be, the run's status, its name.
fn title(store: &RunStore) -> String {
    let link = store.link();
    let odd = match link.badge() {
        Badge::Refused | Badge::Paused => Some(link.badge().to_string()),
        _ if store.is_loaded() && store.stale_for().is_some() => {
            Some(Badge::Reconnecting.to_string())
        }
        _ => None,
    };
    let run = store.is_loaded().then(|| {
        let status = store.latest_status().label().to_owned();
        let name = store.journal(|journal| journal.info().name.clone());
        [status, name].join(" · ")
    });
    let parts = [odd, run, Some("Runreel".to_owned())];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Puts the automation handle on the window for as long as the page is shown.
fn automate(handlers: Handlers) {
    let automation = StoredValue::new_local(Some(Automation::install(handlers)));
    on_cleanup(move || {
        automation.try_set_value(None);
    });
}

/// A page without a run: nothing to seek in.
fn unmoved() -> Handlers {
    Handlers {
        idle: Box::new(|| Box::pin(frame::painted())),
        snapshot: Box::new(|| r#"{"runId":null}"#.to_owned()),
        seek: Box::new(|_| Box::pin(frame::painted())),
        follow: Box::new(|| Box::pin(frame::painted())),
    }
}

/// Until the first answer has come, good or bad, and is painted.
async fn listed(store: RunsStore) {
    while store
        .listing
        .try_with_untracked(|listing| *listing == Listing::Loading)
        == Some(true)
    {
        frame::painted().await;
    }
    frame::painted().await;
}

fn handlers(store: RunStore) -> Handlers {
    Handlers {
        idle: Box::new(move || Box::pin(idle(store))),
        snapshot: Box::new(move || snapshot(&store)),
        seek: Box::new(move |millis| {
            store.seek(millis.round() as i64);
            Box::pin(frame::painted()) as Pin<Box<_>>
        }),
        follow: Box::new(move || {
            store.playback(PlaybackCommand::Follow);
            Box::pin(frame::painted()) as Pin<Box<_>>
        }),
    }
}

/// Until the first data has come (or it is known why not), nothing is at hand, and all is painted.
async fn idle(store: RunStore) {
    loop {
        frame::painted().await;
        let settled = untrack(|| {
            let link = store.link();
            store.is_loaded()
                || link.refusal().is_some()
                || link.trouble.is_some()
                || link.badge() == Badge::Ended
        });
        if settled && store.work().is_done() {
            frame::painted().await;
            if store.work().is_done() {
                return;
            }
        }
    }
}
