//! Looks through what an agent said, thought, called and got.

use super::flow::{Flow, Origin};
use super::hits::{Hit, Hits};
use super::query::Matcher;
use crate::channel::agent::{AgentChunk, AgentRun, Voice};
use crate::text::Text;
use crate::time::Millis;

/// How far an agent's run was looked through. What was taken back stays found: it was there to be read.
#[derive(Clone, Debug, Default)]
pub struct AgentText {
    read: usize,
    /// The sequence of the last chunk that was read: with another one there, some came between.
    last: u64,
    /// Texts that are not whole.
    open: Vec<(Text, Voice, Flow)>,
    pub hits: Hits,
}

impl AgentText {
    /// Reads on until `budget` is used up; whether the end was reached.
    pub fn step(&mut self, run: &AgentRun, matcher: &mut Matcher, budget: &mut usize) -> bool {
        let last = self.read.checked_sub(1).and_then(|last| run.chunk(last));
        if self.read > 0 && last.is_none_or(|(sequence, ..)| sequence != self.last) {
            *self = Self::default();
        }
        let begun = self.read;
        while let Some((sequence, at, chunk)) = run.chunk(self.read) {
            if *budget == 0 {
                return false;
            }
            let work = matcher.work();
            let bytes = self.take(run, matcher, sequence, at, chunk);
            *budget = budget.saturating_sub(32 + bytes + (matcher.work() - work) as usize);
            (self.read, self.last) = (self.read + 1, sequence);
        }
        if begun < self.read {
            let open = self.open.iter();
            let open = open.filter_map(|(.., flow)| flow.look(matcher, Some(run.node)));
            self.hits.set_open(open);
        }
        true
    }

    /// How many chunks were read.
    pub fn read(&self) -> usize {
        self.read
    }

    /// Takes a chunk in, and tells how many bytes of text it had.
    fn take(
        &mut self,
        run: &AgentRun,
        matcher: &mut Matcher,
        place: u64,
        at: Millis,
        chunk: &AgentChunk,
    ) -> usize {
        let texts: [&str; 2] = match chunk {
            AgentChunk::TextStart { id, voice } | AgentChunk::TextEnd { id, voice } => {
                self.close(run, matcher, id, *voice);
                return 0;
            }
            AgentChunk::TextDelta { id, voice, delta } => {
                self.add(run, matcher, (id, *voice), delta, (place, at));
                return delta.len();
            }
            AgentChunk::ToolStart { tool, .. } => [tool, ""],
            AgentChunk::ToolInput { tool, input, .. } => [tool, input.as_str()],
            AgentChunk::ToolOutput { output, .. } => [output.as_str(), ""],
            AgentChunk::ToolError { message, .. } | AgentChunk::Error { message } => [message, ""],
            AgentChunk::Abort { reason } | AgentChunk::Finish { reason } => {
                [reason.as_deref().unwrap_or_default(), ""]
            }
            AgentChunk::Other { kind, raw } => [kind, raw.as_str()],
            // The whole input comes behind its parts.
            AgentChunk::ToolInputDelta { .. } | AgentChunk::ToolDenied { .. } => ["", ""],
            AgentChunk::Step | AgentChunk::ResetStep => ["", ""],
        };
        let filled = texts.iter().filter(|text| !text.is_empty());
        let count: usize = filled.map(|text| matcher.count(text.as_bytes())).sum();
        if count > 0 {
            self.hits.push(Hit {
                at,
                place,
                offset: 0,
                node: Some(run.node),
                count: count as u32,
            });
        }
        texts.iter().map(|text| text.len()).sum()
    }

    fn add(
        &mut self,
        run: &AgentRun,
        matcher: &mut Matcher,
        of: (&Text, Voice),
        delta: &str,
        (place, at): (u64, Millis),
    ) {
        let known = self
            .open
            .iter()
            .position(|(id, voice, _)| (id, *voice) == of);
        let index = known.unwrap_or_else(|| {
            self.open.push((of.0.clone(), of.1, Flow::default()));
            self.open.len() - 1
        });
        let flow = &mut self.open[index].2;
        let mut offset = 0;
        for line in delta.split('\n') {
            if offset > 0 || flow.is_full() {
                flow.end(matcher, Some(run.node), &mut self.hits);
            }
            flow.push(line.as_bytes(), Origin { place, offset, at });
            offset += line.len() + 1;
        }
    }

    fn close(&mut self, run: &AgentRun, matcher: &mut Matcher, id: &Text, voice: Voice) {
        self.open.retain_mut(|(known, of, flow)| {
            let closed = known == id && *of == voice;
            if closed {
                flow.end(matcher, Some(run.node), &mut self.hits);
            }
            !closed
        });
    }
}
