//! A real Studio's manner: an endpoint a subject. A full fetch is the run, then everything at once,
//! then what that names (more pages, agents, archived terminals); a delta is what may have changed.
//! The run, its status and its trace are essential; what else cannot be had is a problem, said once.

use super::Subject;
use super::agents::Agents;
use super::known::Known;
use super::lines::Lines;
use super::taking::is_essential;
use super::terminals::Terminals;
use super::wishes::{Wish, Wishes};
use crate::conversation::{Answer, Extent, Heard, Reply, Request, StreamRequest};
use crate::dialect::studio::path::{self, StreamFrom};
use crate::dialect::studio::{Endpoint, Frames, decode_answer, decode_human_inputs};
use crate::dialect::{Batch, ResumeToken};
use contract::studio::Frame;
use contract::time::format_millis;
use model::Item;
use model::run::{RunInfo, StatusUpdate};

/// Rounds after which the lines that the stream brought are looked up in the list, which alone is
/// complete.
pub(super) const CHECK_ROUNDS: u64 = 60;
#[derive(Debug)]
pub(super) struct Plain {
    pub(super) base: String,
    pub(super) run: String,
    pub(super) from: StreamFrom,
    pub(super) frames: Frames,
    pub(super) known: Known,
    pub(super) lines: Lines,
    pub(super) terminals: Terminals,
    pub(super) agents: Agents,
    pub(super) wishes: Wishes,
    /// Of the run: where its graph is.
    pub(super) info: Option<RunInfo>,
    /// The end as the run states it, for a status that states none.
    pub(super) stated_end: Option<StatusUpdate>,
    pub(super) ended: bool,
    /// Events came since the last status frame.
    pub(super) heard_events: bool,
    /// The highest number of an event.
    pub(super) highest: u64,
    /// A worker has begun to number anew: the stream no longer tells all events.
    pub(super) renumbered: bool,
    /// How long the engine's history was in the last status frame.
    pub(super) history: Option<String>,
    /// Somebody was asked something.
    pub(super) asks: bool,
}

impl Plain {
    pub(super) fn new(base: &str, run: &str) -> Self {
        Self {
            base: base.to_owned(),
            run: run.to_owned(),
            from: StreamFrom::default(),
            frames: Frames::default(),
            known: Known::default(),
            lines: Lines::default(),
            terminals: Terminals::default(),
            agents: Agents::default(),
            wishes: Wishes::default(),
            info: None,
            stated_end: None,
            ended: false,
            heard_events: false,
            highest: 0,
            renumbered: false,
            history: None,
            asks: false,
        }
    }

    pub(super) fn begin(&mut self, extent: Extent) -> Vec<Request> {
        match extent {
            Extent::Full => vec![self.ask_run()],
            Extent::Delta => {
                let mut requests = self.essentials(Extent::Delta);
                requests.push(self.ask_logs(self.lines.since()));
                requests.push(self.ask_terminal(Extent::Delta));
                for id in self.agents.unfinished() {
                    self.wishes.now(Wish::Agent(id.clone()));
                }
                requests.extend(self.wished());
                requests
            }
        }
    }

