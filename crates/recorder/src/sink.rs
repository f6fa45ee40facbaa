//! Where lines of a reel go: to a server, into a file, into a test.

use crate::Error;
use std::io::Write;
use std::time::Duration;

/// Takes lines in order. The recorder calls it under its own lock, so `put` must not wait for the network.
pub trait Sink: Send {
    /// Takes one line, without its line feed.
    fn put(&mut self, line: String) -> Result<(), Error>;

    /// What [`crate::Recorder`] needs in order to wait for what was put, without holding its lock.
    fn delivery(&self) -> Box<dyn Delivery>;
}

/// Knows how far the lines of a sink have come.
pub trait Delivery: Send {
    /// Lines put and not yet known to have arrived.
    fn pending(&self) -> usize;

    /// The first thing that went wrong and is not made good yet.
    fn problem(&self) -> Option<Error>;

    /// Waits until all lines have arrived, or `within` is over, or it is certain that they will not.
    fn flush(&self, within: Duration) -> Result<(), Error>;

    /// Gives up on the lines still pending and hands them back, in order.
    fn give_up(&self) -> Vec<String>;
}

/// Writes a reel to a file, a buffer, a pipe.
#[derive(Debug)]
pub struct WriteSink<W> {
    writer: W,
}

impl<W: Write + Send> WriteSink<W> {
    /// Lines go to `writer` as they come; give it a buffer where that pays.
    pub fn new(writer: W) -> Self {
        Self { writer }
    }
}

impl<W: Write + Send> Sink for WriteSink<W> {
    fn put(&mut self, mut line: String) -> Result<(), Error> {
        line.push('\n');
        self.writer
            .write_all(line.as_bytes())
            .map_err(|error| Error::Io {
                doing: "cannot write the reel".into(),
                reason: error.to_string(),
            })
    }

    fn delivery(&self) -> Box<dyn Delivery> {
        Box::new(Written)
    }
}

/// Written is delivered; the writer's own buffer is flushed when the sink is dropped.
struct Written;

impl Delivery for Written {
    fn pending(&self) -> usize {
        0
    }

    fn problem(&self) -> Option<Error> {
        None
    }

    fn flush(&self, _within: Duration) -> Result<(), Error> {
        Ok(())
    }

    fn give_up(&self) -> Vec<String> {
        Vec::new()
    }
}
