//! What a person sees where `exec` was called: one line a change, colours only in a terminal.

use super::cancel::Urgency;
use super::failures::words;
use super::step::{Change, Outcome};
use std::collections::HashMap;
use std::io::{IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Writes lines with the time since the run started.
pub struct Console {
    started: Instant,
    colours: Colours,
    state: Mutex<State>,
}

#[derive(Clone, Copy, PartialEq)]
enum Colours {
    On,
    Off,
}

struct State {
    to: Box<dyn Write + Send>,
    steps: HashMap<String, Instant>,
}

/// What to write.
pub enum Line<'a> {
    /// A step began, or will begin again.
    Change(&'a str, &'a Change),
    /// A step ended.
    Ended(&'a str, &'a Outcome),
    /// The run is to end.
    Cancelling(Urgency),
    /// Anything.
    Plain(String),
}

impl Console {
    /// On standard output; with colours if that is a terminal and `NO_COLOR` is not set.
    pub fn stdout() -> Self {
        let colours = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        let colours = if colours { Colours::On } else { Colours::Off };
        Self::new(Box::new(std::io::stdout()), colours)
    }

    /// Nowhere.
    pub fn silent() -> Self {
        Self::new(Box::new(std::io::sink()), Colours::Off)
    }

    fn new(to: Box<dyn Write + Send>, colours: Colours) -> Self {
        Self {
            started: Instant::now(),
            colours,
            state: Mutex::new(State {
                to,
                steps: HashMap::new(),
            }),
        }
    }

    /// Writes one line.
    pub fn line(&self, line: &Line<'_>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let text = match line {
            Line::Change(step, change) => self.change(&mut state, step, change),
            Line::Ended(step, outcome) => self.ended(&mut state, step, outcome),
            Line::Cancelling(Urgency::Now) => self.stamp("■", "31", "killing what still runs"),
            Line::Cancelling(_) => self.stamp("■", "33", "cancelling; once more kills"),
            Line::Plain(text) => text.clone(),
        };
        // Who reads this may go away; the run goes on and is recorded all the same.
        let _unread = writeln!(state.to, "{text}").and_then(|()| state.to.flush());
    }

    fn change(&self, state: &mut State, step: &str, change: &Change) -> String {
        match change {
            Change::Started { attempt, attempts } => {
                state.steps.insert(step.to_owned(), Instant::now());
                let again = match attempt {
                    1 => String::new(),
                    attempt => format!(" (attempt {attempt} of {attempts})"),
                };
                self.stamp("▶", "36", &format!("{step}{again}"))
            }
            Change::Retrying {
                attempt,
                attempts,
                pause,
                failure,
            } => {
                let text = format!(
                    "{step}: attempt {attempt} of {attempts} failed: {}; again in {}",
                    failure.message,
                    words(*pause)
                );
                self.stamp("↻", "33", &text)
            }
        }
    }

    fn ended(&self, state: &mut State, step: &str, outcome: &Outcome) -> String {
        let took = match state.steps.remove(step) {
            Some(started) => format!(" in {}", words(started.elapsed())),
            None => String::new(),
        };
        match outcome {
            Outcome::Passed(_) => self.stamp("✓", "32", &format!("{step}{took}")),
            Outcome::Failed(failure) => {
                self.stamp("✗", "31", &format!("{step}{took}: {}", failure.message))
            }
            Outcome::Skipped(reason) => self.stamp("–", "90", &format!("{step}: {reason}")),
            Outcome::Cancelled if took.is_empty() => {
                self.stamp("■", "33", &format!("{step} did not start"))
            }
            Outcome::Cancelled => self.stamp("■", "33", &format!("{step} ended{took}")),
        }
    }

    fn stamp(&self, mark: &str, colour: &str, text: &str) -> String {
        let tenths = self.started.elapsed().as_millis() / 100;
        let time = format!("{:>4}.{} s", tenths / 10, tenths % 10);
        match self.colours {
            Colours::On => {
                format!("\u{1b}[90m{time}\u{1b}[0m \u{1b}[{colour}m{mark}\u{1b}[0m {text}")
            }
            Colours::Off => format!("{time} {mark} {text}"),
        }
    }
}