    pub(super) fn answer(&mut self, address: &str, subject: &Subject, answer: Answer<'_>) -> Reply {
        match subject {
            Subject::Part(wish) => self.wishes.answered(wish),
            Subject::Trace(_) => self.wishes.answered(&Wish::Trace),
            Subject::Logs(_) => self.wishes.answered(&Wish::Logs),
            _ => {}
        }
        if answer.status != 200 {
            return self.refused(address, subject, answer);
        }
        if is_essential(subject) && !answer.body.trim_start().starts_with(['{', '[']) {
            return Reply::Failed {
                message: format!("what the server answered to {address} is not JSON"),
            };
        }
        let mut batch = self.decode(subject, answer.body);
        let is_run = |item: &Item| matches!(item, Item::Run(_));
        if matches!(subject, Subject::Run) && !batch.items.iter().any(is_run) {
            return Reply::Failed {
                message: format!("what the server answered to {address} is no run"),
            };
        }
        let mut next = match subject {
            Subject::Run => self.take_run(&mut batch),
            Subject::Status => {
                self.take_status(&mut batch, answer.body);
                Vec::new()
            }
            Subject::Trace(extent) => {
                self.take_trace(&mut batch, *extent);
                Vec::new()
            }
            Subject::Logs(asked) => {
                let next = self.lines.take_page(asked, &mut batch, answer.at);
                if let Some(at) = self.lines.position() {
                    self.from.logs = Some(ResumeToken(format_millis(at.0)));
                }
                next.map(|asked| self.ask_logs(asked)).into_iter().collect()
            }
            Subject::Terminal => {
                self.from.keep(Frame::Terminal.as_str(), &batch);
                self.terminals.keep(&batch);
                if self.ended && batch.items.is_empty() {
                    self.wishes.now(Wish::Archive);
                }
                Vec::new()
            }
            Subject::Recorded(asked) => {
                let next = self.terminals.take(asked, &mut batch);
                next.map(|asked| self.ask_recorded(asked))
                    .into_iter()
                    .collect()
            }
            Subject::Part(wish) => self.take_part(wish, &mut batch, answer.body),
            Subject::Workflow | Subject::Records { .. } => Vec::new(),
        };
        if batch.ended && !matches!(subject, Subject::Run) {
            self.end();
        }
        self.known.fresh_problems(&mut batch);
        // What is wished for while the whole run is being fetched is mostly under way.
        if !matches!(subject, Subject::Run) {
            next.extend(self.wished());
        }
        Reply::Read { batch, next }
    }

    pub(super) fn stream(&self) -> StreamRequest {
        StreamRequest {
            address: path::stream(&self.base, &self.run, &self.from),
            after: None,
        }
    }

    pub(super) fn frame(&mut self, name: &str, data: &str) -> Heard {
        let mut batch = Batch::default();
        self.frames.read(name, data, &mut batch);
        let frame = Frame::from_word(name);
        self.from.keep(name, &batch);
        match frame {
            Frame::Trace => {
                self.take_events(&mut batch, Extent::Delta);
                self.heard_events = true;
                if !self.renumbered {
                    self.wishes.forget(&Wish::Trace);
                }
            }
            Frame::Logs => {
                self.lines.take_frame(&mut batch);
            }
            Frame::Terminal => self.terminals.keep(&batch),
            Frame::Status => self.take_status_frame(&mut batch, data),
            _ => {}
        }
        if batch.ended {
            self.end();
        }
        Heard {
            batch,
            last: frame == Frame::Complete,
        }
    }

    pub(super) fn asides(&mut self) -> Vec<Request> {
        let round = self.wishes.next_round();
        if round.is_multiple_of(CHECK_ROUNDS) && self.lines.are_unchecked() {
            self.wishes.now(Wish::Logs);
        }
        self.wished()
    }

    fn decode(&self, subject: &Subject, body: &str) -> Batch {
        let endpoint = match subject {
            Subject::Records { .. } => Endpoint::Records,
            Subject::Run => Endpoint::Run,
            Subject::Status => Endpoint::Status,
            Subject::Trace(_) | Subject::Part(Wish::Trace) => Endpoint::Trace,
            Subject::Logs(_) | Subject::Part(Wish::Logs) => Endpoint::Logs,
            Subject::Terminal | Subject::Recorded(_) => Endpoint::Terminal,
            Subject::Workflow | Subject::Part(Wish::Graph) => Endpoint::Version,
            Subject::Part(Wish::Dataflows) => Endpoint::Dataflows,
            Subject::Part(Wish::NodeIo) => Endpoint::NodeIo,
            Subject::Part(Wish::Artifacts) => Endpoint::Artifacts,
            Subject::Part(Wish::Agent(_)) => Endpoint::AgentParts,
            Subject::Part(Wish::HumanInputs) => return decode_human_inputs(&self.run, body),
            Subject::Part(Wish::Archive | Wish::Result) => return Batch::default(),
        };
        decode_answer(endpoint, body)
    }
}
