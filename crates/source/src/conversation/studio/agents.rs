//! The agents' runs of a run: found in what events and the run's result say, their stored parts
//! fetched from where they are known up to.

use crate::dialect::lenient::Members;
use crate::dialect::{Batch, ResumeToken};
use model::channel::agent::AgentChunk;
use model::item::{EventItem, EventKind};
use model::{Item, Problem, Text};
use std::collections::BTreeMap;

/// Agents' runs that are followed; further ones are named in a problem.
pub(super) const MOST: usize = 500;
/// An agent that throws never says that it has finished: after the end of its node its parts are
/// looked for so many times more, for they are stored late.
const LAST_LOOKS: u32 = 10;

#[derive(Debug, Default)]
pub(super) struct Agents(BTreeMap<String, Agent>);

#[derive(Debug)]
struct Agent {
    node: Text,
    after: Option<ResumeToken>,
    phase: Phase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Running,
    /// Its node is through: so many looks are left.
    Closing(u32),
    Done,
}

impl Agents {
    /// Notes what an event says of agents; the id of one that should be looked at.
    pub(super) fn hear(
        &mut self,
        event: &EventItem,
        problems: &mut Vec<Problem>,
    ) -> Option<String> {
        match event.kind {
            EventKind::Progress => {
                let data = event.detail.as_ref()?.data.as_ref()?.as_str();
                // Most events are no agent's: not worth reading.
                if !data.contains("agentRunId") {
                    return None;
                }
                let data = Members::read(data).ok()?;
                let id = data.text("agentRunId").filter(|id| !id.is_empty())?;
                self.meet(&id, &event.node, problems).then_some(id)
            }
            EventKind::Completed | EventKind::Failed => {
                let of_node = |agent: &&mut Agent| agent.node == event.node;
                for agent in self.0.values_mut().filter(of_node) {
                    if agent.phase == Phase::Running {
                        agent.phase = Phase::Closing(LAST_LOOKS);
                    }
                }
                None
            }
            _ => None,
        }
    }

    /// Reads `{result: {outputs: {node: {agentRunId}}}}`; the ids that it names.
    pub(super) fn hear_result(&mut self, body: &str, problems: &mut Vec<Problem>) -> Vec<String> {
        let outputs = || {
            let result = Members::read(body).ok()?;
            let outputs = Members::read(result.get("result")?).ok()?;
            Members::read(outputs.get("outputs")?).ok()
        };
        let mut ids = Vec::new();
        for (node, output) in outputs().unwrap_or_default().iter() {
            let id = Members::read(output)
                .ok()
                .and_then(|output| output.text("agentRunId"));
            ids.extend(id.filter(|id| !id.is_empty() && self.meet(id, &node.into(), problems)));
        }
        ids
    }

    /// Takes a page of its parts; whether it will say more.
    pub(super) fn take(&mut self, id: &str, batch: &Batch, run_ended: bool) -> bool {
        let Some(agent) = self.0.get_mut(id) else {
            return false;
        };
        if batch.resume.is_some() {
            agent.after.clone_from(&batch.resume);
        }
        let finished = batch.items.iter().any(|item| {
            matches!(item, Item::Agent(part) if matches!(part.chunk, AgentChunk::Finish { .. }))
        });
        agent.phase = match agent.phase {
            _ if finished => Phase::Done,
            Phase::Closing(0) => Phase::Done,
            Phase::Closing(looks) => Phase::Closing(looks - 1),
            phase => phase,
        };
        agent.phase != Phase::Done && !run_ended
    }

    /// Where its parts are known up to.
    pub(super) fn after(&self, id: &str) -> Option<&ResumeToken> {
        self.0.get(id)?.after.as_ref()
    }

    /// Those that have not finished.
    pub(super) fn unfinished(&self) -> impl Iterator<Item = &String> {
        self.0
            .iter()
            .filter(|(_, agent)| agent.phase != Phase::Done)
            .map(|(id, _)| id)
    }

    /// Whether it is followed, from now on if not before.
    fn meet(&mut self, id: &str, node: &Text, problems: &mut Vec<Problem>) -> bool {
        if let Some(agent) = self.0.get(id) {
            return agent.phase != Phase::Done;
        }
        if self.0.len() >= MOST {
            problems.push(Problem {
                place: "agents".into(),
                what: format!("more than {MOST} agents' runs; the others are not shown").into(),
                excerpt: "".into(),
            });
            return false;
        }
        let agent = Agent {
            node: node.clone(),
            after: None,
            phase: Phase::Running,
        };
        self.0.insert(id.to_owned(), agent);
        true
    }
}
