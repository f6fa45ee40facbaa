//! A stream packed with gzip on its way: events repeat themselves, and shrink to about an eighth.
//!
//! Every piece is flushed, so that nothing waits for more, and all of them share one window: what a
//! frame has in common with the ones before is not sent again. A packer holds about 300 kB, so there
//! is a bound on how many there are; a stream beyond it is sent as it is.

use crate::assets::accepts;
use crate::state::AppState;
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use flate2::{Compress, Compression, FlushCompress, Status};
use std::io;
use tokio::sync::OwnedSemaphorePermit;

/// Streams packed at once.
pub(crate) const MOST: usize = 256;

/// Who is so many records behind gets them quickly, others what comes in the fewest bytes: the one
/// packs 120 MB a second, the other 35.
const FAR: i64 = 10_000;
const QUICKLY: u32 = 4;
const WELL: u32 = 8;
/// A window of 32 KiB, gzip's largest.
const WINDOW_BITS: u8 = 15;
/// Room for the next output.
const ROOM: usize = 1_024;

/// How pieces are sent.
pub(super) enum Packing {
    /// As they are.
    None,
    /// Packed.
    Gzip {
        gzip: Box<Compress>,
        _place: OwnedSemaphorePermit,
    },
}

impl Packing {
    /// What the reader takes, who is so many records `behind`, as far as there is a place for it.
    pub(super) fn asked(state: &AppState, headers: &HeaderMap, behind: i64) -> Self {
        let level = Compression::new(if behind < FAR { WELL } else { QUICKLY });
        let accepted = headers
            .get(header::ACCEPT_ENCODING)
            .and_then(|value| value.to_str().ok());
        let place = accepted
            .filter(|accepted| accepts(accepted, "gzip"))
            .and_then(|_| state.packers.clone().try_acquire_owned().ok());
        match place {
            None => Self::None,
            Some(place) => Self::Gzip {
                gzip: Box::new(Compress::new_gzip(level, WINDOW_BITS)),
                _place: place,
            },
        }
    }

    /// `Content-Encoding`, where there is one.
    pub(super) fn word(&self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Gzip { .. } => Some("gzip"),
        }
    }

    /// A piece as it is sent.
    pub(super) fn pack(&mut self, piece: Bytes) -> io::Result<Bytes> {
        match self {
            Self::None => Ok(piece),
            // A partial flush lets the reader have all that was said, as a full one does, and takes
            // two bytes where that takes five.
            Self::Gzip { gzip, .. } => run(gzip, &piece, FlushCompress::Partial),
        }
    }

    /// What has to come behind the last piece, if anything.
    pub(super) fn finish(self) -> Option<io::Result<Bytes>> {
        match self {
            Self::None => None,
            Self::Gzip { mut gzip, .. } => Some(run(&mut gzip, b"", FlushCompress::Finish)),
        }
    }
}

fn run(gzip: &mut Compress, mut input: &[u8], flush: FlushCompress) -> io::Result<Bytes> {
    let mut output = Vec::with_capacity(input.len() / 4 + ROOM);
    loop {
        let before = gzip.total_in();
        let status = gzip.compress_vec(input, &mut output, flush)?;
        input = &input[(gzip.total_in() - before) as usize..];
        // Room that is left was not needed: everything is out.
        let whole = output.len() < output.capacity();
        if status == Status::StreamEnd || (whole && input.is_empty()) {
            return Ok(output.into());
        }
        output.reserve(output.len());
    }
}
