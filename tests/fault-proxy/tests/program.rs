//! The program: commands in, one line out for each.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod common;

use common::{ANY, Client, request};
use serde_json::{Value, json};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpListener;
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

struct Program {
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl Program {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_fault-proxy"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        Self {
            input: child.stdin.take().unwrap(),
            output: BufReader::new(child.stdout.take().unwrap()).lines(),
            child,
        }
    }

    async fn line(&mut self) -> Value {
        serde_json::from_str(&self.output.next_line().await.unwrap().unwrap()).unwrap()
    }

    async fn tell(&mut self, command: &str) -> Value {
        let line = format!("{command}\n");
        self.input.write_all(line.as_bytes()).await.unwrap();
        self.line().await
    }
}

#[tokio::test]
async fn it_obeys_counts_and_ends_with_its_input() {
    let server = TcpListener::bind(ANY).await.unwrap();
    let to = server.local_addr().unwrap().to_string();
    let mut program = Program::start(&["--to", &to, "--listen", ANY]);
    let address = program.line().await["listening"]
        .as_str()
        .unwrap()
        .to_owned();

    let every_fault = json!({"faults": [
        {"fault": "latency", "ms": 5, "path": "/latency"},
        {"fault": "half-open", "path": "/half-open", "connections": "existing"},
        {"fault": "reset", "after": 9, "path": "/reset"},
        {"fault": "truncate", "path": "/truncate", "connections": "new"},
        {"fault": "one-byte", "path": "/one"},
        {"fault": "stall", "path": "/stall"},
        {"fault": "buffer", "path": "/buffer", "connections": "all"},
        {"fault": "answer", "status": 503, "body": "json", "retryAfter": 2, "path": "/busy"},
    ]});
    let done = json!({"ok": true, "struck": 0});
    assert_eq!(program.tell(&every_fault.to_string()).await, done);
    let mut client = Client::connect(address.parse().unwrap()).await;
    client.send(request("/busy").as_bytes()).await;
    let answer = String::from_utf8(client.rest().await.unwrap()).unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 503 ") && answer.contains("\r\nRetry-After: 2\r\n"),
        "{answer}"
    );
    drop(client);

    assert_eq!(
        program.tell(r#"{"faults":[{"fault":"refuse"}]}"#).await,
        done
    );
    assert_eq!(program.tell(r#"{"faults":[]}"#).await, done);
    let mut stats = program.tell(r#"{"stats":true}"#).await;
    assert!(stats["paths"]["/busy"]["quietMs"].take().is_u64());
    stats["open"].take(); // the end of the connection may still be on its way
    stats["paths"]["/busy"]["open"].take();
    assert_eq!(
        stats,
        json!({"open": null, "opened": 1, "up": request("/busy").len(), "down": answer.len(),
               "paths": {"/busy": {"requests": 1, "open": null, "quietMs": null}}})
    );
    drop(program.input);
    assert!(program.child.wait().await.unwrap().success());
}

#[tokio::test]
async fn what_it_cannot_read_it_says() {
    let mut program = Program::start(&["--to", "127.0.0.1:1"]);
    program.line().await;
    for (command, why) in [
        ("latency", "expected value"),
        ("{}", "`faults` or `stats`"),
        (r#"{"fault":[]}"#, "unknown field"),
        (r#"{"faults":[{"fault":"gremlins"}]}"#, "unknown variant"),
        (r#"{"faults":[{"fault":"latency"}]}"#, "`ms`"),
        (r#"{"faults":[{"fault":"answer"}]}"#, "`status`"),
        (
            r#"{"faults":[{"fault":"reset","path":"/a","bytes":3}]}"#,
            "unknown field",
        ),
        (
            r#"{"faults":[{"fault":"refuse","path":"/a"}]}"#,
            "leave `path` out",
        ),
    ] {
        let answer = program.tell(command).await;
        let error = answer["error"].as_str().unwrap_or_default();
        assert!(error.contains(why), "{command}: {answer}");
    }
}

#[tokio::test]
async fn arguments_are_checked() {
    for (arguments, why) in [
        (&[][..], "--to is missing"),
        (&["--to"], "--to needs an address"),
        (&["--to", "here"], "--to needs an address"),
        (&["--from", "127.0.0.1:1"], "there is no --from"),
    ] {
        let output = Program::start(arguments)
            .child
            .wait_with_output()
            .await
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(why), "{arguments:?}: {said}");
        assert_eq!(output.status.code(), Some(2));
    }
}
