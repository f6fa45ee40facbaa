//! What all handlers share.

use crate::config::Config;
use crate::error::Error;
use crate::hub::Hub;
use crate::projection::Projections;
use crate::run_id::RunId;
use crate::security::Sessions;
use crate::store::{Append, Appended, Condition, EmbeddedStore, NewRecord, StoreError, Stores};
use std::ops::Deref;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// The running server's parts; a clone is the same server.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

/// See [`AppState`].
pub struct Shared {
    /// The settings.
    pub(crate) config: Config,
    /// Where runs are kept.
    pub(crate) stores: Stores,
    /// Wakes those who wait for records.
    pub(crate) hub: Hub,
    /// Runs as other dialects show them.
    pub(crate) projections: Projections,
    /// Who has logged in.
    pub(crate) sessions: Sessions,
    /// Places for run streams.
    pub(crate) streams: Arc<Semaphore>,
    /// Places for run streams that are packed on their way.
    pub(crate) packers: Arc<Semaphore>,
    /// Kilobytes of memory that bodies may take together.
    pub(crate) bodies: Arc<Semaphore>,
    /// Places for whole reels on their way out; each holds a thread and a view of the store.
    pub(crate) exports: Arc<Semaphore>,
    ending: CancellationToken,
}

/// Reels on their way out at once.
const EXPORTS: usize = 16;

impl AppState {
    /// Opens the embedded store in `config.data`.
    pub fn open(config: Config) -> Result<Self, Error> {
        let hub = Hub::default();
        let store = EmbeddedStore::open(&config.data, hub.clone()).map_err(Error::Store)?;
        // Four bodies of the greatest size, or many small ones.
        let bodies = 4 * config.body_limit.div_ceil(1024).max(1);
        Ok(Self(Arc::new(Shared {
            stores: store.stores(),
            hub,
            projections: Projections::default(),
            sessions: Sessions::default(),
            streams: Arc::new(Semaphore::new(config.stream_limit)),
            packers: Arc::new(Semaphore::new(crate::stream::MOST_PACKED)),
            bodies: Arc::new(Semaphore::new(bodies)),
            exports: Arc::new(Semaphore::new(EXPORTS)),
            ending: CancellationToken::new(),
            config,
        })))
    }

    /// Cancelled when the server stops: streams and waiting requests end then.
    pub fn ending(&self) -> &CancellationToken {
        &self.ending
    }

    /// Adds records of the server's own making.
    pub(crate) async fn append(
        &self,
        run: &RunId,
        records: Vec<NewRecord>,
        condition: Condition,
    ) -> Result<Appended, StoreError> {
        let append = Append {
            run: run.clone(),
            header: None,
            records,
            condition,
        };
        self.stores.records.append(append).await
    }

    /// The present instant as written on the wire.
    pub(crate) fn now(&self) -> String {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        // A clock before 1970 is taken for 1970.
        let millis = since.map_or(0, |since| since.as_millis() as i64);
        contract::time::format_millis(millis)
    }
}

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
