//! One run on the page: its journal, the playhead, and what follows from the two.

use crate::dom::clock;
use crate::state::deck::Deck;
use crate::state::extent::{extent, frozen_extent};
use crate::state::link::{Backend, ConnectionCommand, LinkStatus};
use crate::state::signs::Expired;
use crate::state::work::Work;
use leptos::prelude::*;
use model::item::Item;
use model::playhead::{Extent, Playhead};
use model::{Appended, Journal, Millis, Problem, RunState, RunStatus};
use source::connection::{Badge, Trouble};
use std::sync::Arc;

/// Updates are paused: the view ends here, while recording goes on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frozen {
    /// The last instant shown.
    pub end: Millis,
    /// How many records were held then.
    pub records: usize,
    /// How many log lines were shown then.
    pub log_lines: usize,
    /// Whether the run went on then.
    pub growing: bool,
}

/// From an artifact's id.
type ArtifactAddress = Box<dyn Fn(&str) -> Option<String>>;

/// What the client does for the page on request.
pub struct Services {
    /// Asks something of the connection.
    pub command: Box<dyn Fn(ConnectionCommand)>,
    /// The address an artifact is downloaded from, where there is one.
    pub artifact_address: ArtifactAddress,
}

/// Everything the panels read. A handle: copying it copies nothing.
#[derive(Clone, Copy)]
pub struct RunStore {
    id: StoredValue<String>,
    journal: StoredValue<Journal>,
    /// Counts the changes that are shown: it stands still while updates are paused.
    revision: RwSignal<u64>,
    /// Counts all of them.
    pub(super) arrivals: RwSignal<u64>,
    /// Now, by the server's clock, as of the last tick.
    clock: RwSignal<i64>,
    clock_offset: StoredValue<i64>,
    pub(super) link: RwSignal<LinkStatus>,
    pub(super) last_trouble: RwSignal<Option<Trouble>>,
    pub(super) backend: RwSignal<Option<Backend>>,
    pub(super) expired: RwSignal<Expired>,
    frozen: RwSignal<Option<Frozen>>,
    services: StoredValue<Option<Services>, LocalStorage>,
    pub(super) playhead: RwSignal<Playhead>,
    pub(super) speed: RwSignal<f64>,
    /// How playing goes.
    pub deck: Deck,
    pub(super) wanted: StoredValue<Option<i64>>,
    extent: Memo<Extent>,
    at: Memo<Millis>,
    state: Memo<Arc<RunState>>,
    /// How the run stands at its end: a seek leaves it as it is.
    pub(super) latest: Memo<RunStatus>,
    work: Work,
}

/// What a [`RunState`] depends on beside the journal itself: while it stays, so does the state.
#[derive(Clone, Copy, PartialEq)]
struct Moment {
    revision: u64,
    events: usize,
    statuses: usize,
    human_inputs: usize,
    started: bool,
}

