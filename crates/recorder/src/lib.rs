//! The SDK a worker uses to record a run: what happens in it, as it happens, in order, losing nothing.
//!
//! ```no_run
//! # fn main() -> Result<(), recorder::Error> {
//! use recorder::{Recorder, Server, RunStart};
//! use std::time::Duration;
//!
//! let run = Recorder::start(Server::new("http://127.0.0.1:4700"), RunStart::new("run-1", "Nightly scan"))?;
//! let scan = run.node("scan");
//! scan.started(1);
//! scan.progress("scanning", Some(89), Some(127));
//! scan.emit_artifact("hosts.txt", b"10.0.0.1\n", None);
//! scan.completed(None);
//! run.completed();
//! run.finish(Duration::from_secs(30))
//! # }
//! ```
//!
//! Nothing here blocks on the network but `start`, `flush` and `finish`: one background thread sends.
//! The same handles write to anything that is [`Write`](std::io::Write), as a reel file.

mod clock;
mod error;
mod io;
mod line;
mod mime;
mod node;
mod run;
mod sender;
mod sequence;
mod sink;

pub use clock::{Clock, SystemClock};
pub use error::Error;
pub use io::NodeIoRow;
pub use mime::mime_of;
pub use node::{ARTIFACT_CONTENT_LIMIT, Failure, Node};
pub use run::{Recorder, RunStart};
pub use sender::{HttpSink, Limits, Server, segment};
pub use sink::{Delivery, Sink, WriteSink};
