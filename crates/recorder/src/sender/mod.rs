//! Sends lines to a server in the background: in order, in batches, again until they arrive.

mod backoff;
mod post;
mod queue;
mod spill;
mod worker;

use crate::Error;
use crate::sink::{Delivery, Sink};
pub use post::segment;
use post::{Answer, Post};
use queue::Queue;
use std::sync::Arc;
use std::time::Duration;

/// Where to send to.
#[derive(Clone, Debug)]
pub struct Server {
    /// As `http://127.0.0.1:4700`, without `/api/v1`.
    pub url: String,
    /// Sent as `Authorization: Bearer`, where the server asks for one.
    pub token: Option<String>,
}

impl Server {
    /// A server that asks for no token.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            token: None,
        }
    }

    /// The address of a path below `/api/v1/`.
    pub fn api(&self, path: &str) -> String {
        format!("{}/api/v1/{path}", self.url.trim_end_matches('/'))
    }

    /// The page on which a person watches the run.
    pub fn page(&self, run_id: &str) -> String {
        let server = self.url.trim_end_matches('/');
        format!("{server}/runs/{}", segment(run_id))
    }

    /// The address of a run's reel.
    pub fn reel(&self, run_id: &str) -> String {
        self.api(&format!("workflows/runs/{}/reel", segment(run_id)))
    }
}

/// When a batch goes out, and how much waits in memory.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// A batch goes out when its first line is this old…
    pub age: Duration,
    /// …or it has this many lines…
    pub records: usize,
    /// …or this many bytes.
    pub bytes: usize,
    /// Beyond this many bytes, waiting lines go to a temporary file.
    pub memory: usize,
    /// The first pause after a failure; it doubles from there…
    pub first_pause: Duration,
    /// …up to this.
    pub longest_pause: Duration,
    /// How long one request may take.
    pub request: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            age: Duration::from_millis(50),
            records: 256,
            bytes: 256 << 10,
            memory: 16 << 20,
            first_pause: Duration::from_millis(100),
            longest_pause: Duration::from_secs(5),
            request: Duration::from_secs(30),
        }
    }
}

/// A sink that POSTs to `…/runs/{id}/reel`.
pub struct HttpSink {
    queue: Arc<Queue>,
}

impl HttpSink {
    /// Posts the header and waits for the answer; then starts the background thread, which ends when the
    /// sink is dropped and everything has arrived.
    pub fn open(
        server: Server,
        run_id: &str,
        header: String,
        limits: Limits,
    ) -> Result<Self, Error> {
        let url = server.url.clone();
        let post = Post::new(&server, run_id, limits.request);
        match post.send(format!("{header}\n").as_bytes()) {
            Answer::Accepted => {}
            Answer::Later { reason, .. } => {
                return Err(Error::Unreachable {
                    server: url,
                    reason,
                });
            }
            Answer::Faulty { status, message } | Answer::Refused { status, message } => {
                return Err(Error::Refused { status, message });
            }
        }
        let queue = Arc::new(Queue::new(limits));
        let worker = queue.clone();
        std::thread::Builder::new()
            .name("recorder".into())
            .spawn(move || worker::run(&worker, &post))
            .map_err(|error| Error::Io {
                doing: "cannot start the thread that sends".into(),
                reason: error.to_string(),
            })?;
        Ok(Self { queue })
    }
}

impl Sink for HttpSink {
    fn put(&mut self, line: String) -> Result<(), Error> {
        self.queue.put(line);
        Ok(())
    }

    fn delivery(&self) -> Box<dyn Delivery> {
        Box::new(Posted(self.queue.clone()))
    }
}

impl Drop for HttpSink {
    fn drop(&mut self) {
        self.queue.close();
    }
}

struct Posted(Arc<Queue>);

impl Delivery for Posted {
    fn pending(&self) -> usize {
        self.0.pending()
    }

    fn problem(&self) -> Option<Error> {
        self.0.problem()
    }

    fn flush(&self, within: Duration) -> Result<(), Error> {
        self.0.flush(within)
    }

    fn give_up(&self) -> Vec<String> {
        self.0.give_up()
    }
}