impl RunStore {
    /// An empty store for a run.
    pub fn new(id: &str) -> Self {
        let journal = StoredValue::new(Journal::default());
        let revision = RwSignal::new(0);
        let clock = RwSignal::new(clock::now_millis());
        let link = RwSignal::new(LinkStatus::idle());
        let frozen: RwSignal<Option<Frozen>> = RwSignal::new(None);
        let playhead = RwSignal::new(Playhead::Following);
        let speed = RwSignal::new(1.0);
        let clock_offset = StoredValue::new(0);
        let extent = Memo::new(move |_| {
            revision.track();
            if let Some(frozen) = frozen.get() {
                let start = journal.with_value(Journal::start).unwrap_or_default();
                return frozen_extent(frozen, start, speed.get());
            }
            let heard = link.with(|link| match link.is_fresh() {
                true => Some(clock.get()),
                false => link.heard_at.map(|heard| heard + clock_offset.get_value()),
            });
            let over = link.with(|link| link.badge() == Badge::Ended);
            let known = journal.with_value(|journal| extent(journal, heard, speed.get()));
            Extent {
                // A recording may break off without an end: nothing more comes all the same.
                growing: known.growing && !over,
                ..known
            }
        });
        let at = Memo::new(move |_| playhead.get().at(&extent.get()));
        let moment = Memo::new(move |_| {
            let (revision, at) = (revision.get(), at.get());
            journal.with_value(|journal| Moment {
                revision,
                events: journal.events_upto(at).len(),
                statuses: journal
                    .statuses()
                    .partition_point(|update| update.stamp.at <= at),
                human_inputs: journal.human_inputs_upto(at).len(),
                started: journal.start().is_some_and(|start| at >= start),
            })
        });
        let state = Memo::new_with_compare(
            move |_| {
                // Reading subscribes; `track` alone would leave a memo that was never read without sources.
                moment.get();
                Arc::new(journal.with_value(|journal| RunState::at(journal, at.get_untracked())))
            },
            |before: Option<&Arc<RunState>>, now: Option<&Arc<RunState>>| match (before, now) {
                (Some(before), Some(now)) => !Arc::ptr_eq(before, now),
                _ => true,
            },
        );
        let latest = Memo::new(move |_| {
            revision.track();
            let end = extent.get_untracked().end;
            journal.with_value(|journal| RunState::at(journal, end).status)
        });
        Self {
            id: StoredValue::new(id.to_owned()),
            journal,
            revision,
            arrivals: RwSignal::new(0),
            clock,
            clock_offset,
            link,
            last_trouble: RwSignal::new(None),
            backend: RwSignal::new(None),
            expired: RwSignal::new(Expired::default()),
            frozen,
            services: StoredValue::new_local(None),
            playhead,
            speed,
            deck: Deck::new(),
            wanted: StoredValue::new(None),
            extent,
            at,
            state,
            latest,
            work: Work::new(),
        }
    }

    /// The run's id, as the page's address says it.
    pub fn id(&self) -> String {
        self.id.get_value()
    }

    /// Reads the journal; runs again whenever it has grown for the eye: not behind a pause.
    pub fn journal<T>(&self, read: impl FnOnce(&Journal) -> T) -> T {
        self.revision.track();
        self.journal.with_value(read)
    }

    /// Reads the journal; runs again whenever it grows, behind a pause too.
    pub fn recorded<T>(&self, read: impl FnOnce(&Journal) -> T) -> T {
        self.arrivals.track();
        self.journal.with_value(read)
    }

    /// Reads the journal once.
    pub fn journal_untracked<T>(&self, read: impl FnOnce(&Journal) -> T) -> T {
        self.journal.with_value(read)
    }

    /// Whether any data has come.
    pub fn is_loaded(&self) -> bool {
        self.journal(|journal| journal.start().is_some())
    }

    /// First and last instant of what can be shown.
    pub fn extent(&self) -> Extent {
        self.extent.get()
    }

    /// The instant shown.
    pub fn at(&self) -> Millis {
        self.at.get()
    }

    /// Milliseconds from the run's start to the instant shown.
    pub fn t(&self) -> i64 {
        (self.at() - self.extent().start).0
    }

    /// The run at the instant shown.
    pub fn state(&self) -> Arc<RunState> {
        self.state.get()
    }

    /// How the playhead stands.
    pub fn playhead(&self) -> Playhead {
        self.playhead.get()
    }

    /// The connection as shown.
    pub fn link(&self) -> LinkStatus {
        self.link.get()
    }

    /// Now by the browser's clock, as of the last tick (one a second).
    pub fn local_now(&self) -> i64 {
        self.clock.get() - self.clock_offset.get_value()
    }

    /// Whether updates are paused, and since when.
    pub fn frozen(&self) -> Option<Frozen> {
        self.frozen.get()
    }

    /// What is at hand.
    pub fn work(&self) -> Work {
        self.work
    }

    /// Asks something of the connection; pausing freezes what is shown.
    pub fn command(&self, command: ConnectionCommand) {
        match command {
            ConnectionCommand::PauseUpdates => {
                let Extent { end, growing, .. } = self.extent.get_untracked();
                let records = self.journal_untracked(Journal::records);
                self.frozen.set(Some(Frozen {
                    end,
                    records,
                    log_lines: self.journal_untracked(|journal| journal.logs().upto(end)),
                    growing,
                }));
            }
            ConnectionCommand::ResumeUpdates => {
                self.frozen.set(None);
                self.revision.update(|revision| *revision += 1);
            }
            _ => {}
        }
        self.services.with_value(|services| {
            if let Some(services) = services {
                (services.command)(command);
            }
        });
    }

