//! What was acknowledged is there after `kill -9`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod common;

use common::{SOON, header, log};
use reqwest::Client;
use serde_json::Value;
use std::collections::BTreeSet;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::Notify;

/// Set for the process that is to be killed; holds its folder.
const CHILD: &str = "RUNREEL_TEST_DATA";

/// The server in a process of its own: this very test, started by the one below.
#[tokio::test]
async fn child() {
    let Ok(data) = std::env::var(CHILD) else {
        return;
    };
    let config = server::Config {
        listen: "127.0.0.1:0".parse().unwrap(),
        data: data.into(),
        ..server::Config::default()
    };
    let server = server::bind(config).await.unwrap();
    println!("\nlistening {}", server.address());
    server.run(std::future::pending()).await.unwrap();
}

async fn start(data: &str) -> (Child, String) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture"])
        .env(CHILD, data)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    loop {
        let line = tokio::time::timeout(SOON, lines.next_line())
            .await
            .unwrap()
            .unwrap();
        if let Some((_, address)) = line
            .expect("the server did not start")
            .split_once("listening ")
        {
            return (
                child,
                format!("http://{address}/api/v1/workflows/runs/r/reel"),
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_on_kill() {
    let data = tempfile::tempdir().unwrap();
    let data = data.path().to_str().unwrap().to_owned();
    let client = Client::builder().no_proxy().build().unwrap();
    let acknowledged = Arc::new(Mutex::new(BTreeSet::new()));
    let next = Arc::new(AtomicUsize::new(0));
    for round in 0..4 {
        let (mut child, address) = start(&data).await;
        let send = async |body: String| client.post(&address).body(body).send().await;
        assert_eq!(send(header("r")).await.unwrap().status(), 200);
        let enough = Arc::new(Notify::new());
        let senders: Vec<_> = (0..4)
            .map(|_| {
                let (client, address, enough) = (client.clone(), address.clone(), enough.clone());
                let (acknowledged, next) = (acknowledged.clone(), next.clone());
                tokio::spawn(async move {
                    loop {
                        let first = next.fetch_add(10, Ordering::Relaxed);
                        let ids: Vec<String> =
                            (first..first + 10).map(|id| format!("l{id}")).collect();
                        let body: Vec<String> = ids.iter().map(|id| log(id, "text", 1)).collect();
                        match client.post(&address).body(body.join("\n")).send().await {
                            Ok(answer) if answer.status() == 200 => {
                                let mut acknowledged = acknowledged.lock().unwrap();
                                acknowledged.extend(ids);
                                if acknowledged.len() >= (round + 1) * 300 {
                                    enough.notify_one();
                                }
                            }
                            _ => return,
                        }
                    }
                })
            })
            .collect();
        tokio::time::timeout(SOON, enough.notified()).await.unwrap();
        child.kill().await.unwrap();
        for sender in senders {
            sender.await.unwrap();
        }
    }
    let (_child, address) = start(&data).await;
    let reel = client
        .get(&address)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let mut held = Vec::new();
    for line in reel.lines().skip(1) {
        let record: Value = serde_json::from_str(line).unwrap();
        held.push(record["id"].as_str().unwrap().to_owned());
    }
    let unique: BTreeSet<String> = held.iter().cloned().collect();
    assert_eq!(unique.len(), held.len(), "nothing is there twice");
    let lost: Vec<_> = acknowledged
        .lock()
        .unwrap()
        .difference(&unique)
        .cloned()
        .collect();
    assert_eq!(lost, Vec::<String>::new());
}
