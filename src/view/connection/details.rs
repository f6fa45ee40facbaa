//! The connection's details: everything that is known of it, for who wonders. Opened from either badge.

use crate::state::RunStore;
use crate::state::reactive::Memo;
use crate::state::time::local_date_time;
use crate::view::connection::problems::ProblemList;
use crate::view::connection::words::{self, age, count};
use crate::view::parts::icon::{Icon, IconView};
use crate::view::parts::live::{live, on, showing, words};
use crate::view::parts::missing::missing_note;
use crate::view::parts::text::visible;
use leptos::html;
use leptos::prelude::*;
use model::channel::terminal::TerminalStream;
use model::missing::Track;
use source::connection::{Badge, State};

/// What the badges' buttons open.
pub const ID: &str = "connection-details";

/// Tracks that are listed; more are counted.
const LISTED: usize = 50;

/// The panel: the browser opens it in front of everything, takes the focus there, closes it with
/// Escape or a press outside, and gives the focus back. Closed it holds nothing.
#[component]
pub fn ConnectionDetails(store: RunStore, panel: NodeRef<html::Div>) -> impl IntoView {
    let open = RwSignal::new(false);
    let toggled = move |_| {
        let shown = panel
            .get_untracked()
            .is_some_and(|panel| panel.matches(":popover-open").unwrap_or(false));
        open.set(shown);
    };
    view! {
        <div
            class="details"
            id=ID
            role="dialog"
            aria-label="Connection details"
            tabindex="-1"
            popover="auto"
            autofocus
            node_ref=panel
            on:toggle=on(toggled)
            // The page's own keys are not meant while one reads here.
            on:keydown=|event| event.stop_propagation()
        >
            <div class="details__head">
                <h2>"Connection"</h2>
                <button class="button button--quiet button--icon" aria-label="Close" popovertarget=ID popovertargetaction="hide">
                    <IconView icon=Icon::Cross />
                </button>
            </div>
            {showing(move || open.get(), move || view! { <Body store /> })}
        </div>
    }
}

#[component]
fn Body(store: RunStore) -> impl IntoView {
    let sentence = Memo::new(move |_| words::sentence(&store.link()));
    let row = |name: &'static str, value: Memo<String>| view! { <dt>{name}</dt><dd class="numbers">{live(move || value.get())}</dd> };
    let badge = Memo::new(move |_| store.link().badge());
    view! {
        <p class="details__state" data-connection=words(move || badge.get().key())>
            <strong>{live(move || badge.get().to_string())}</strong> " " {live(move || sentence.get())}
        </p>
        <dl class="facts">
            {row("Transport", Memo::new(move |_| words::transport(&store.link()).to_owned()))}
            {row("Attempts", Memo::new(move |_| attempts(&store)))}
            {row("Last heard", Memo::new(move |_| heard(&store)))}
            {row("Data as of", Memo::new(move |_| data_as_of(&store)))}
            {row("Backend", Memo::new(move |_| backend(&store)))}
            {row("Records", Memo::new(move |_| records(&store)))}
            {row("Last trouble", Memo::new(move |_| trouble(&store)))}
            {row("Missing", Memo::new(move |_| missing(&store)))}
        </dl>
        <MissingList store />
        <ProblemList store />
    }
}

fn attempts(store: &RunStore) -> String {
    let (link, backend) = (store.link(), store.backend());
    let next = link
        .retry_at
        .map(|at| format!("in {} s", words::seconds_until(at, store.local_now())));
    let all = backend.map_or(0, |backend| backend.attempts);
    match (words::attempt(&link), next) {
        (Some(attempt), Some(next)) => format!("{attempt}, {next}"),
        (Some(attempt), None) => format!("{attempt}, under way"),
        (None, Some(next)) => format!("the next {next}"),
        (None, None) if all > 0 => {
            format!("none needed now; a lost stream is tried {all} times before polling")
        }
        (None, None) => "none needed now".to_owned(),
    }
}

fn heard(store: &RunStore) -> String {
    match store.link().heard_at {
        Some(at) => ago(at, store.local_now()),
        None => "nothing yet".to_owned(),
    }
}

