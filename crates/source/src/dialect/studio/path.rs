//! Addresses of the Studio API. `base` is what `/workflows/…` follows: `/api/v1` of our own server,
//! `/backends/NAME/api/v1` of one behind it, or a whole URL. Parts are percent-encoded.

use super::super::address::Address;
use super::super::{Batch, ResumeToken};
use contract::studio::Frame;

/// `GET`: runs, newest first.
pub fn runs(base: &str, query: &RunsQuery<'_>) -> String {
    Address::new(base, &["workflows", "runs"])
        .query("workflowId", query.workflow_id)
        .query("status", query.status)
        .query("limit", query.limit)
        .query("offset", query.offset)
        .done()
}

/// Which runs are wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct RunsQuery<'a> {
    /// Those of one workflow.
    pub workflow_id: Option<&'a str>,
    /// Those of one status, upper case. The original accepts and ignores it.
    pub status: Option<&'a str>,
    /// At most so many: 1 to 200.
    pub limit: Option<u32>,
    /// Without the newest so many.
    pub offset: Option<u32>,
}

/// Where a stream goes on from: one position a channel, and ours for all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StreamFrom {
    /// Ours: the id of the last frame, as `Last-Event-ID` would say it.
    pub after: Option<ResumeToken>,
    /// Of the `trace` frames.
    pub trace: Option<ResumeToken>,
    /// Of the `terminal` frames.
    pub terminal: Option<ResumeToken>,
    /// Of the `logs` frames.
    pub logs: Option<ResumeToken>,
}

impl StreamFrom {
    /// Remembers the position that a decoded frame of this name carried. `after` is the id of the
    /// frame, which its data does not hold: set it beside this.
    pub fn keep(&mut self, name: &str, batch: &Batch) {
        let place = match Frame::from_word(name) {
            Frame::Trace => &mut self.trace,
            Frame::Terminal => &mut self.terminal,
            Frame::Logs => &mut self.logs,
            _ => return,
        };
        if batch.resume.is_some() {
            place.clone_from(&batch.resume);
        }
    }
}

/// `GET`, server-sent events: a run's stream.
pub fn stream(base: &str, run: &str, from: &StreamFrom) -> String {
    of_run(base, run, &["stream"])
        .query("after", from.after.as_ref())
        .query("cursor", from.trace.as_ref())
        .query("terminalCursor", from.terminal.as_ref())
        .query("logCursor", from.logs.as_ref())
        .done()
}

/// `GET`: a run.
pub fn run(base: &str, run: &str) -> String {
    of_run(base, run, &[]).done()
}

/// `GET`: the runs that a run started.
pub fn children(base: &str, run: &str) -> String {
    of_run(base, run, &["children"]).done()
}

/// `GET`: a run's status.
pub fn status(base: &str, run: &str) -> String {
    of_run(base, run, &["status"]).done()
}

/// `GET`: lifecycle events after `cursor`. The original knows neither and gives all.
pub fn trace(base: &str, run: &str, cursor: Option<&ResumeToken>, limit: Option<u32>) -> String {
    of_run(base, run, &["trace"])
        .query("cursor", cursor)
        .query("limit", limit)
        .done()
}

/// `GET`, ours: records of all kinds that arrived after a token.
pub fn records(base: &str, run: &str, after: Option<&ResumeToken>, limit: Option<u32>) -> String {
    of_run(base, run, &["records"])
        .query("after", after)
        .query("limit", limit)
        .done()
}

/// `GET`: the whole run as a reel, ours. `POST`: more of it.
pub fn reel(base: &str, run: &str) -> String {
    of_run(base, run, &["reel"]).done()
}

/// `GET`: a version of a workflow, with the graph that its runs are drawn with.
pub fn version(base: &str, workflow: &str, version: &str) -> String {
    Address::new(base, &["workflows", workflow, "versions", version]).done()
}

/// `GET`: a workflow as it is now, with its graph.
pub fn workflow(base: &str, workflow: &str) -> String {
    Address::new(base, &["workflows", workflow]).done()
}

/// `GET`, ours: the graph of a run as it stands.
pub fn graph(base: &str, run: &str) -> String {
    of_run(base, run, &["graph"]).done()
}

/// `GET`: values on edges.
pub fn dataflows(base: &str, run: &str) -> String {
    of_run(base, run, &["dataflows"]).done()
}

/// `GET`: log lines from `start` on (inclusive, ISO 8601) and after `cursor`, at most `limit` (1 to
/// 500), oldest first.
pub fn logs(
    base: &str,
    run: &str,
    start: Option<&str>,
    cursor: Option<&ResumeToken>,
    limit: Option<u32>,
) -> String {
    of_run(base, run, &["logs"])
        .query("startTime", start)
        .query("cursor", cursor)
        .query("limit", limit)
        .done()
}

/// `GET`: terminal bytes of all nodes after `cursor`, as long as the run is not archived.
pub fn terminal(base: &str, run: &str, cursor: Option<&ResumeToken>) -> String {
    of_run(base, run, &["terminal"])
        .query("cursor", cursor)
        .done()
}

/// `GET`: terminal bytes of one node after `cursor`, archived ones too.
pub fn terminal_of(
    base: &str,
    run: &str,
    (node, stream): (&str, &str),
    cursor: Option<&ResumeToken>,
) -> String {
    of_run(base, run, &["terminal"])
        .query("nodeRef", Some(node))
        .query("stream", Some(stream))
        .query("cursor", cursor)
        .done()
}

