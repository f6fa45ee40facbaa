//! Keeps the list of runs up to date while it is on the page.

use crate::client::config::Config;
use crate::dom::fetch::{self, Abort, Ask};
use crate::dom::timer::{Ticker, Timer};
use crate::state::runs_store::{self, RunsStore};
use leptos::prelude::*;
use leptos::task::spawn_local;
use source::conversation::{Listing, Listings};
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
        let listings = Listings::new(config.dialect, &config.api);
        let asking = Rc::new(Cell::new(false));
        let ask = move || {
            if asking.replace(true) {
                return;
            }
            let (listings, asking) = (listings.clone(), asking.clone());
            spawn_local(async move {
                look(store, &listings).await;
                asking.set(false);
            });
        };
        ask();
        Self {
            _ticker: Ticker::every(INTERVAL_MILLIS, ask),
        }
    }
}

async fn look(store: RunsStore, listings: &Listings) {
    let address = listings.address(LIMIT);
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
            let Listing { runs, problems } = listings.read(&answer.body);
            // The page may have gone meanwhile, and its signals with it.
            let known = store.runs.try_with_untracked(|known| *known == runs);
            if known == Some(false) {
                store.runs.set(runs);
            }
            match problems.first() {
                Some(problem) => runs_store::Listing::Failed(format!(
                    "some runs could not be read: {}",
                    problem.what
                )),
                None => runs_store::Listing::Loaded,
            }
        }
        Ok(answer) => runs_store::Listing::Failed(listings.refusal(
            &address,
            answer.head.status,
            &answer.body,
        )),
        Err(error) => runs_store::Listing::Failed(format!("{error} to {address}")),
    };
    let known = store.listing.try_with_untracked(|known| *known == listing);
    if known == Some(false) {
        store.listing.set(listing);
    }
}
