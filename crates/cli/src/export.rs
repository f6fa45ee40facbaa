//! `runreel export`: a run as one file.

use crate::args::Remote;
use crate::error::CliError;
use crate::http::Http;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// Options of `runreel export`.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The run's id
    pub run: String,
    /// Where to write it; standard output if not given
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Compress it (as a name that ends in .gz does)
    #[arg(short = 'z', long)]
    pub gzip: bool,
    /// Where it is.
    #[command(flatten)]
    pub remote: Remote,
}

/// Writes the run as the server renders it. A file is whole or not there.
pub fn export(args: &Args) -> Result<(), CliError> {
    let doing = format!("cannot export the run {}", args.run);
    let path = format!("workflows/runs/{}/reel", recorder::segment(&args.run));
    let reel = Http::new(&args.remote).get(&path, &doing)?;
    let Some(file) = &args.output else {
        return write(reel, io::stdout().lock(), compression(args.gzip)).map_err(failed(&doing));
    };
    let gzip = args.gzip || file.extension().is_some_and(|extension| extension == "gz");
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let part = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))
        .map_err(failed(&doing))?;
    write(reel, part.as_file(), compression(gzip)).map_err(failed(&doing))?;
    part.persist(file)
        .map_err(|error| failed(&doing)(error.error))?;
    Ok(())
}

/// Whether a file is compressed.
#[derive(Clone, Copy, PartialEq)]
enum Packing {
    /// As it is.
    Plain,
    /// With gzip.
    Gzip,
}

fn write(mut reel: Box<dyn Read>, to: impl Write, packing: Packing) -> io::Result<()> {
    let mut to = BufWriter::with_capacity(256 << 10, to);
    match packing {
        Packing::Plain => {
            io::copy(&mut reel, &mut to)?;
        }
        Packing::Gzip => {
            let mut packed = GzEncoder::new(&mut to, Compression::default());
            io::copy(&mut reel, &mut packed)?;
            packed.finish()?;
        }
    }
    to.flush()
}

fn compression(gzip: bool) -> Packing {
    if gzip { Packing::Gzip } else { Packing::Plain }
}

fn failed(doing: &str) -> impl Fn(io::Error) -> CliError {
    let what = doing.to_owned();
    move |error| CliError::Io {
        what: what.clone(),
        reason: error.to_string(),
    }
}
