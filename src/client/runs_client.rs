//! Keeps the list of runs up to date while it is on the page.

use crate::client::config::Config;
use crate::dom::fetch::{self, Abort, Ask};
use crate::dom::timer::{Ticker, Timer};
use crate::state::runs_store::{Listing, RunsStore};
use leptos::prelude::*;
use leptos::task::spawn_local;
use source::dialect::studio::{self, path::RunsQuery};
use std::cell::Cell;
use std::rc::Rc;

/// How many runs are asked for.
const LIMIT: u32 = crate::state::runs_store::LISTED as u32;
/// An answer must come within this time.
const DEADLINE_MILLIS: i64 = 15_000;
/// Between two looks at the list.
const INTERVAL_MILLIS: u32 = 2_000;

/// The list being kept; dropping it stops.
pub struct RunsClient {
    _ticker: Ticker,
}

impl RunsClient {
    /// Begins: asks at once, then every two seconds, one request at a time.
    pub fn open(store: RunsStore, config: &Config) -> Self {
        let api = config.api.clone();
        let asking = Rc::new(Cell::new(false));
        let ask = move || {
            if asking.replace(true) {
                return;
            }
            let (api, asking) = (api.clone(), asking.clone());
            spawn_local(async move {
                look(store, &api).await;
                asking.set(false);
            });
        };
        ask();
        Self {
            _ticker: Ticker::every(INTERVAL_MILLIS, ask),
        }
    }
}

async fn look(store: RunsStore, api: &str) {
    let address = studio::path::runs(
        api,
        &RunsQuery {
            limit: Some(LIMIT),
            ..RunsQuery::default()
        },
    );
    let ask = Ask {
        address: &address,
        headers: &[("Accept", "application/json")],
    };
    // A backend that takes the request and never answers must not silence the list.
    let abort = Abort::new();
    let signal = abort.as_ref().map(Abort::signal);
    let _deadline = Timer::after(DEADLINE_MILLIS, move || drop(abort));
    let listing = match fetch::get(ask, signal.as_ref()).await {
        Ok(answer) if answer.head.status == 200 => {
            let (runs, problems) = studio::decode_runs(&answer.body);
            // The page may have gone meanwhile, and its signals with it.
            let known = store.runs.try_with_untracked(|known| *known == runs);
            if known == Some(false) {
                store.runs.set(runs);
            }
            match problems.first() {
                Some(problem) => {
                    Listing::Failed(format!("some runs could not be read: {}", problem.what))
                }
                None => Listing::Loaded,
            }
        }
        Ok(answer) => Listing::Failed(format!(
            "the server answered {} to {address}",
            answer.head.status
        )),
        Err(error) => Listing::Failed(format!("{error} to {address}")),
    };
    let known = store.listing.try_with_untracked(|known| *known == listing);
    if known == Some(false) {
        store.listing.set(listing);
    }
}
