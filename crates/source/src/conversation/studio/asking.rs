//! The requests of the plain manner.

use super::lines::PAGE;
use super::plain::Plain;
use super::wishes::Wish;
use super::{Subject, lines, terminals};
use crate::conversation::{self, Extent, Request};
use crate::dialect::studio::path;
use contract::time::format_millis;

impl Plain {
    pub(super) fn ask_run(&self) -> Request {
        request(path::run(&self.base, &self.run), Subject::Run)
    }

    /// What a fetch of any extent begins with.
    pub(super) fn essentials(&self, extent: Extent) -> Vec<Request> {
        vec![
            request(path::status(&self.base, &self.run), Subject::Status),
            self.ask_trace(extent),
        ]
    }

    pub(super) fn ask_logs(&self, asked: lines::Asked) -> Request {
        let start = asked.start.map(|at| format_millis(at.0));
        let (start, cursor) = (start.as_deref(), asked.cursor.as_ref());
        let address = path::logs(&self.base, &self.run, start, cursor, Some(PAGE));
        request(address, Subject::Logs(asked))
    }

    pub(super) fn ask_terminal(&self, extent: Extent) -> Request {
        let after = match extent {
            Extent::Full => None,
            Extent::Delta => self.from.terminal.as_ref(),
        };
        let address = path::terminal(&self.base, &self.run, after);
        request(address, Subject::Terminal)
    }

    pub(super) fn ask_recorded(&self, asked: terminals::Asked) -> Request {
        let name = (asked.node.as_str(), asked.stream.as_str());
        let address = path::terminal_of(&self.base, &self.run, name, asked.cursor.as_ref());
        request(address, Subject::Recorded(asked))
    }

    /// The workflow as it is now.
    pub(super) fn ask_workflow(&self) -> Option<Request> {
        let workflow = &self.info.as_ref()?.workflow_id;
        let address = path::workflow(&self.base, workflow);
        (!workflow.is_empty()).then(|| request(address, Subject::Workflow))
    }

    /// What is wished for and due.
    pub(super) fn wished(&mut self) -> Vec<Request> {
        let wishes = self.wishes.take();
        wishes
            .into_iter()
            .filter_map(|wish| self.ask_part(wish))
            .collect()
    }

    /// A part that is due whether wished for or not.
    pub(super) fn ask_now(&mut self, wish: Wish) -> Option<Request> {
        self.wishes.asking(&wish);
        self.ask_part(wish)
    }

    fn ask_part(&self, wish: Wish) -> Option<Request> {
        let (base, run) = (self.base.as_str(), self.run.as_str());
        let address = match &wish {
            Wish::Trace => return Some(self.ask_trace(Extent::Delta)),
            Wish::Logs => return Some(self.ask_logs(self.lines.since())),
            Wish::Graph => {
                let info = self.info.as_ref()?;
                match &info.version_id {
                    Some(version) => path::version(base, &info.workflow_id, version),
                    None => return self.ask_workflow(),
                }
            }
            Wish::Dataflows => path::dataflows(base, run),
            Wish::NodeIo => path::node_io(base, run),
            Wish::Artifacts => path::artifacts(base, run),
            Wish::HumanInputs => path::human_inputs(base, Some(run)),
            Wish::Archive => path::terminal_archive(base, run),
            Wish::Result => path::result(base, run),
            Wish::Agent(id) => path::agent_parts(base, id, self.agents.after(id)),
        };
        Some(request(address, Subject::Part(wish)))
    }

    fn ask_trace(&self, extent: Extent) -> Request {
        let address = path::trace(&self.base, &self.run, None, None);
        request(address, Subject::Trace(extent))
    }
}

fn request(address: String, subject: Subject) -> Request {
    Request {
        address,
        subject: conversation::Subject::Studio(subject),
    }
}
