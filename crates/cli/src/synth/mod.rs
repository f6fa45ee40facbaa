//! `runreel synth`: a made-up run of any size, the same for the same seed, written as it is made up.

mod names;
mod plan;
mod play;
mod rng;

pub use plan::{Live, Size};

use crate::error::CliError;
use flate2::Compression;
use flate2::write::GzEncoder;
use plan::Plan;
use recorder::{Recorder, RunStart, WriteSink};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Options of `runreel synth`.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Steps
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub nodes: u32,
    /// Lifecycle events, in all (default: 6 a node)
    #[arg(long)]
    pub events: Option<u64>,
    /// Log lines, in all (default: 20 a node)
    #[arg(long)]
    pub log_lines: Option<u64>,
    /// Bytes of terminal output, in all
    #[arg(long, default_value_t = 0)]
    pub terminal_bytes: u64,
    /// Steps that fail for good; what needs them is blocked
    #[arg(long, default_value_t = 0)]
    pub fail: u32,
    /// Leave the last steps running and the run without an end
    #[arg(long)]
    pub live: bool,
    /// The same seed gives the same bytes
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// The run's id
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
    /// When the run starts, milliseconds since 1970 (default: the first instant of 2026)
    #[arg(long, default_value_t = 1_767_225_600_000, value_name = "MS")]
    pub start: i64,
    /// Where to write it; gzip if the name ends in .gz; standard output if not given
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Writes the reel.
pub fn synth(args: &Args) -> Result<(), CliError> {
    let failed = |error: io::Error| CliError::Io {
        what: "cannot write the reel".into(),
        reason: error.to_string(),
    };
    let target = Target::open(args.output.as_deref()).map_err(failed)?;
    let target = Arc::new(Mutex::new(target));
    write(args, Shared(target.clone()))?;
    // The recorder is gone: what is left in buffers must be written, and its errors told.
    let mut target = target.lock().unwrap_or_else(PoisonError::into_inner);
    target.finish().map_err(failed)
}

/// Writes the reel to anything.
pub fn write(args: &Args, to: impl Write + Send + 'static) -> Result<(), CliError> {
    let size = Size {
        nodes: args.nodes as usize,
        events: args.events.unwrap_or(u64::from(args.nodes) * 6),
        log_lines: args.log_lines.unwrap_or(u64::from(args.nodes) * 20),
        terminal_bytes: args.terminal_bytes,
        failing: args.fail as usize,
        live: if args.live { Live::Yes } else { Live::No },
    };
    let plan = Plan::new(&size, args.seed).map_err(CliError::Usage)?;
    let id = args
        .id
        .clone()
        .unwrap_or_else(|| format!("synth-{}-{}", args.nodes, args.seed));
    let mut start = RunStart::new(id, "Synthetic run");
    start.graph = Some(plan.graph());
    let clock = Arc::new(AtomicI64::new(args.start));
    let now = clock.clone();
    let run = Recorder::with_sink(WriteSink::new(to), start, move || {
        now.load(Ordering::Relaxed)
    })?;
    let set = |offset: u64| {
        let offset = i64::try_from(offset).unwrap_or(i64::MAX);
        clock.store(args.start.saturating_add(offset), Ordering::Relaxed);
    };
    play::play(&plan, &run, args.seed, set)?;
    run.finish(Duration::ZERO).map_err(CliError::from)
}

/// Where a reel is written to.
enum Target {
    Plain(BufWriter<Box<dyn Write + Send>>),
    Gzip(Box<GzEncoder<BufWriter<Box<dyn Write + Send>>>>),
}

impl Target {
    fn open(file: Option<&Path>) -> io::Result<Self> {
        let raw: Box<dyn Write + Send> = match file {
            None => Box::new(io::stdout()),
            Some(file) => Box::new(File::create(file)?),
        };
        let buffered = BufWriter::with_capacity(256 << 10, raw);
        let gzip = file.is_some_and(|file| file.extension().is_some_and(|ext| ext == "gz"));
        Ok(match gzip {
            // Level 1 packs a third worse and is hardly quicker.
            true => Self::Gzip(Box::new(GzEncoder::new(buffered, Compression::new(2)))),
            false => Self::Plain(buffered),
        })
    }

    fn finish(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(to) => to.flush(),
            Self::Gzip(to) => {
                to.try_finish()?;
                to.get_mut().flush()
            }
        }
    }
}

/// A handle that the recorder may keep while we keep another.
struct Shared(Arc<Mutex<Target>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Target::Plain(to) => to.write(bytes),
            Target::Gzip(to) => to.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
