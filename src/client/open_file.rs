//! Reads a run from a file, piece by piece, and hands the store what comes.

use crate::dom::clock;
use crate::dom::file::File;
use crate::dom::timer::breathe;
use crate::state::{LinkStatus, RunStore};
use leptos::prelude::*;
use leptos::task::spawn_local;
use source::connection::State;
use source::reel::Reader;

/// Bytes read and decoded at once: about 20 ms of work, after which the page may draw.
const PIECE_BYTES: u64 = 512 << 10;

/// How a file begins that is packed with gzip.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// How far the reading is.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// Going on.
    Going {
        /// Bytes of the run read so far.
        done: u64,
        /// How many there are; none where the file is packed.
        all: Option<u64>,
        /// When it began, by the browser's clock in milliseconds.
        since: i64,
    },
    /// All of it is in the store.
    Done,
    /// It is no run, or could not be read; for a person.
    Failed(String),
}

/// Nobody looks any more.
struct Left;

/// Reads `file` into `store` and tells how far it is; stops where nobody looks any more.
pub fn open(store: RunStore, file: File) -> RwSignal<Reading> {
    let reading = RwSignal::new(Reading::Going {
        done: 0,
        all: Some(file.size()),
        since: clock::now_millis(),
    });
    let work = store.work().begin();
    spawn_local(async move {
        let read = Intake::new(store, reading).read(&file).await;
        let outcome = match read {
            Err(Left) => return,
            Ok(Err(why)) => Reading::Failed(why),
            Ok(Ok(())) if untrack(|| store.is_loaded()) => Reading::Done,
            Ok(Ok(())) => Reading::Failed(format!(
                "{} holds no run: a reel is a JSON record a line, the first with \"reel\" in it",
                file.name()
            )),
        };
        store.set_link(LinkStatus {
            state: State::Ended,
            ..LinkStatus::idle()
        });
        store.loaded();
        reading.try_set(outcome);
        drop(work);
    });
    reading
}

/// Where pieces of a file go.
struct Intake {
    store: RunStore,
    reading: RwSignal<Reading>,
    reader: Reader,
    done: u64,
    since: i64,
}

impl Intake {
    fn new(store: RunStore, reading: RwSignal<Reading>) -> Self {
        Self {
            store,
            reading,
            reader: Reader::default(),
            done: 0,
            since: clock::now_millis(),
        }
    }

    async fn read(mut self, file: &File) -> Result<Result<(), String>, Left> {
        let begins = match file.piece(0, 2).await {
            Ok(begins) => begins,
            Err(why) => return Ok(Err(why)),
        };
        let read = match begins == GZIP {
            true => self.read_packed(file).await?,
            false => self.read_plain(file).await?,
        };
        let rest = self.reader.finish();
        self.store.load(rest.items, rest.problems);
        Ok(read)
    }

    async fn read_plain(&mut self, file: &File) -> Result<Result<(), String>, Left> {
        let all = file.size();
        while self.done < all {
            match file.piece(self.done, PIECE_BYTES).await {
                Ok(piece) if piece.is_empty() => break,
                Ok(piece) => self.take(&piece, Some(all))?,
                Err(why) => return Ok(Err(why)),
            }
        }
        Ok(Ok(()))
    }

    async fn read_packed(&mut self, file: &File) -> Result<Result<(), String>, Left> {
        let unpacked = match file.unpacked() {
            Ok(unpacked) => unpacked,
            Err(why) => return Ok(Err(why)),
        };
        let mut held = Vec::new();
        while let Some(piece) = unpacked.next().await {
            match piece {
                Ok(piece) => held.extend_from_slice(&piece),
                Err(why) => return Ok(Err(why)),
            }
            if held.len() as u64 >= PIECE_BYTES {
                self.take(&held, None)?;
                held.clear();
                // What is unpacked already comes without a pause in which the page could draw.
                breathe().await;
            }
        }
        self.take(&held, None)?;
        Ok(Ok(()))
    }

    fn take(&mut self, piece: &[u8], all: Option<u64>) -> Result<(), Left> {
        self.done += piece.len() as u64;
        let going = Reading::Going {
            done: self.done,
            all,
            since: self.since,
        };
        if self.reading.try_set(going).is_some() {
            return Err(Left);
        }
        let batch = self.reader.feed(piece);
        self.store.load(batch.items, batch.problems);
        Ok(())
    }
}
