//! Browser sessions: a random name in a cookie, held in memory.

use axum::http::HeaderMap;
use axum::http::header;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The cookie's name.
pub(crate) const COOKIE: &str = "runreel_session";

/// How long a session lasts.
const LIFETIME: Duration = Duration::from_secs(7 * 24 * 3_600);
/// Sessions held; the oldest goes when one more comes.
const MOST: usize = 10_000;

/// Who has logged in, and until when.
#[derive(Default)]
pub(crate) struct Sessions(Mutex<HashMap<String, Instant>>);

impl Sessions {
    /// Opens a session and returns its name; `None` without randomness.
    pub(crate) fn open(&self) -> Option<String> {
        let mut random = [0_u8; 32];
        getrandom::fill(&mut random).ok()?;
        let name: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut sessions = self.lock();
        let now = Instant::now();
        sessions.retain(|_, end| *end > now);
        if sessions.len() >= MOST
            && let Some(oldest) = sessions.iter().min_by_key(|(_, end)| **end)
        {
            let oldest = oldest.0.clone();
            sessions.remove(&oldest);
        }
        sessions.insert(name.clone(), now + LIFETIME);
        Some(name)
    }

    /// Whether a session is open. Names are 256 random bits looked up by hash: timing tells nothing.
    pub(crate) fn holds(&self, name: &str) -> bool {
        self.lock()
            .get(name)
            .is_some_and(|end| *end > Instant::now())
    }

    /// Ends a session.
    pub(crate) fn close(&self, name: &str) {
        self.lock().remove(name);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The session named in a request's cookies.
pub(super) fn named(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}
