//! A batch drawn as lines of text, so that a table shows the whole outcome.

use contract::time::format_millis;
use model::channel::agent::AgentChunk;
use model::item::{Detail, EventItem, Fraction};
use model::run::StatusKind;
use model::{Item, JsonText, Millis, Stamp, Text};
use source::dialect::Batch;
use source::dialect::studio::{Endpoint, decode_answer, decode_frame};

/// Items, then `! place: what` for each problem, then `resume`, `more` and `ended`.
pub fn draw(batch: &Batch) -> String {
    let mut lines: Vec<String> = batch.items.iter().map(item).collect();
    lines.extend(
        batch
            .problems
            .iter()
            .map(|problem| format!("! {}: {}", problem.place, problem.what)),
    );
    lines.extend(batch.resume.iter().map(|token| format!("resume {token}")));
    lines.extend(batch.has_more.then(|| "more".to_owned()));
    lines.extend(batch.restarted.then(|| "restarted".to_owned()));
    lines.extend(batch.ended.then(|| "ended".to_owned()));
    lines.join("\n")
}

pub fn check_frame(name: &str, data: &str, want: &str) {
    assert_eq!(
        draw(&decode_frame(name, data)),
        trim(want),
        "{name}: {data}"
    );
}

pub fn check_answer(endpoint: Endpoint, body: &str, want: &str) {
    let drawn = draw(&decode_answer(endpoint, body));
    assert_eq!(drawn, trim(want), "{endpoint:?}: {body}");
}

/// Without indentation.
fn trim(want: &str) -> String {
    let lines: Vec<_> = want.lines().map(str::trim).collect();
    lines.join("\n").trim().to_owned()
}

fn item(item: &Item) -> String {
    match item {
        Item::Run(it) => format!(
            "run {} {} {:?}{}{}{}",
            it.id,
            it.workflow_id,
            it.name,
            some(" started", it.started.map(when)),
            some(" by", it.trigger.as_deref()),
            some(" under", it.parent_run.as_deref()),
        ),
        Item::Graph(it) => {
            let nodes = it.nodes.iter().map(|node| {
                format!(
                    "{}={} {:?}{}{}",
                    node.reference,
                    node.label,
                    node.join,
                    some(" at", node.position.map(|(x, y)| format!("{x},{y}"))),
                    some(" in", node.group.as_deref()),
                )
            });
            let edges = it.edges.iter().map(|edge| {
                format!(
                    "{}{}->{}{}",
                    edge.source,
                    some(":", edge.source_port.as_deref()),
                    edge.target,
                    some(":", edge.target_port.as_deref()),
                )
            });
            format!(
                "graph {}",
                nodes.chain(edges).collect::<Vec<_>>().join("; ")
            )
        }
        Item::Status(it, _) => format!(
            "status {} {}{}{}{}{}",
            stamp(it.stamp),
            it.status,
            match it.kind {
                StatusKind::Plain => "",
                StatusKind::Reopens => " reopens",
            },
            some(" started", it.started.map(when)),
            some(
                " progress",
                it.progress.map(|(done, all)| format!("{done}/{all}"))
            ),
            some(" failure", it.failure.as_ref().map(|it| format!("{it:?}"))),
        ),
        Item::Event(it) => event(it),
        Item::Log(it) => format!(
            "log {} {} {:?} {} {} {:?}",
            stamp(it.stamp),
            it.id,
            &*it.node,
            it.level.as_str(),
            it.stream.as_str(),
            &*it.message,
        ),
        Item::Terminal(it) => format!(
            "terminal {} {} {:?} {:?}{}",
            stamp(it.stamp),
            it.node,
            it.stream,
            String::from_utf8_lossy(&it.bytes),
            some(
                " size",
                it.size.map(|(cols, rows)| format!("{cols}x{rows}"))
            ),
        ),
        Item::Agent(it) => format!(
            "agent {} {} {} #{} {}",
            when(it.at),
            it.agent_run,
            it.node,
            it.sequence,
            chunk(&it.chunk),
        ),
        Item::Packet(it) => format!(
            "packet {} {} {}->{}:{} {} {}",
            when(it.at),
            it.id,
            it.source,
            it.target,
            it.input,
            json(&it.payload),
            it.size,
        ),
        Item::Io(it, _) => format!(
            "io {} {} {} => {}{}",
            when(it.at),
            it.node,
            json(&it.inputs),
            json(&it.outputs),
            if it.truncated { " cut" } else { "" },
        ),
        Item::Artifact(it) => format!(
            "artifact {} {} {} {:?}{} {}",
            when(it.at),
            it.id,
            it.node,
            &*it.name,
            some("", it.mime.as_deref()),
            it.size,
        ),
        Item::HumanInput(it, _) => format!(
            "human {} {} {} {} {:?} {}",
            when(it.at),
            it.id,
            it.node,
            it.status,
            &*it.title,
            json(&it.response),
        ),
        Item::Note(it) => format!(
            "note {} {} {:?}{}",
            when(it.at),
            it.id,
            &*it.text,
            some(" at", it.node.as_deref())
        ),
        Item::Unknown { kind, raw } => format!("unknown {kind} {}", raw.as_str()),
    }
}

fn event(it: &EventItem) -> String {
    let detail = it.detail.as_deref().cloned().unwrap_or_default();
    let Detail {
        message,
        error,
        progress,
        output,
        data,
        child_run,
        correlation,
    } = detail;
    format!(
        "event {} {} {:?} {:?} {}{}{}{}{}{}{}{}{}",
        stamp(it.stamp),
        it.id,
        &*it.node,
        it.kind,
        it.level.as_str(),
        if it.attempt > 0 {
            format!(" @{}", it.attempt)
        } else {
            String::new()
        },
        some(" message", message.map(quoted)),
        some(" error", error.map(|it| format!("{it:?}"))),
        some(" progress", progress.map(fraction)),
        some(" output", output.map(|it| it.0)),
        some(" data", data.map(|it| it.0)),
        some(" child", child_run),
        some(" correlation", correlation),
    )
}

fn chunk(chunk: &AgentChunk) -> String {
    match chunk {
        AgentChunk::Other { kind, raw } => format!("Other {kind} {}", raw.as_str()),
        chunk => format!("{chunk:?}").replace("JsonText", ""),
    }
}

fn fraction(it: Fraction) -> String {
    let total = it.total.map_or("?".to_owned(), |total| total.to_string());
    format!("{}/{total}", it.done)
}

/// Times of 2026-01-01 as `hh:mm:ss.mmm`, others whole.
fn when(at: Millis) -> String {
    format_millis(at.0)
        .trim_start_matches("2026-01-01T")
        .trim_end_matches('Z')
        .to_owned()
}

fn stamp(it: Stamp) -> String {
    let nanos = if it.nanos > 0 {
        format!("+{}ns", it.nanos)
    } else {
        String::new()
    };
    format!("{}{nanos}#{}", when(it.at), it.sequence)
}

fn some<T: std::fmt::Display>(word: &str, it: Option<T>) -> String {
    it.map_or_else(String::new, |it| match word {
        ":" => format!(":{it}"),
        word => format!("{word} {it}"),
    })
}

fn json(it: &Option<JsonText>) -> &str {
    it.as_ref().map_or("-", JsonText::as_str)
}

fn quoted(it: Text) -> String {
    format!("{:?}", &*it)
}