/// `GET`: what terminals are archived. `POST`: archive one.
pub fn terminal_archive(base: &str, run: &str) -> String {
    of_run(base, run, &["terminal", "archive"]).done()
}

/// `GET`: an archived terminal as asciicast.
pub fn terminal_download(base: &str, run: &str, recording: i64) -> String {
    let recording = recording.to_string();
    of_run(base, run, &["terminal", "archive", &recording, "download"]).done()
}

/// `GET`: inputs and outputs of all nodes, large ones as previews.
pub fn node_io(base: &str, run: &str) -> String {
    of_run(base, run, &["node-io"]).done()
}

/// `GET`: inputs and outputs of a node, whole.
pub fn node_io_of(base: &str, run: &str, node: &str) -> String {
    of_run(base, run, &["node-io", node])
        .query("full", Some(true))
        .done()
}

/// `GET`: the files of a run.
pub fn artifacts(base: &str, run: &str) -> String {
    of_run(base, run, &["artifacts"]).done()
}

/// `GET`: a file's bytes.
pub fn artifact_download(base: &str, run: &str, artifact: &str) -> String {
    of_run(base, run, &["artifacts", artifact, "download"]).done()
}

/// `POST`: stop a run.
pub fn cancel(base: &str, run: &str) -> String {
    of_run(base, run, &["cancel"]).done()
}

/// `GET`: what a run was started with.
pub fn config(base: &str, run: &str) -> String {
    of_run(base, run, &["config"]).done()
}

/// `GET`: what a run gave.
pub fn result(base: &str, run: &str) -> String {
    of_run(base, run, &["result"]).done()
}

/// `GET`: stored parts of an agent's stream after `cursor`.
pub fn agent_parts(base: &str, agent_run: &str, cursor: Option<&ResumeToken>) -> String {
    Address::new(base, &["agents", agent_run, "parts"])
        .query("cursor", cursor)
        .done()
}

/// `POST`, server-sent events: an agent's stream.
pub fn agent_chat(base: &str, agent_run: &str) -> String {
    Address::new(base, &["agents", agent_run, "chat"]).done()
}

/// `GET`: questions to people. The original gives those of all runs whatever is asked.
pub fn human_inputs(base: &str, run: Option<&str>) -> String {
    Address::new(base, &["human-inputs"])
        .query("runId", run)
        .done()
}

/// `POST`: answer a question.
pub fn resolve_human_input(base: &str, input: &str) -> String {
    Address::new(base, &["human-inputs", input, "resolve"]).done()
}

fn of_run(base: &str, run: &str, rest: &[&str]) -> Address {
    let mut address = Address::new(base, &["workflows", "runs", run]);
    rest.iter().for_each(|part| address.part(part));
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_encoded_and_carry_their_tokens() {
        let token = |text: &str| Some(ResumeToken(text.to_owned()));
        let from = StreamFrom {
            after: token("ab-5"),
            trace: token("10"),
            terminal: token(r#"{"terminal:r:a b":"1-0"}"#),
            logs: token("2026-01-01T00:00:00.000Z"),
        };
        let query = RunsQuery {
            status: Some("FAILED"),
            limit: Some(20),
            offset: Some(5),
            ..RunsQuery::default()
        };
        for (address, want) in [
            (
                runs("/api/v1", &RunsQuery::default()),
                "/api/v1/workflows/runs",
            ),
            (
                runs("/api/v1/", &query),
                "/api/v1/workflows/runs?status=FAILED&limit=20&offset=5",
            ),
            (run("", "a/b?c#d%"), "/workflows/runs/a%2Fb%3Fc%23d%25"),
            (trace("/b", "r", None, None), "/b/workflows/runs/r/trace"),
            (
                records("/b", "r", token("ab-5").as_ref(), Some(500)),
                "/b/workflows/runs/r/records?after=ab-5&limit=500",
            ),
            (
                stream("/b", "r", &from),
                "/b/workflows/runs/r/stream?after=ab-5&cursor=10&terminalCursor=%7B%22terminal%3Ar%3Aa%20b%22%3A%221-0%22%7D&logCursor=2026-01-01T00%3A00%3A00.000Z",
            ),
            (
                agent_parts("http://127.0.0.1:3211/api/v1", "r:plan:ü", None),
                "http://127.0.0.1:3211/api/v1/agents/r%3Aplan%3A%C3%BC/parts",
            ),
            (
                node_io_of("/b", "r", "tool-call:1"),
                "/b/workflows/runs/r/node-io/tool-call%3A1?full=true",
            ),
            (
                artifact_download("/b", "r", "f1"),
                "/b/workflows/runs/r/artifacts/f1/download",
            ),
            (version("/b", "w", "v"), "/b/workflows/w/versions/v"),
            (
                human_inputs("/b", Some("r&x")),
                "/b/human-inputs?runId=r%26x",
            ),
            (cancel("/b", "r"), "/b/workflows/runs/r/cancel"),
            (
                terminal_download("/b", "r", 7),
                "/b/workflows/runs/r/terminal/archive/7/download",
            ),
        ] {
            assert_eq!(address, want);
        }
    }
}
