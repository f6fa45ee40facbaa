//! Measures a server in this process: how fast a run of 300 nodes and 50,000 records goes in, comes
//! out as a reel and as a stream. `cargo run --release -p server --example measure`.

use std::error::Error;
use std::fmt::Write;
use std::time::Instant;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let data = tempfile::tempdir()?;
    let config = server::Config {
        listen: "127.0.0.1:0".parse()?,
        data: data.path().to_owned(),
        ..server::Config::default()
    };
    let server = server::bind(config).await?;
    let run = format!("http://{}/api/v1/workflows/runs/r", server.address());
    tokio::spawn(server.run(std::future::pending()));
    let client = reqwest::Client::builder().no_proxy().build()?;

    let reel = reel()?;
    println!("reel: {} kB", reel.len() / 1_024);
    for what in ["in", "in again"] {
        let start = Instant::now();
        let posted = client
            .post(format!("{run}/reel"))
            .body(reel.clone())
            .send()
            .await?;
        println!("{what}: {:?} {}", start.elapsed(), posted.text().await?);
    }
    let mut id = 1_000_000;
    let start = Instant::now();
    for _ in 0..100 {
        let mut lines = String::new();
        for _ in 0..500 {
            id += 1;
            line(&mut lines, id)?;
        }
        client
            .post(format!("{run}/reel"))
            .body(lines)
            .send()
            .await?
            .error_for_status()?;
    }
    println!(
        "100 batches of 500, one after the other: {:?}",
        start.elapsed()
    );
    let end =
        "{\"kind\":\"status\",\"status\":\"COMPLETED\",\"updatedAt\":\"2026-01-02T00:00:00Z\"}";
    client.post(format!("{run}/reel")).body(end).send().await?;
    for path in [
        "reel",
        "stream",
        "records",
        "trace",
        "logs?limit=500",
        "status",
    ] {
        let start = Instant::now();
        let body = client
            .get(format!("{run}/{path}"))
            .send()
            .await?
            .bytes()
            .await?;
        println!("{path}: {} kB in {:?}", body.len() / 1_024, start.elapsed());
    }
    Ok(())
}

fn reel() -> Result<String, std::fmt::Error> {
    let mut reel = String::from(
        "{\"reel\":1,\"run\":{\"id\":\"r\",\"workflowId\":\"w\",\"workflowName\":\"W\",\"status\":\"RUNNING\",\
         \"startTime\":\"2026-01-01T00:00:00Z\"},\"graph\":{\"edges\":[],\"nodes\":[",
    );
    for node in 0..300 {
        let comma = if node == 0 { "" } else { "," };
        write!(reel, "{comma}{{\"id\":\"n{node}\"}}")?;
    }
    reel.push_str("]}}\n");
    for id in 0..50_000 {
        line(&mut reel, id)?;
    }
    Ok(reel)
}

fn line(reel: &mut String, id: u32) -> std::fmt::Result {
    let (node, minute, second) = (id % 300, id / 1_000 / 60 % 60, id / 1_000 % 60);
    let at = format!("2026-01-01T00:{minute:02}:{second:02}.{:03}Z", id % 1_000);
    match id % 2 {
        0 => writeln!(
            reel,
            "{{\"kind\":\"trace\",\"id\":{id},\"nodeId\":\"n{node}\",\"type\":\"PROGRESS\",\"timestamp\":\"{at}\",\"message\":\"{id} done\"}}"
        ),
        _ => writeln!(
            reel,
            "{{\"kind\":\"log\",\"id\":\"l{id}\",\"nodeId\":\"n{node}\",\"level\":\"info\",\"message\":\"a line of the usual length, {id}\",\"timestamp\":\"{at}\"}}"
        ),
    }
}
