//! A stream packed with gzip on its way: events repeat themselves, and shrink to about a seventh.
//!
//! Every piece is flushed, so that nothing waits for more. A packer holds about 300 kB, so there is
//! a bound on how many there are; a stream beyond it is sent as it is.

use crate::assets::accepts;
use crate::state::AppState;
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{self, Write};
use tokio::sync::OwnedSemaphorePermit;

/// Streams packed at once.
pub(crate) const MOST: usize = 256;

/// How pieces are sent.
pub(super) enum Packing {
    /// As they are.
    None,
    /// Packed.
    Gzip {
        encoder: Box<GzEncoder<Vec<u8>>>,
        _place: OwnedSemaphorePermit,
    },
}

impl Packing {
    /// What the reader takes, as far as there is a place for it.
    pub(super) fn asked(state: &AppState, headers: &HeaderMap) -> Self {
        let accepted = headers
            .get(header::ACCEPT_ENCODING)
            .and_then(|value| value.to_str().ok());
        let place = accepted
            .filter(|accepted| accepts(accepted, "gzip"))
            .and_then(|_| state.packers.clone().try_acquire_owned().ok());
        match place {
            None => Self::None,
            Some(place) => Self::Gzip {
                encoder: Box::new(GzEncoder::new(Vec::new(), Compression::default())),
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
            Self::Gzip { encoder, .. } => {
                encoder.write_all(&piece)?;
                encoder.flush()?;
                Ok(std::mem::take(encoder.get_mut()).into())
            }
        }
    }

    /// What has to come behind the last piece, if anything.
    pub(super) fn finish(self) -> Option<io::Result<Bytes>> {
        match self {
            Self::None => None,
            Self::Gzip { encoder, .. } => Some(encoder.finish().map(Bytes::from)),
        }
    }
}
