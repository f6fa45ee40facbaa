//! What the Operations dialect makes of answers and frames: a script of them in, facts out.

#![allow(
    clippy::unwrap_used,
    reason = "a drawing that cannot be read fails its test"
)]

mod hostile;
mod lines;
mod list;
mod standing;
mod streamed;

use crate::draw::draw;
use model::{Millis, Problem};
use source::dialect::Batch;
use source::dialect::operations::Operation;

const RUN: &str = "prompt_gemini_agent_1767225600000";
/// 2026-01-01T00:00:00Z.
const ZERO: i64 = 1_767_225_600_000;

/// What comes, at a second.
enum Came<'a> {
    /// An answer; its members without `kind` and `id`.
    Answer(&'a str),
    /// An answer whole.
    Body(&'a str),
    /// A request leaves, whose answer comes with `Late`.
    Ask,
    /// The answer to what `Ask` asked.
    Late(&'a str),
    /// Streams may be asked for.
    Allow,
    /// A stream is opened.
    Open,
    /// A frame: id and data.
    Frame(&'a str, &'a str),
}
use Came::{Allow, Answer, Ask, Body, Frame, Late, Open};

/// Plays a script; what each step said is drawn behind its second, where it said anything.
fn play(run: &str, script: &[(i64, Came<'_>)]) -> String {
    let mut operation = Operation::new(run);
    let mut early = operation.asked();
    let mut drawn = Vec::new();
    for (second, came) in script {
        let at = Millis(ZERO + second * 1_000);
        let asked = operation.asked();
        let whole =
            |members: &str| format!(r#"{{"kind":"OperationStatus","id":"{run}",{members}}}"#);
        let batch = match came {
            Answer(members) => or_problem(operation.answer(asked, &whole(members), at)),
            Late(members) => or_problem(operation.answer(early, &whole(members), at)),
            Body(body) => or_problem(operation.answer(asked, body, at)),
            Frame(id, data) => operation.frame("message", id, data, at).batch,
            Ask => {
                early = asked;
                continue;
            }
            Allow => {
                operation.allow_streams(true);
                continue;
            }
            Open => {
                operation.open_stream();
                continue;
            }
        };
        let lines = draw(&batch);
        drawn.extend(lines.lines().map(|line| format!("{second} {line}")));
    }
    drawn.join("\n")
}

/// What is no answer, as a problem.
fn or_problem(answer: Result<Batch, String>) -> Batch {
    answer.unwrap_or_else(|why| Batch {
        problems: vec![Problem {
            place: "answer `operation`".into(),
            what: why.into(),
            excerpt: "".into(),
        }],
        ..Batch::default()
    })
}

/// Without the graph and the run, which are always the same.
fn check(script: &[(i64, Came<'_>)], want: &str) {
    let drawn = play(RUN, script);
    let drawn: Vec<_> = drawn
        .lines()
        .filter(|line| !line.contains(" graph ") && !line.contains(" run "))
        .collect();
    let want: Vec<_> = want.lines().map(str::trim).collect();
    assert_eq!(drawn.join("\n"), want.join("\n").trim());
}

/// Of a script only log lines and problems, without what is always the same of them.
fn check_log(script: &[(i64, Came<'_>)], want: &str) {
    let drawn = play(RUN, script).replace(" console ", " ");
    let drawn = drawn.replace(r#" "prompt_gemini_agent" "#, " ");
    let drawn: Vec<_> = drawn
        .lines()
        .filter(|line| line.contains(" log ") || line.contains(" ! "))
        .map(|line| {
            line.replace("answer `operation`: ", "")
                .replace(" 00:00:", " ")
        })
        .collect();
    let want: Vec<_> = want.lines().map(str::trim).collect();
    assert_eq!(drawn.join("\n"), want.join("\n").trim());
}

const GOES_ON: &str = r#""status":"processing","started_at":"2026-01-01T00:00:01Z""#;

/// The members of an answer whose log's last lines are `lines`, with more members at the result's end.
fn with_log(lines: &[&str], count: &str, rest: &str) -> String {
    let lines = serde_json::to_string(lines).unwrap();
    format!(
        r#"{GOES_ON},"finished_at":null,"result":{{"status":"processing","summary":"Task is processing","result":{{}},"artifacts":[],"logs":{lines},"log_count":{count}{rest}}}"#
    )
}
