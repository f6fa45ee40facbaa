//! Scripts drawn as text. One line a moment:
//!
//! ```text
//! 0.1  full ok   → open · Reconnecting
//! ^    ^           ^      ^ the badge; with the attempt and the countdown while waiting
//! |    |           what the machine asks for, timers left out
//! |    what happens; in parentheses, a timer that went off by itself
//! seconds
//! ```
//!
//! Polls that change nothing are drawn as `… n polls`.

use source::connection::{Answer, Closed, Input, Policy, State, TimerId};

use crate::sim::{Deltas, Sim, broken, failure, rejection};

/// Plays the script and expects the machine to do as drawn.
#[track_caller]
pub fn check(policy: Policy, script: &str) {
    let policy = Policy {
        jitter: 0.0,
        ..policy
    };
    let mut player = Player {
        sim: Sim::new(policy),
        drawn: Vec::new(),
        polls: 0,
        asleep: false,
    };
    let lines: Vec<String> = script
        .lines()
        .map(|line| words(line).join(" "))
        .filter(|line| !line.is_empty())
        .collect();
    for line in &lines {
        let moment = line.split('→').next().unwrap();
        if let Some((seconds, what)) = moment.trim().split_once(' ')
            && !what.starts_with('(')
            && seconds != "…"
        {
            player.play(
                (seconds.parse::<f64>().unwrap() * 1_000.0).round() as i64,
                what,
            );
        }
    }
    player.flush_polls();
    let (drawn, expected) = (player.drawn.join("\n"), lines.join("\n"));
    assert!(
        drawn == expected,
        "expected\n{expected}\n\nbut the machine did\n{drawn}\n"
    );
}

fn words(line: &str) -> Vec<&str> {
    line.split_whitespace().collect()
}

struct Player {
    sim: Sim,
    drawn: Vec<String>,
    polls: usize,
    asleep: bool,
}

impl Player {
    fn play(&mut self, at: i64, what: &str) {
        // In a sleep nothing fires: whatever was due comes after what wakes the page.
        let woken = std::mem::replace(&mut self.asleep, what == "sleep until");
        if !woken && !self.asleep {
            while let Some((timer, due)) = self.sim.next_timer()
                && due <= at
            {
                let before = self.state();
                let asked = self.sim.fire(timer);
                let quiet = self.state() == before;
                if timer == TimerId::Poll && quiet && self.sim.deltas == Deltas::Ok {
                    self.polls += 1;
                } else if !asked.is_empty() || !quiet {
                    self.draw(&format!("({timer:?})"), &asked);
                }
            }
        }
        self.sim.now = at;
        let asked = self.act(what);
        self.draw(what, &asked);
    }

    fn draw(&mut self, what: &str, asked: &[&str]) {
        self.flush_polls();
        let seconds = self.sim.now as f64 / 1_000.0;
        let asked = if asked.is_empty() {
            String::new()
        } else {
            format!("{} ", asked.join(" "))
        };
        self.drawn
            .push(format!("{seconds:.1} {what} → {asked}· {}", self.state()));
    }

    fn flush_polls(&mut self) {
        if self.polls > 0 {
            self.drawn
                .push(format!("… {} polls", std::mem::take(&mut self.polls)));
        }
    }

    fn state(&self) -> String {
        let state = self.sim.connection.state(self.sim.now);
        let badge = state.badge();
        match state {
            State::Waiting { attempt, until } => {
                format!("{badge} #{attempt} at {:.1}", until as f64 / 1_000.0)
            }
            State::Paused { beneath } => format!("{badge} ({beneath})"),
            _ => badge.to_string(),
        }
    }

    fn act(&mut self, what: &str) -> Vec<&'static str> {
        let (what, retry_after_ms) = match what.split_once(" after ") {
            Some((what, seconds)) => (what, Some(seconds.parse::<i64>().unwrap() * 1_000)),
            None => (what, None),
        };
        let input = match what {
            "open" => Input::Open,
            "leave" => Input::Close,
            "stream ok" => Input::StreamOpened {
                generation: self.sim.stream.unwrap(),
            },
            "frame" | "comment" => Input::StreamItem {
                generation: self.sim.stream.unwrap(),
            },
            "complete" => Input::StreamComplete {
                generation: self.sim.stream.unwrap(),
            },
            "eof" => Input::StreamClosed {
                generation: self.sim.stream.unwrap(),
                reason: Closed::Eof,
            },
            "reset" => Input::StreamClosed {
                generation: self.sim.stream.unwrap(),
                reason: broken(),
            },
            "stream html" => Input::StreamRejected {
                generation: self.sim.stream.unwrap(),
                rejection: rejection(Answer::ContentType("text/html".to_owned()), None),
            },
            "no room" => Input::StreamRejected {
                generation: self.sim.stream.unwrap(),
                rejection: rejection(Answer::NoRoom, None),
            },
            "run ended" => Input::RunEnded,
            "run reopened" => Input::RunReopened,
            "gap" => Input::GapFound,
            "pause" => Input::PauseUpdates,
            "resume" => Input::ResumeUpdates,
            "refresh" => Input::Refresh,
            "retry" => Input::RetryConnection,
            "online" => Input::Online,
            "offline" => Input::Offline,
            "visible" => Input::Visible,
            "hidden" => Input::Hidden,
            "page shown" => Input::PageShow,
            "look" | "sleep until" => return Vec::new(),
            "deltas work" => return self.answer_deltas(Deltas::Ok),
            "deltas hang" => return self.answer_deltas(Deltas::Manual),
            _ => match words(what)[..] {
                ["deltas", status] => {
                    return self.answer_deltas(Deltas::Status(status.parse().unwrap()));
                }
                ["retry:", millis] => Input::StreamRetry {
                    generation: self.sim.stream.unwrap(),
                    millis: millis.parse().unwrap(),
                },
                ["stream", status] => Input::StreamRejected {
                    generation: self.sim.stream.unwrap(),
                    rejection: rejection(Answer::Status(status.parse().unwrap()), retry_after_ms),
                },
                [kind, answer] => {
                    let slot = if kind == "full" {
                        self.sim.full
                    } else {
                        self.sim.delta
                    };
                    let generation = slot.unwrap_or_else(|| panic!("no {kind} is under way"));
                    match answer {
                        "ok" => Input::FetchDone { generation },
                        "progress" => Input::FetchProgress { generation },
                        "down" => Input::FetchFailed {
                            generation,
                            failure: failure(None, None),
                        },
                        status => Input::FetchFailed {
                            generation,
                            failure: failure(Some(status.parse().unwrap()), retry_after_ms),
                        },
                    }
                }
                _ => panic!("no such happening: {what}"),
            },
        };
        self.sim.input(input)
    }

    fn answer_deltas(&mut self, deltas: Deltas) -> Vec<&'static str> {
        self.sim.deltas = deltas;
        Vec::new()
    }
}
