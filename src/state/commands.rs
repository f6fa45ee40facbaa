//! Everything that can be done from anywhere on a run's page: one table, from which come the keys,
//! their list, the palette, the tips of buttons and docs/keys.md.

mod key;
mod perform;

pub use key::{Key, Keyboard, Place, Press};
pub use perform::{is_possible, perform};

use crate::state::selection::Tab;
use key::{chord, plain, shifted};

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// Play or pause.
    TogglePlay,
    /// To the end, and stay with it.
    Follow,
    /// To the first instant.
    ToStart,
    /// To the last.
    ToEnd,
    /// To the next event of any node.
    NextEvent,
    /// To the one before.
    PreviousEvent,
    /// To the selected node's next event.
    NextOfNode,
    /// To the one before.
    PreviousOfNode,
    /// To the next failure.
    NextFailure,
    /// To the one before.
    PreviousFailure,
    /// To the first.
    FirstFailure,
    /// To the next stretch in which nothing was recorded.
    NextGap,
    /// To the one before.
    PreviousGap,
    /// The next speed offered.
    Faster,
    /// The one before.
    Slower,
    /// The whole run in 30 s.
    Fit,
    /// To where something happens again.
    SkipQuiet,
    /// Whether quiet stretches are skipped.
    ToggleSkips,
    /// Mark from here.
    MarkFrom,
    /// Mark up to here.
    MarkTo,
    /// Mark nothing.
    Unmark,
    /// Whether what is marked is repeated.
    ToggleLoop,
    /// Show a panel.
    Show(Tab),
    /// Select no step.
    Deselect,
    /// To the search field.
    Search,
    /// Whether updates are paused.
    TogglePause,
    /// Fetch everything again.
    Refresh,
    /// Copy a link to what is shown.
    CopyLink,
    /// Open the palette.
    Palette,
    /// Open the list of runs.
    SwitchRun,
    /// Open the list of keys.
    Keys,
}

/// Under which heading a command is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Where the playhead goes.
    Moving,
    /// How playing goes.
    Playing,
    /// What is looked at.
    Looking,
    /// The rest.
    Page,
}

impl Group {
    /// All, in order.
    pub const ALL: [Self; 4] = [Self::Moving, Self::Playing, Self::Looking, Self::Page];

    /// The heading.
    pub fn label(self) -> &'static str {
        match self {
            Self::Moving => "Moving in time",
            Self::Playing => "Playing",
            Self::Looking => "Looking",
            Self::Page => "The page",
        }
    }
}

/// A command.
#[derive(Clone, Copy, Debug)]
pub struct Command {
    /// What is done.
    pub act: Act,
    /// What it is called.
    pub name: &'static str,
    /// The keys that do it.
    pub keys: &'static [Key],
    /// Whether a key that is held does it again and again.
    pub repeats: bool,
    /// Where it is listed.
    pub group: Group,
}

const fn once(act: Act, name: &'static str, keys: &'static [Key], group: Group) -> Command {
    Command {
        act,
        name,
        keys,
        repeats: false,
        group,
    }
}

const fn again(act: Act, name: &'static str, keys: &'static [Key], group: Group) -> Command {
    Command {
        repeats: true,
        ..once(act, name, keys, group)
    }
}

use Group::{Looking, Moving, Page, Playing};

/// The table.
pub const COMMANDS: [Command; 34] = [
    once(
        Act::TogglePlay,
        "Play or pause",
        &[plain(" "), plain("k")],
        Playing,
    ),
    once(
        Act::Follow,
        "Go live: to the end, and stay with it",
        &[plain("l")],
        Moving,
    ),
    once(Act::ToStart, "To the start", &[plain("a")], Moving),
    once(Act::ToEnd, "To the end", &[plain("z")], Moving),
    again(Act::NextEvent, "Next event", &[plain(".")], Moving),
    again(Act::PreviousEvent, "Previous event", &[plain(",")], Moving),
    again(
        Act::NextOfNode,
        "Next event of the selected step",
        &[plain("n")],
        Moving,
    ),
    again(
        Act::PreviousOfNode,
        "Previous event of the selected step",
        &[shifted("n")],
        Moving,
    ),
    once(Act::FirstFailure, "First failure", &[plain("f")], Moving),
    again(Act::NextFailure, "Next failure", &[plain("e")], Moving),
    again(
        Act::PreviousFailure,
        "Previous failure",
        &[shifted("e")],
        Moving,
    ),
    again(
        Act::NextGap,
        "Next gap: nothing was recorded, or entries are missing",
        &[plain("g")],
        Moving,
    ),
    again(Act::PreviousGap, "Previous gap", &[shifted("g")], Moving),
    once(
        Act::SkipQuiet,
        "Skip to where something happens",
        &[plain("s")],
        Moving,
    ),
    again(Act::Faster, "Faster", &[plain(">")], Playing),
    again(Act::Slower, "Slower", &[plain("<")], Playing),
    once(
        Act::Fit,
        "Play the whole run in 30 s",
        &[plain("r")],
        Playing,
    ),
    once(
        Act::ToggleSkips,
        "Skip quiet stretches, or play them",
        &[plain("q")],
        Playing,
    ),
    once(Act::MarkFrom, "Mark from here", &[plain("i")], Playing),
    once(Act::MarkTo, "Mark up to here", &[plain("o")], Playing),
    once(
        Act::ToggleLoop,
        "Repeat what is marked, or play on",
        &[shifted("l")],
        Playing,
    ),
    once(Act::Unmark, "Mark nothing", &[plain("u")], Playing),
    once(Act::Show(Tab::Logs), "Show logs", &[plain("1")], Looking),
    once(
        Act::Show(Tab::Terminal),
        "Show the terminal",
        &[plain("2")],
        Looking,
    ),
    once(
        Act::Show(Tab::Agent),
        "Show the agent",
        &[plain("3")],
        Looking,
    ),
    once(
        Act::Show(Tab::Inspector),
        "Show the inspector",
        &[plain("4")],
        Looking,
    ),
    once(Act::Deselect, "Select no step", &[plain("d")], Looking),
    once(Act::Search, "Search this run", &[plain("/")], Looking),
    once(
        Act::TogglePause,
        "Pause or resume updates",
        &[plain("p")],
        Page,
    ),
    once(Act::Refresh, "Refresh: fetch everything again", &[], Page),
    once(
        Act::CopyLink,
        "Copy link to this moment",
        &[plain("y")],
        Page,
    ),
    once(
        Act::Palette,
        "Find steps, moments and commands",
        &[chord("k")],
        Page,
    ),
    once(Act::SwitchRun, "Switch to another run", &[plain("w")], Page),
    once(Act::Keys, "Keyboard shortcuts", &[plain("?")], Page),
];

