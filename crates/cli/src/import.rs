//! `runreel import`: a reel file, sent to a server in parts.

use crate::args::Remote;
use crate::error::CliError;
use crate::http::Http;
use flate2::read::MultiGzDecoder;
use serde_json::Value;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// Options of `runreel import`.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The reel, plain or gzip; `-` is standard input
    pub file: PathBuf,
    /// Whose records these are, where the file does not begin with a header
    #[arg(long, value_name = "ID")]
    pub run: Option<String>,
    /// Where to.
    #[command(flatten)]
    pub remote: Remote,
}

/// What a server did with a reel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// Records it did not have.
    pub accepted: u64,
    /// Records it had.
    pub duplicates: u64,
}

/// Bytes of one part: well below a server's usual limit of 64 MiB.
const PART: usize = 8 << 20;

/// Sends the file and says what came of it, and where to watch.
pub fn import(args: &Args) -> Result<(), CliError> {
    let reel = open(&args.file).map_err(|error| unreadable(&args.file, &error))?;
    let (run_id, sent) = send(args, reel)?;
    println!("{}", args.remote.server().page(&run_id));
    println!(
        "{} records accepted, {} duplicates",
        sent.accepted, sent.duplicates
    );
    Ok(())
}

/// Sends a reel; the run's id and what came of it.
pub fn send(args: &Args, mut reel: impl BufRead) -> Result<(String, Sent), CliError> {
    let http = Http::new(&args.remote);
    let mut part = Vec::new();
    let mut first = true;
    let mut run_id = args.run.clone();
    let (mut sent, mut line, mut part_starts) = (Sent::default(), 0_u64, 1_u64);
    loop {
        let start = part.len();
        let count = reel
            .read_until(b'\n', &mut part)
            .map_err(|error| unreadable(&args.file, &error))?;
        if count > 0 {
            line += 1;
            if std::mem::take(&mut first) && run_id.is_none() {
                run_id = Some(header_id(&part[start..], &args.file)?);
            }
            if !part.ends_with(b"\n") {
                part.push(b'\n');
            }
        }
        let full = part.len() >= PART;
        if (full || count == 0)
            && !part.is_empty()
            && let Some(run_id) = &run_id
        {
            // A line that makes the part too long waits for the next one, unless it is alone.
            let rest = if full && start > 0 {
                part.split_off(start)
            } else {
                Vec::new()
            };
            post(&http, run_id, &part, part_starts, &mut sent)?;
            part_starts = if rest.is_empty() { line + 1 } else { line };
            part = rest;
        }
        if count == 0 && part.is_empty() {
            break;
        }
    }
    match run_id {
        Some(run_id) => Ok((run_id, sent)),
        None => Err(CliError::Usage(format!(
            "{}: the file is empty",
            args.file.display()
        ))),
    }
}

fn post(
    http: &Http,
    run_id: &str,
    part: &[u8],
    line: u64,
    sent: &mut Sent,
) -> Result<(), CliError> {
    let path = format!("workflows/runs/{}/reel", recorder::segment(run_id));
    let doing = match line {
        1 => "cannot import the reel".to_owned(),
        line => format!("cannot import the part of the reel that starts at its line {line}"),
    };
    let answer = http.post_lines(&path, part, &doing)?;
    let count = |name: &str| answer.get(name).and_then(Value::as_u64).unwrap_or(0);
    sent.accepted += count("accepted");
    sent.duplicates += count("duplicates");
    Ok(())
}

fn header_id(line: &[u8], file: &Path) -> Result<String, CliError> {
    let header: Option<Value> = serde_json::from_slice(line).ok();
    let id = header.as_ref().and_then(|header| {
        header.get("reel")?;
        Some(match header.get("run")?.get("id")? {
            Value::String(id) => id.clone(),
            id => id.to_string(),
        })
    });
    id.ok_or_else(|| {
        CliError::Usage(format!(
            "{}: line 1 is not the header of a reel ({{\"reel\":1,\"run\":{{\"id\":…}}}}). Say whose records these are with --run",
            file.display()
        ))
    })
}

fn open(file: &Path) -> io::Result<Box<dyn BufRead>> {
    let raw: Box<dyn Read> = match file.as_os_str() == "-" {
        true => Box::new(io::stdin()),
        false => Box::new(File::open(file)?),
    };
    let mut raw = BufReader::with_capacity(256 << 10, raw);
    let packed = raw.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    Ok(match packed {
        true => Box::new(BufReader::with_capacity(
            256 << 10,
            MultiGzDecoder::new(raw),
        )),
        false => Box::new(raw),
    })
}

fn unreadable(file: &Path, error: &io::Error) -> CliError {
    CliError::Io {
        what: format!("cannot read {}", file.display()),
        reason: error.to_string(),
    }
}
