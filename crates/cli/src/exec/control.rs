//! Asks the server, by a request that waits for news, whether somebody wants the run to end.

use super::cancel::{Cancel, Source, Urgency};
use crate::http::Http;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// Pause after an answer that helps nobody: a server that is away, or that does not know the request.
const PAUSE: Duration = Duration::from_secs(2);

/// Pause after any other answer, so that a server that does not wait is not asked without end.
const SHORT_PAUSE: Duration = Duration::from_millis(200);

/// Asks until it is dropped.
pub struct Asking(Arc<Stop>);

#[derive(Default)]
struct Stop {
    stopped: Mutex<bool>,
    changed: Condvar,
}

/// Starts to ask about a run.
pub fn ask(http: Http, run_id: &str, cancel: Cancel) -> std::io::Result<Asking> {
    let stop = Arc::new(Stop::default());
    let asking = Asking(stop.clone());
    let path = format!(
        "workflows/runs/{}/control?after=0",
        recorder::segment(run_id)
    );
    thread::Builder::new()
        .name("control".into())
        .spawn(move || {
            while cancel.urgency() == Urgency::None {
                match http.get_json(&path) {
                    Ok(answer)
                        if answer.get("cancel").and_then(|it| it.as_bool()) == Some(true) =>
                    {
                        cancel.ask(Source::Server);
                        return;
                    }
                    // The server itself waited, unless the run has ended.
                    Ok(_) if !stop.wait(SHORT_PAUSE) => {}
                    Err(_) if !stop.wait(PAUSE) => {}
                    _ => return,
                }
            }
        })?;
    Ok(asking)
}

impl Drop for Asking {
    fn drop(&mut self) {
        *self
            .0
            .stopped
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = true;
        self.0.changed.notify_all();
    }
}

impl Stop {
    /// Waits so long, or until it is time to stop; says whether it is.
    fn wait(&self, time: Duration) -> bool {
        let stopped = self.stopped.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self
            .changed
            .wait_timeout_while(stopped, time, |stopped| !*stopped);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}
