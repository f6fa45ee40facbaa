//! Every frame and answer but traces and runs (contract A.6 to A.14, and our own frames).

use crate::draw::{check_answer, check_frame};
use source::dialect::studio::path::StreamFrom;
use source::dialect::studio::{Endpoint, decode_frame, decode_human_inputs};

#[test]
fn the_streams_own_words() {
    for (name, data, want) in [
        ("ready", r#"{"mode":"realtime","runId":"r"}"#, ""),
        (
            "ready",
            r#"{"mode":"polling","runId":"r","interval":1000}"#,
            "",
        ),
        (
            "ready",
            r#"{"mode":"realtime","runId":"r","resume":"restarted"}"#,
            "restarted",
        ),
        (
            "ready",
            r#"{"mode":"psychic","runId":"r"}"#,
            "! frame `ready`: mode `psychic` is not known here",
        ),
        ("hb", "", ""),
        ("complete", r#"{"runId":"r","status":"COMPLETED"}"#, "ended"),
        (
            "complete",
            "{",
            "! frame `complete`: EOF while parsing an object at line 1 column 1\nended",
        ),
        (
            "error",
            r#"{"message":"trace_fetch_failed","detail":"no Loki"}"#,
            "! frame `error`: the server says: trace_fetch_failed",
        ),
        (
            "error",
            "{}",
            "! frame `error`: the server could not read something",
        ),
        (
            "weather",
            r#"{"sky":"blue"}"#,
            "! frame `weather`: a frame of this name is not known here",
        ),
        (
            "message",
            "x",
            "! frame `message`: a frame of this name is not known here",
        ),
        ("trace", r#"{"events":[]}"#, ""),
        ("trace", "{}", "! frame `trace`: missing field `events`"),
        (
            "trace",
            r#"{"events":{}}"#,
            "! frame `trace`: invalid type: map, expected a sequence at line 1 column 0",
        ),
    ] {
        check_frame(name, data, want);
    }
    let excerpt = decode_frame("weather", r#"{"sky":"blue"}"#).problems[0]
        .excerpt
        .clone();
    assert_eq!(&*excerpt, r#"{"sky":"blue"}"#);
}

#[test]
fn log_lines() {
    check_answer(
        Endpoint::Logs,
        r#"{"runId":"run-123","logs":[{"id":"run-123-2025-01-01T00:00:00.000Z-0","runId":"run-123","nodeId":"unknown","level":"info","message":"line one","timestamp":"2025-01-01T00:00:00.000Z"}],"totalCount":1,"hasMore":false}"#,
        r#"log 2025-01-01T00:00:00.000#0 run-123-2025-01-01T00:00:00.000Z-0 "" info console "line one""#,
    );
    let line = |members: &str| {
        format!(
            r#"{{"logs":[{{"id":"l3","nodeId":"a","timestamp":"2026-01-01T00:00:00.123456789Z",{members}}}],"cursor":"2026-01-01T00:00:00Z"}}"#
        )
    };
    for (members, want) in [
        (
            r#""message":"\u001b[31mred\u001b[0m","level":"WARNING","stream":"stderr","sequence":9"#,
            r#"log 00:00:00.123+456789ns#9 l3 "a" warn stderr "\u{1b}[31mred\u{1b}[0m""#,
        ),
        (
            r#""message":null,"level":null,"stream":"pty""#,
            r#"log 00:00:00.123+456789ns#3 l3 "a" info stdout """#,
        ),
        (
            r#""message":"x","level":"loud","stream":"smoke","sequence":-1"#,
            "log 00:00:00.123+456789ns#0 l3 \"a\" info console \"x\"
            ! frame `logs`, line 1: stream `smoke` is not known here
            ! frame `logs`, line 1: level `loud` is not known here",
        ),
    ] {
        check_frame(
            "logs",
            &line(members),
            &format!("{want}\nresume 2026-01-01T00:00:00Z"),
        );
    }
    check_answer(
        Endpoint::Logs,
        r#"{"logs":[],"hasMore":true,"nextCursor":"n2"}"#,
        "resume n2\nmore",
    );
}

#[test]
fn terminal_bytes() {
    check_answer(
        Endpoint::Terminal,
        r#"{"runId":"run-1","cursor":"{\"terminal:run-1:node.a:stdout\":\"1-0\"}","chunks":[{"nodeRef":"node.a","stream":"stdout","chunkIndex":1,"payload":"aGVsbG8=","recordedAt":"2025-01-01T00:00:00.000Z","deltaMs":0,"origin":"docker","runnerKind":"docker"}]}"#,
        r#"terminal 2025-01-01T00:00:00.000#1 node.a Stdout "hello"
        resume {"terminal:run-1:node.a:stdout":"1-0"}"#,
    );
    let place = "! frame `terminal`, chunk 1";
    for (members, want) in [
        (r#""stream":"pty","payload":"aGVsbG8""#, r#"Pty "hello""#),
        (
            r#""stream":"stderr","payload":"aGVs\nbG8=\n""#,
            r#"Stderr "hello""#,
        ),
        (r#""stream":"console","payload":"""#, r#"Stdout """#),
        (
            r#""stream":"pty","payload":"_-8","cols":80,"rows":24"#,
            r#"Pty "��" size 80x24"#,
        ),
        (
            r#""stream":"pty","payload":"aGk=","cols":0,"rows":24"#,
            "Pty \"hi\"\n! frame `terminal`, chunk 1: a terminal's size must be from 1 to 1000 each way",
        ),
        (
            r#""stream":"pty","payload":"aGk=","cols":65535,"rows":65535"#,
            "Pty \"hi\"\n! frame `terminal`, chunk 1: a terminal's size must be from 1 to 1000 each way",
        ),
        (
            r#""stream":"smoke","payload":"aGk=""#,
            "Stdout \"hi\"\n! frame `terminal`, chunk 1: stream `smoke` is not known here; taken as `stdout`",
        ),
        (
            r#""stream":"pty","payload":"<b>""#,
            "`payload` is not base64",
        ),
    ] {
        let data = format!(
            r#"{{"chunks":[{{"nodeRef":"a","chunkIndex":2,"recordedAt":"2026-01-01T00:00:01Z",{members}}}],"cursor":""}}"#
        );
        let want = match want {
            want if want.contains("payload`") => format!("{place}: {want}"),
            want => format!("terminal 00:00:01.000#2 a {want}"),
        };
        check_frame("terminal", &data, &want);
    }
    check_frame(
        "terminal",
        r#"{"chunks":[{"stream":"pty","chunkIndex":0,"payload":"aGk=","recordedAt":"2026-01-01T00:00:01Z"}],"cursor":"{\"archive\":{\"recordId\":10,\"offset\":2}}"}"#,
        r#"! frame `terminal`, chunk 1: terminal bytes of no node: `nodeRef` is empty
        resume {"archive":{"recordId":10,"offset":2}}"#,
    );
}

#[test]
fn packets() {
    check_answer(
        Endpoint::Dataflows,
        r#"{"runId":"r","packets":[{"id":"r:3:consume:0","runId":"r","sourceNode":"node-1","targetNode":"consume","inputKey":"ok","payload":true,"timestamp":1735689602000,"visualTime":0,"size":4,"type":"json"}]}"#,
        "packet 2025-01-01T00:00:02.000 r:3:consume:0 node-1->consume:ok true 4",
    );
    let packet = |timestamp: &str| {
        format!(
            r#"{{"packets":[{{"id":"p","sourceNode":"a","targetNode":"b","payload":null,"timestamp":{timestamp},"visualTime":null,"size":-1}}]}}"#
        )
    };
    check_frame(
        "dataflow",
        &packet("1767225601000"),
        "packet 00:00:01.000 p a->b: - 0",
    );
    for timestamp in [
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036855",
    ] {
        check_frame(
            "dataflow",
            &packet(timestamp),
            "! frame `dataflow`, packet 1: `timestamp` is not between 1678 and 2262",
        );
    }
}

#[test]
fn inputs_show_before_outputs() {
    let row = |members: &str| {
        format!(r#"{{"runId":"r","nodes":[{{"nodeRef":"a","componentId":"c",{members}}}]}}"#)
    };
    let (start, end) = (
        r#""startedAt":"2026-01-01T00:00:01Z""#,
        r#""completedAt":"2026-01-01T00:00:02Z""#,
    );
    for (members, want) in [
        (
            format!(r#"{start},{end},"status":"completed","inputs":{{"u":1}},"outputs":"cut\n...","outputsTruncated":true,"errorMessage":null"#),
            r#"io 00:00:01.000 a {"u":1} => -
            io 00:00:02.000 a {"u":1} => "cut\n..." cut"#,
        ),
        (
            format!(r#"{start},"completedAt":null,"status":"running","inputs":[1],"outputs":null,"inputsTruncated":true"#),
            "io 00:00:01.000 a [1] => - cut",
        ),
        (format!(r#"{end},"outputs":0"#), "io 00:00:02.000 a - => 0"),
        (
            r#""startedAt":null,"completedAt":null,"status":"skipped","inputs":null,"outputs":null"#.to_owned(),
            "",
        ),
        (
            r#""inputs":{}"#.to_owned(),
            "! answer `node-io`, row 1: neither `startedAt` nor `completedAt`: it has no place",
        ),
    ] {
        check_answer(Endpoint::NodeIo, &row(&members), want);
    }
    check_answer(
        Endpoint::NodeIo,
        &format!(r#"{{"nodeRef":"a",{end},"outputs":1}}"#),
        "io 00:00:02.000 a - => 1",
    );
    check_frame("node-io", r#"{"nodes":[]}"#, "");
}

#[test]
fn artifacts() {
    let body = r#"{"runId":"r","artifacts":[
        {"id":"f1","runId":"r","workflowId":"w","workflowVersionId":null,"componentRef":"a","fileId":"x","name":"out.csv","mimeType":"text/csv","size":12,"destinations":["run"],"metadata":null,"createdAt":"2026-01-01T00:00:01Z"},
        {"id":"f2","name":"b","mimeType":"","createdAt":"2026-01-01T00:00:02Z","destinations":[null]},
        {"id":"f3","name":"c"}
    ]}"#;
    let want = r#"artifact 00:00:01.000 f1 a "out.csv" text/csv 12
        artifact 00:00:02.000 f2  "b" 0
        ! PLACE, artifact 2: left out: field `destinations`: invalid type: null, expected a word
        ! PLACE, artifact 3: missing field `createdAt`"#;
    check_answer(
        Endpoint::Artifacts,
        body,
        &want.replace("PLACE", "answer `artifacts`"),
    );
    check_frame(
        "artifacts",
        body,
        &want.replace("PLACE", "frame `artifacts`"),
    );
}

#[test]
fn questions_were_open_before_they_were_answered() {
    let input = |members: &str| {
        format!(
            r#"{{"id":"q","runId":"r","workflowId":"w","nodeRef":"ask","inputType":"approval","inputSchema":{{}},"title":"Go?","description":null,"createdAt":"2026-01-01T00:00:01Z",{members}}}"#
        )
    };
    for (members, want) in [
        (
            r#""status":"pending","updatedAt":"2026-01-01T00:00:05Z","responseData":null"#,
            r#"human 00:00:01.000 q ask pending "Go?" -"#,
        ),
        (
            r#""status":"resolved","respondedAt":"2026-01-01T00:00:03Z","updatedAt":"2026-01-01T00:00:05Z","responseData":{"approved":true}"#,
            r#"human 00:00:01.000 q ask pending "Go?" -
            human 00:00:03.000 q ask resolved "Go?" {"approved":true}"#,
        ),
        (
            r#""status":"expired","updatedAt":"2026-01-01T00:00:05Z""#,
            r#"human 00:00:01.000 q ask pending "Go?" -
            human 00:00:05.000 q ask expired "Go?" -"#,
        ),
    ] {
        let input = input(members);
        check_frame("human-inputs", &format!(r#"{{"inputs":[{input}]}}"#), want);
        check_answer(Endpoint::HumanInputs, &format!("[{input}]"), want);
        check_answer(Endpoint::HumanInputs, &input, want);
        assert_eq!(
            decode_human_inputs("other", &format!("[{input}]"))
                .items
                .len(),
            0
        );
        assert!(
            !decode_human_inputs("r", &format!("[{input}]"))
                .items
                .is_empty()
        );
    }
}

#[test]
fn records_that_arrived_after_a_token() {
    let records = r#""records":[{"kind":"trace","id":"1","nodeId":"a","type":"STARTED","timestamp":"2026-01-01T00:00:01Z"},{"kind":"weather","sky":"blue"},{"kind":"note","id":"n","text":"see","timestamp":"2026-01-01T00:00:02Z","nodeId":"a"},{"sky":1}]"#;
    let want = |place: &str, rest: &str| {
        format!(
            "event 00:00:01.000#1 1 \"a\" Started info
            unknown weather {{\"kind\":\"weather\",\"sky\":\"blue\"}}
            note 00:00:02.000 n \"see\" at a
            ! {place}, record 4: no `kind` that says what it is{rest}"
        )
    };
    for (rest, drawn) in [
        (
            r#""epoch":"ab","cursor":"ab-5","hasMore":true"#,
            "\nresume ab-5\nmore",
        ),
        (
            r#""epoch":"ab","cursor":5,"hasMore":false"#,
            "\nresume ab-5",
        ),
        (r#""epoch":"ab","cursor":null"#, ""),
    ] {
        check_answer(
            Endpoint::Records,
            &format!(r#"{{"runId":"r",{rest},{records}}}"#),
            &want("answer `records`", drawn),
        );
    }
    check_frame(
        "records",
        &format!("{{{records}}}"),
        &want("frame `records`", ""),
    );
}

#[test]
fn records_from_the_start_bring_the_run_and_its_graph() {
    check_answer(
        Endpoint::Records,
        r#"{"runId":"r","epoch":"ab","cursor":"ab-0","hasMore":false,"run":{"id":"r","workflowId":"w","workflowName":"W","status":"RUNNING","startTime":"2026-01-01T00:00:00Z"},"graph":{"nodes":[{"id":"a"}],"edges":[]},"records":[]}"#,
        r#"status 00:00:00.000#0 RUNNING started 00:00:00.000
        run r w "W" started 00:00:00.000
        graph a=a All
        resume ab-0"#,
    );
    check_answer(Endpoint::Graph, r#"{"runId":"r","graph":null}"#, "");
    check_answer(
        Endpoint::Graph,
        "{}",
        "! answer `graph`: missing field `graph`",
    );
}

#[test]
fn a_stream_goes_on_where_each_channel_was() {
    let mut from = StreamFrom::default();
    for (name, data) in [
        ("trace", r#"{"events":[],"cursor":"10"}"#),
        ("terminal", r#"{"chunks":[],"cursor":"t"}"#),
        ("logs", r#"{"logs":[],"cursor":"l"}"#),
        ("trace", r#"{"events":[]}"#),
        ("status", "{}"),
    ] {
        from.keep(name, &decode_frame(name, data));
    }
    let held = [&from.after, &from.trace, &from.terminal, &from.logs]
        .map(|token| token.as_ref().map_or("-", |token| token.as_str()));
    assert_eq!(held, ["-", "10", "t", "l"]);
}

#[test]
fn an_answer_that_is_no_json_is_one_problem() {
    for endpoint in [
        Endpoint::Run,
        Endpoint::Status,
        Endpoint::Trace,
        Endpoint::Version,
        Endpoint::Graph,
        Endpoint::Dataflows,
        Endpoint::Logs,
        Endpoint::Terminal,
        Endpoint::NodeIo,
        Endpoint::Artifacts,
        Endpoint::AgentParts,
        Endpoint::HumanInputs,
        Endpoint::Records,
        Endpoint::Reel,
    ] {
        let batch = source::dialect::studio::decode_answer(endpoint, "<html>down</html>");
        assert_eq!(
            (batch.items.len(), batch.problems.len()),
            (0, 1),
            "{endpoint:?}"
        );
    }
}
