//! What the answers of the plain manner lead to.

use super::Subject;
use super::plain::Plain;
use super::wishes::Wish;
use crate::conversation::{Answer, Extent, Reply, Request};
use crate::dialect::Batch;
use crate::dialect::lenient::Members;
use contract::studio::Frame;
use model::item::EventKind;
use model::{Item, Problem, RunStatus};

/// Rounds after which the graph is asked for again when its server failed.
const GRAPH_ROUNDS: u64 = 15;
/// Events may be told so many rounds after the status that they changed.
const LATE_ROUNDS: u64 = 2;
/// What the end of a run may still change.
const LAST: [Wish; 5] = [
    Wish::Dataflows,
    Wish::NodeIo,
    Wish::Artifacts,
    Wish::HumanInputs,
    Wish::Archive,
];

impl Plain {
    /// The run is there: everything else of it, at once.
    pub(super) fn take_run(&mut self, batch: &mut Batch) -> Vec<Request> {
        batch.items.retain_mut(|item| match item {
            Item::Run(info) => {
                self.info = Some((**info).clone());
                true
            }
            // Its status says better when it ended.
            Item::Status(update, _) if update.status.is_terminal() => {
                self.stated_end = Some((**update).clone());
                false
            }
            // So it stands now, not when it started.
            Item::Status(update, _) if update.status == RunStatus::AwaitingInput => {
                update.status = RunStatus::Running;
                true
            }
            _ => true,
        });
        self.ended |= batch.ended;
        let mut requests = self.essentials(Extent::Full);
        requests.push(self.ask_logs(self.lines.all()));
        requests.push(self.ask_terminal(Extent::Full));
        let completed = |end: &model::run::StatusUpdate| end.status == RunStatus::Completed;
        let result = self.stated_end.as_ref().is_some_and(completed);
        let parts = [
            Wish::Graph,
            Wish::Dataflows,
            Wish::NodeIo,
            Wish::Artifacts,
            Wish::HumanInputs,
        ];
        for wish in parts.into_iter().chain(result.then_some(Wish::Result)) {
            requests.extend(self.ask_now(wish));
        }
        requests
    }

    pub(super) fn take_status(&mut self, batch: &mut Batch, body: &str) {
        // An end without an instant would be placed at the instant of the question.
        let dated = Members::read(body).is_ok_and(|it| it.text("completedAt").is_some());
        for item in &mut batch.items {
            if let (Item::Status(update, _), Some(end)) = (item, &self.stated_end)
                && update.status.is_terminal()
                && !dated
            {
                update.stamp = end.stamp;
            }
        }
        self.known.fresh_status(batch);
    }

    /// The status and the engine's history move with the events. Where they move without them, the
    /// events are late, or a worker has begun to number anew: below the stream's position, so that it
    /// will never tell them. Then the whole list does.
    pub(super) fn take_status_frame(&mut self, batch: &mut Batch, data: &str) {
        self.known.fresh_status(batch);
        let history = Members::read(data).ok();
        let history = history.and_then(|status| status.text("historyLength"));
        let moved = self.history.is_some() && history.is_some() && self.history != history;
        self.history = history.or(self.history.take());
        let heard_events = std::mem::take(&mut self.heard_events);
        let explained = heard_events && !self.renumbered;
        if (moved || !batch.items.is_empty()) && !explained {
            self.wishes.after(Wish::Trace, LATE_ROUNDS);
        }
    }

    pub(super) fn take_trace(&mut self, batch: &mut Batch, extent: Extent) {
        self.from.keep(Frame::Trace.as_str(), batch);
        self.take_events(batch, extent);
        if extent == Extent::Delta && batch.items.iter().any(is_completion) {
            self.wishes.now_and_again(Wish::Dataflows);
        }
    }

    /// Wishes for what the new events hint at, and leaves those. A first look at all of them leaves
    /// all and hints at agents only, for the rest is being fetched.
    pub(super) fn take_events(&mut self, batch: &mut Batch, extent: Extent) {
        batch.items.retain(|item| match item {
            Item::Event(event) => self.known.is_fresh(event) || extent == Extent::Full,
            _ => true,
        });
        let highest = self.highest;
        let was_renumbered = self.renumbered;
        for item in &batch.items {
            let Item::Event(event) = item else { continue };
            self.highest = self.highest.max(event.stamp.sequence);
            self.renumbered |= extent == Extent::Delta && event.stamp.sequence <= highest;
            if let Some(id) = self.agents.hear(event, &mut batch.problems) {
                self.wishes.now(Wish::Agent(id));
            }
            self.asks |= event.kind == EventKind::AwaitingInput;
            if extent == Extent::Full {
                continue;
            }
            let hints: &[Wish] = match event.kind {
                EventKind::Completed if self.asks => {
                    &[Wish::NodeIo, Wish::Artifacts, Wish::HumanInputs]
                }
                EventKind::Completed | EventKind::Failed => &[Wish::NodeIo, Wish::Artifacts],
                EventKind::Skipped => &[Wish::NodeIo],
                EventKind::AwaitingInput => &[Wish::HumanInputs],
                _ => &[],
            };
            for hint in hints {
                self.wishes.now_and_again(hint.clone());
            }
        }
        if self.renumbered && !was_renumbered && highest > 0 {
            batch.problems.push(Problem {
                place: "trace".into(),
                what: format!(
                    "the numbers of events went backwards, to {highest} or below: a worker was started anew. They are told apart by instant and step"
                )
                .into(),
                excerpt: "".into(),
            });
        }
    }

