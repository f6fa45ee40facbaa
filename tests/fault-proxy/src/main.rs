//! The proxy as a program: commands come as JSON lines, each is answered by one.
//!
//! ```text
//! fault-proxy --to 127.0.0.1:4700 [--listen 127.0.0.1:0]
//! ◄ {"listening":"127.0.0.1:41234"}
//! ► {"faults":[{"fault":"latency","ms":50},{"fault":"half-open","path":"/stream","connections":"existing"}]}
//! ◄ {"ok":true,"struck":1}
//! ► {"faults":[]}
//! ► {"stats":true}
//! ◄ {"open":2,"opened":31,"up":1200,"down":88000,"paths":{"/config.json":{"requests":1,"open":0,"quietMs":12}}}
//! ```
//!
//! | fault | with |
//! |---|---|
//! | `latency` | `ms` each way |
//! | `half-open` | |
//! | `reset`, `truncate` | `after` bytes of the answer (0) |
//! | `one-byte`, `stall`, `buffer`, `refuse` | |
//! | `answer` | `status`, `body`: `html` or `json` (`html`), `retryAfter` seconds |
//!
//! Each may have a `path` (what the request's path contains) and `connections`: `all`, `new`,
//! `existing`. The first that concerns a connection holds. What cannot be read is answered by
//! `{"error":"…"}` and changes nothing. The program ends with its input.

use fault_proxy::{Proxy, Rule};
use serde::Deserialize;
use serde_json::{Value, json};
use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, stdin, stdout};

const USAGE: &str = "usage: fault-proxy --to ADDRESS:PORT [--listen ADDRESS:PORT]";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let (to, listen) = match arguments(std::env::args().skip(1)) {
        Ok(found) => found,
        Err(why) => {
            eprintln!("fault-proxy: {why}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(to, listen).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("fault-proxy: {error}");
            ExitCode::FAILURE
        }
    }
}

fn arguments(mut given: impl Iterator<Item = String>) -> Result<(SocketAddr, SocketAddr), String> {
    let (mut to, mut listen) = (None, SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
    while let Some(name) = given.next() {
        let value = given.next().unwrap_or_default();
        let address = value
            .parse()
            .map_err(|_| format!("{name} needs an address with a port, not {value:?}"))?;
        match name.as_str() {
            "--to" => to = Some(address),
            "--listen" => listen = address,
            _ => return Err(format!("there is no {name}")),
        }
    }
    Ok((to.ok_or("--to is missing")?, listen))
}

async fn run(to: SocketAddr, listen: SocketAddr) -> Result<(), Box<dyn Error>> {
    let proxy = Proxy::start(listen, to).await?;
    say(&json!({ "listening": proxy.address() })).await?;
    let mut lines = BufReader::new(stdin()).lines();
    while let Some(line) = lines.next_line().await? {
        if !line.trim().is_empty() {
            say(&obey(&proxy, &line).await).await?;
        }
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Command {
    faults: Option<Vec<Rule>>,
    #[serde(default)]
    stats: bool,
}

async fn obey(proxy: &Proxy, line: &str) -> Value {
    let failed = |why: String| json!({ "error": why });
    match serde_json::from_str(line) {
        Ok(Command {
            faults: Some(rules),
            ..
        }) => match proxy.set(rules).await {
            Ok(struck) => json!({ "ok": true, "struck": struck }),
            Err(error) => failed(format!("cannot listen again: {error}")),
        },
        Ok(Command { stats: true, .. }) => {
            serde_json::to_value(proxy.stats()).unwrap_or_else(|error| failed(error.to_string()))
        }
        Ok(_) => failed("a command has `faults` or `stats`".to_owned()),
        Err(error) => failed(format!("{error} in {line}")),
    }
}

async fn say(answer: &Value) -> std::io::Result<()> {
    let mut out = stdout();
    out.write_all(format!("{answer}\n").as_bytes()).await?;
    out.flush().await
}