    /// The address an artifact is downloaded from.
    pub fn artifact_address(&self, id: &str) -> Option<String> {
        self.services
            .with_value(|services| (services.as_ref()?.artifact_address)(id))
    }

    /// Whether there is somebody to ask: nobody where the run is read from a file.
    pub fn has_services(&self) -> bool {
        self.services.with_value(Option::is_some)
    }

    /// For the client: what it does on request.
    pub fn provide(&self, services: Option<Services>) {
        self.services.set_value(services);
    }

    /// For the client: takes in what a source brought. Nothing is drawn here; one revision tells all.
    pub fn take(&self, items: Vec<Item>, problems: Vec<Problem>) -> Appended {
        if items.is_empty() && problems.is_empty() {
            return Appended::default();
        }
        let noted = !problems.is_empty();
        let appended = self.load(items, problems);
        if appended.fresh > 0 || appended.dropped > 0 || noted {
            self.arrivals.update(|arrivals| *arrivals += 1);
            if self.frozen.with_untracked(Option::is_none) {
                self.revision.update(|revision| *revision += 1);
            }
            self.settle_wanted();
        }
        appended
    }

    /// For the client: as [`Self::take`], but shown only with [`Self::loaded`]: a long file is read
    /// in hundreds of pieces, and nobody wants to see the page drawn for each.
    pub fn load(&self, items: Vec<Item>, problems: Vec<Problem>) -> Appended {
        let now = Millis(clock::now_millis() + self.clock_offset.get_value());
        let appended = self.journal.try_update_value(|journal| {
            journal.note_problems(now, problems);
            let appended = journal.append(items);
            journal.note_problems(now, full(appended.dropped));
            appended
        });
        appended.unwrap_or_default()
    }

    /// For the client: shows what was loaded, under the id that it says itself.
    pub fn loaded(&self) {
        let id = self.journal_untracked(|journal| journal.info().id.clone());
        if !id.is_empty() {
            self.id.set_value(id);
        }
        self.arrivals.update(|arrivals| *arrivals += 1);
        self.revision.update(|revision| *revision += 1);
        self.settle_wanted();
    }

    /// For the client: everything comes again, from a server that may have lost some of it.
    pub fn begin_refetch(&self) {
        self.journal.update_value(Journal::begin_refetch);
    }

    /// For the client: everything came; how many records that were held did not.
    pub fn end_refetch(&self) -> u64 {
        self.journal
            .try_update_value(Journal::end_refetch)
            .unwrap_or_default()
    }

    /// For the client: the source numbers its events, so a number that never came is one missing.
    pub fn count_events(&self) {
        self.journal.update_value(Journal::count_events);
    }

    /// For the client: how many entries the numbers of others show to be missing.
    pub fn missing(&self) -> u64 {
        self.journal_untracked(|journal| journal.missing().total())
    }

    /// For the client: how the connection stands.
    pub fn set_link(&self, link: LinkStatus) {
        let told = self.link.with_untracked(|known| {
            LinkStatus {
                heard_at: known.heard_at,
                ..link.clone()
            } == *known
        });
        if told && link.is_fresh() {
            // Heard again, as expected: nobody redraws for that. What tells the age looks at each tick.
            self.link.maybe_update(|known| {
                known.heard_at = link.heard_at;
                false
            });
            return;
        }
        if self.link.with_untracked(|known| *known != link) {
            if link.trouble.is_some() {
                self.last_trouble.set(link.trouble.clone());
            }
            self.link.set(link);
        }
    }

    /// For the client: the server's clock minus ours.
    pub fn set_clock_offset(&self, millis: i64) {
        self.clock_offset.set_value(millis);
    }

    /// For the client: the server's clock minus ours, as far as that is known.
    pub fn clock_offset(&self) -> i64 {
        self.clock_offset.get_value()
    }

    /// For the client: a second has passed.
    pub fn tick(&self) {
        let now = clock::now_millis() + self.clock_offset.get_value();
        if self.clock.get_untracked() != now {
            self.clock.set(now);
        }
    }
}

/// What did not fit is said, not hidden.
fn full(dropped: usize) -> Option<Problem> {
    (dropped > 0).then(|| Problem {
        place: "page".into(),
        what: format!("{dropped} records were not kept: the page holds at most 1 GiB of log text, and no output of an unnamed step").into(),
        excerpt: "".into(),
    })
}
