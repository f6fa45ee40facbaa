//! A run from a file of the person's own machine: no server is asked for it.

use crate::client::open_file::{self, Reading};
use crate::dom::file::File;
use crate::dom::{clock, icon, page};
use crate::state::view_link::ViewLink;
use crate::state::{RunStore, Selection};
use crate::view::pages::{OpenPage, Opening, RunPage};
use crate::{app, client::Config};
use leptos::ev::{DragEvent, Event};
use leptos::prelude::*;

/// A reading that takes longer, in milliseconds, shows how far it is.
const UNSEEN_MILLIS: i64 = 300;

/// The page at `/open`: a file is chosen, read, shown.
#[component]
pub fn OpenRoute(config: RwSignal<Option<Config>>) -> impl IntoView {
    let file = RwSignal::new_local(None::<File>);
    page::set_title("Open a file · Runreel");
    icon::show(None);
    move || match file.get() {
        None => {
            app::automate(app::unmoved());
            choosing(Opening::Nothing, file)
        }
        Some(chosen) => view! { <Opened chosen file config /> }.into_any(),
    }
}

#[component]
fn Opened(
    chosen: File,
    file: RwSignal<Option<File>, LocalStorage>,
    config: RwSignal<Option<Config>>,
) -> impl IntoView {
    let store = RunStore::new(&chosen.name());
    let selection = Selection::new();
    ViewLink::from_address().restore(&store, &selection);
    let joined = app::join(store, selection, config);
    let reading = open_file::open(store, chosen);
    let opening = Memo::new(move |_| opening(&reading.get()));
    move || match opening.get() {
        None => view! { <RunPage store selection desk=joined.0 runs=joined.1 /> }.into_any(),
        Some(now) => choosing(now, file),
    }
}

fn choosing(opening: Opening, file: RwSignal<Option<File>, LocalStorage>) -> AnyView {
    let take = move |chosen: Option<File>| {
        if chosen.is_some() {
            file.set(chosen);
        }
    };
    let chosen = move |event: &Event| take(File::chosen(event));
    let dropped = move |event: &DragEvent| take(File::dropped(event));
    view! { <OpenPage opening chosen dropped /> }.into_any()
}

/// What the page shows of a reading; nothing where it shows the run.
fn opening(reading: &Reading) -> Option<Opening> {
    match reading {
        Reading::Done => None,
        Reading::Failed(why) => Some(Opening::Failed(why.clone())),
        Reading::Going { done, all, since } => {
            let seen = clock::now_millis() - since > UNSEEN_MILLIS;
            Some(match (seen, all) {
                (false, _) => Opening::Going,
                (true, Some(all)) => Opening::Share(done * 100 / (*all).max(1)),
                (true, None) => Opening::Megabytes(done >> 20),
            })
        }
    }
}