fn data_as_of(store: &RunStore) -> String {
    let link = store.link();
    match (store.stale_for(), link.heard_at) {
        (Some(_), Some(at)) => ago(at, store.local_now()),
        _ if link.beneath() == Badge::Ended => "the run's end".to_owned(),
        _ if matches!(link.state, State::Paused { .. }) => {
            "the moment updates were paused".to_owned()
        }
        (_, None) => "nothing yet".to_owned(),
        _ => "now".to_owned(),
    }
}

fn backend(store: &RunStore) -> String {
    match store.backend() {
        None => String::new(),
        Some(backend) => {
            let name = backend
                .name
                .as_deref()
                .map_or_else(|| "this server".into(), visible);
            format!("{name}, speaking {}", backend.dialect)
        }
    }
}

fn records(store: &RunStore) -> String {
    let held = store.recorded(|journal| count(journal.records(), "record held", "records held"));
    match store.frozen() {
        Some(_) => format!("{held}, {} of them behind the pause", store.waiting()),
        None => held,
    }
}

fn trouble(store: &RunStore) -> String {
    let Some(trouble) = store.last_trouble() else {
        return "none".to_owned();
    };
    let over = match store.link().trouble {
        Some(_) => "",
        None => "; gone right since",
    };
    let when = ago(trouble.at, store.local_now());
    format!("{} ({when}{over})", visible(&trouble.to_string()))
}

fn missing(store: &RunStore) -> String {
    let never = store.recorded(|journal| journal.missing().total());
    let expired = store.expired();
    let entries = |number: u64| {
        count(
            usize::try_from(number).unwrap_or(usize::MAX),
            "entry",
            "entries",
        )
    };
    let mut parts = Vec::new();
    if never > 0 {
        parts.push(format!("{} expired or never sent", entries(never)));
    }
    if expired.count > 0 {
        let when = ago(expired.noticed_at, store.local_now());
        parts.push(format!(
            "{} expired on the server and still shown here (noticed {when})",
            entries(expired.count)
        ));
    }
    match parts.is_empty() {
        true => "nothing that is known of".to_owned(),
        false => parts.join("; "),
    }
}

/// What is missing, by channel and node.
#[component]
fn MissingList(store: RunStore) -> impl IntoView {
    let lines = Memo::new(move |_| missing_lines(&store));
    view! {
        {showing(move || lines.with(|lines| !lines.is_empty()), move || view! { <ul class="details__missing numbers" aria-label="Missing entries">
                {live(move || lines.get().into_iter().map(|line| view! { <li>{line}</li> }).collect_view())}
            </ul> })}
    }
}

fn missing_lines(store: &RunStore) -> Vec<String> {
    store.recorded(|journal| {
        let label = |node| {
            let node = journal.graph().node(node);
            node.map(|node| visible(&node.label).into_owned())
                .unwrap_or_default()
        };
        let line = |(track, numbers): (Track, &model::missing::Numbers)| {
            let (place, nouns) = match track {
                Track::Events => ("Events of the run".to_owned(), ("event", "events")),
                Track::Terminal(node, stream) => (
                    format!("Terminal of {} ({})", label(node), stream_word(stream)),
                    ("chunk", "chunks"),
                ),
                Track::Agent(id) => {
                    let run = journal.agents().runs().find(|run| run.id == id);
                    let name = run.map_or_else(|| visible(&id).into_owned(), |run| label(run.node));
                    (format!("Agent of {name}"), ("part", "parts"))
                }
            };
            Some(format!("{place}: {}", missing_note(numbers, nouns)?))
        };
        let mut tracks = journal.missing().incomplete();
        let mut lines: Vec<String> = tracks.by_ref().take(LISTED).filter_map(line).collect();
        let more = tracks.count();
        if more > 0 {
            lines.push(format!("… and {more} more"));
        }
        lines
    })
}

fn stream_word(stream: TerminalStream) -> &'static str {
    match stream {
        TerminalStream::Pty => "pty",
        TerminalStream::Stdout => "stdout",
        TerminalStream::Stderr => "stderr",
    }
}

/// An instant of the browser's clock, relative and absolute.
fn ago(at: i64, now: i64) -> String {
    format!("{} ago, {}", age(now - at), local_date_time(at))
}
