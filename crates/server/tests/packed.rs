//! A stream packed on its way: smaller, and each piece readable as soon as it comes.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod common;

use common::{TestServer, log, reel, status};
use flate2::write::GzDecoder;
use reqwest::{Client, Response};
use std::io::Write;
use std::time::Duration;

/// What came so far, unpacked.
struct Unpacked {
    response: Response,
    decoder: GzDecoder<Vec<u8>>,
    packed: usize,
}

impl Unpacked {
    async fn open(server: &TestServer) -> Self {
        let response = asked(server, "gzip, br").await;
        assert_eq!(response.headers()["content-encoding"], "gzip");
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["vary"], "Accept-Encoding");
        Self {
            response,
            decoder: GzDecoder::new(Vec::new()),
            packed: 0,
        }
    }

    /// Reads on until the text holds `words`; false when the body ends before.
    async fn until(&mut self, words: &str) -> bool {
        let mut looked = 0;
        loop {
            self.decoder.flush().unwrap();
            let text = &self.decoder.get_ref()[looked..];
            if String::from_utf8_lossy(text).contains(words) {
                return true;
            }
            looked += text.len().saturating_sub(words.len());
            let chunk = tokio::time::timeout(Duration::from_secs(30), self.response.chunk());
            match chunk.await.expect("in time").unwrap() {
                Some(chunk) => {
                    self.packed += chunk.len();
                    self.decoder.write_all(&chunk).unwrap();
                }
                None => return false,
            }
        }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(self.decoder.get_ref()).into_owned()
    }
}

/// The answer as it came, by a client that unpacks nothing.
async fn asked(server: &TestServer, accepted: &str) -> Response {
    let client = Client::builder()
        .no_proxy()
        .no_gzip()
        .no_brotli()
        .build()
        .unwrap();
    let url = format!("{}/api/v1/workflows/runs/r/stream", server.base);
    let request = client.get(url).header("accept-encoding", accepted);
    request.send().await.unwrap()
}

#[tokio::test]
async fn each_piece_can_be_read_as_it_comes_and_all_of_it_is_an_eighth() {
    let server = TestServer::start().await;
    server
        .put("r", &reel("r", &[log("l0", "the first", 1)]))
        .await;
    let mut stream = Unpacked::open(&server).await;
    assert!(stream.until("the first").await);
    for number in 1..=300 {
        let message = format!("compared entry {number} with its twin, nothing to report");
        let line = log(&format!("l{number}"), &message, 2 + number);
        server.put("r", &format!("{line}\n")).await;
        if number % 50 == 0 {
            assert!(stream.until(&format!("entry {number} ")).await, "at once");
        }
    }
    server
        .put("r", &format!("{}\n", status("COMPLETED", 400)))
        .await;
    assert!(stream.until("event: complete").await);
    assert!(!stream.until("no such words").await, "the body ends");
    let plain = stream.text().len();
    assert!(
        stream.packed * 8 < plain,
        "{} of {plain} bytes",
        stream.packed
    );
    let text = stream.text();
    stream.decoder.try_finish().expect("a whole gzip file");
    assert_eq!(text.matches("nothing to report").count(), 300);
}

#[tokio::test]
async fn a_long_history_is_packed_whole() {
    let server = TestServer::start().await;
    let lines: Vec<_> = (0..12_000_i64)
        // Nothing that packs well, so that the pieces fill what there is room for.
        .map(|number| {
            log(
                &format!("l{number}"),
                &format!("{:x}", number.wrapping_mul(0x1e37_79b9_7f4a_7c15)),
                number,
            )
        })
        .chain([status("COMPLETED", 12_001)])
        .collect();
    server.put("r", &reel("r", &lines)).await;
    let mut stream = Unpacked::open(&server).await;
    assert!(!stream.until("no such words").await, "the body ends");
    stream.decoder.try_finish().expect("a whole gzip file");
    assert_eq!(stream.text().matches("\"message\":").count(), 12_000);
}

#[tokio::test]
async fn who_does_not_ask_for_it_gets_it_plain() {
    let server = TestServer::start().await;
    server
        .put(
            "r",
            &reel("r", &[log("l0", "the first", 1), status("COMPLETED", 2)]),
        )
        .await;
    for accepted in ["identity", "br", "gzip;q=0"] {
        let response = asked(&server, accepted).await;
        assert!(
            !response.headers().contains_key("content-encoding"),
            "{accepted}"
        );
        assert!(response.text().await.unwrap().contains("the first"));
    }
}