    pub(super) fn take_part(&mut self, wish: &Wish, batch: &mut Batch, body: &str) -> Vec<Request> {
        match wish {
            Wish::Agent(id) if self.agents.take(id, batch, self.ended) => {
                self.wishes.after(wish.clone(), 1);
            }
            Wish::Result => {
                for id in self.agents.hear_result(body, &mut batch.problems) {
                    self.wishes.now(Wish::Agent(id));
                }
            }
            Wish::Archive => match self.terminals.missing(body) {
                Ok(missing) => {
                    let ask = |asked| self.ask_recorded(asked);
                    return missing.into_iter().map(ask).collect();
                }
                Err(what) => batch.problems.push(Problem {
                    place: word(&Subject::Part(Wish::Archive)).into(),
                    what: what.into(),
                    excerpt: "".into(),
                }),
            },
            _ => {}
        }
        Vec::new()
    }

    /// An answer that is none.
    pub(super) fn refused(
        &mut self,
        address: &str,
        subject: &Subject,
        answer: Answer<'_>,
    ) -> Reply {
        if is_essential(subject) {
            return Reply::failed(address, answer.status);
        }
        if *subject == Subject::Part(Wish::Graph) {
            let versioned = self.info.as_ref().is_some_and(|it| it.version_id.is_some());
            match answer.status {
                404 if versioned => {
                    return Reply::Read {
                        batch: Batch::default(),
                        next: self.ask_workflow().into_iter().collect(),
                    };
                }
                429 | 500.. => self.wishes.after(Wish::Graph, GRAPH_ROUNDS),
                _ => {}
            }
        }
        // It was announced, and what it says is stored late.
        if let Subject::Part(Wish::Agent(id)) = subject
            && answer.status == 404
            && self.agents.take(id, &Batch::default(), self.ended)
        {
            self.wishes.after(Wish::Agent(id.clone()), 1);
            return Reply::read(Batch::default());
        }
        let place = word(subject);
        if !self.known.is_first(&(place, answer.status)) {
            return Reply::read(Batch::default());
        }
        let said = Members::read(answer.body).ok();
        let said = said.and_then(|said| said.text("message"));
        let said = said.map(|said| format!(": {said}")).unwrap_or_default();
        let status = answer.status;
        Reply::without(
            place,
            format!("could not be fetched: the server answered {status}{said}"),
        )
    }

    /// The run is over: looks at all that its end may have changed.
    pub(super) fn end(&mut self) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        for wish in LAST {
            self.wishes.now_and_again(wish);
        }
        if self.known.status() == Some(&RunStatus::Completed) {
            self.wishes.now(Wish::Result);
        }
        for id in self.agents.unfinished() {
            self.wishes.now(Wish::Agent(id.clone()));
        }
    }
}

/// What the run cannot do without.
pub(super) fn is_essential(subject: &Subject) -> bool {
    matches!(
        subject,
        Subject::Run | Subject::Status | Subject::Trace(_) | Subject::Records { .. }
    )
}

fn is_completion(item: &Item) -> bool {
    matches!(item, Item::Event(event) if event.kind == EventKind::Completed)
}

/// For people.
fn word(subject: &Subject) -> &'static str {
    match subject {
        Subject::Records { .. } => "records",
        Subject::Run => "run",
        Subject::Status => "status",
        Subject::Trace(_) | Subject::Part(Wish::Trace) => "trace",
        Subject::Logs(_) | Subject::Part(Wish::Logs) => "logs",
        Subject::Terminal => "terminal",
        Subject::Recorded(_) | Subject::Part(Wish::Archive) => "archived terminal",
        Subject::Workflow | Subject::Part(Wish::Graph) => "graph",
        Subject::Part(Wish::Dataflows) => "data flows",
        Subject::Part(Wish::NodeIo) => "inputs and outputs",
        Subject::Part(Wish::Artifacts) => "artifacts",
        Subject::Part(Wish::HumanInputs) => "questions to people",
        Subject::Part(Wish::Result) => "result",
        Subject::Part(Wish::Agent(_)) => "agent",
    }
}