/// The command that does it.
pub fn command(act: Act) -> &'static Command {
    let found = COMMANDS.iter().find(|command| command.act == act);
    // A test holds that every act is in the table.
    found.unwrap_or(&COMMANDS[0])
}

/// What a button's tip says: the command's name, and its keys.
pub fn tip(act: Act, keyboard: Keyboard) -> String {
    let command = command(act);
    let keys: Vec<_> = command.keys.iter().map(|key| key.label(keyboard)).collect();
    match keys.is_empty() {
        true => command.name.to_owned(),
        false => format!("{} ({})", command.name, keys.join(" or ")),
    }
}

/// What a press of keys does, where it does anything. `letters`: whether keys without Ctrl or
/// Command do anything at all; who speaks to their computer may not want that.
pub fn pressed(press: &Press, letters: bool) -> Option<Act> {
    let command = COMMANDS
        .iter()
        .find(|command| command.keys.iter().any(|key| key.is(press)))?;
    let key = command.keys.iter().find(|key| key.is(press))?;
    let wanted = (letters || key.is_chord()) && (command.repeats || !press.repeat);
    (wanted && press.reaches(key)).then_some(command.act)
}

/// Keys that a part of the page has for itself while it has the focus: where, keys, what they do.
pub const ELSEWHERE: [(&str, &str, &str); 12] = [
    ("Steps", "↑ ↓ Home End", "Select a step"),
    ("Run graph", "↑ ↓ ← →", "Move the graph"),
    ("Run graph", "+ − 0", "Zoom in, out, fit"),
    (
        "Playhead",
        "← → PgUp PgDn",
        "Move by a hundredth, a tenth of the run",
    ),
    ("Playhead", "Home End", "To the start, to the end"),
    (
        "Timeline",
        "W S, + −, 0",
        "Show less time, more, the whole run",
    ),
    ("Timeline", "A D", "Move in time"),
    (
        "Timeline",
        "↑ ↓ Home End, Enter",
        "Walk the rows, select a step",
    ),
    (
        "Timeline",
        "← →",
        "Close and open a group or a step's attempts",
    ),
    (
        "Timeline",
        "V C Esc",
        "Show what is marked, mark the critical path, mark nothing",
    ),
    (
        "View, View from, View to",
        "← → PgUp PgDn Home End",
        "Move what is in view, or an edge of it",
    ),
    ("Panels", "← → Home End", "Another panel"),
];

/// docs/keys.md, but for its beginning.
#[cfg(test)]
fn as_markdown() -> String {
    let mut text = String::new();
    for group in Group::ALL {
        text.push_str(&format!(
            "\n## {}\n\n| keys | do |\n|---|---|\n",
            group.label()
        ));
        for command in COMMANDS.iter().filter(|command| command.group == group) {
            let keys: Vec<_> = command
                .keys
                .iter()
                .map(|key| format!("`{}`", key.label(Keyboard::Pc)))
                .collect();
            let keys = if keys.is_empty() {
                "palette".to_owned()
            } else {
                keys.join(", ")
            };
            text.push_str(&format!("| {keys} | {} |\n", command.name));
        }
    }
    text.push_str(
        "\n## While a part of the page has the focus\n\n| part | keys | do |\n|---|---|---|\n",
    );
    for (place, keys, what) in ELSEWHERE {
        text.push_str(&format!("| {place} | {keys} | {what} |\n"));
    }
    text
}

#[cfg(test)]
#[path = "commands/tests.rs"]
mod tests;
