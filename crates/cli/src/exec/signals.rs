//! Ctrl-C and SIGTERM as a wish to end the run.

use super::cancel::{Cancel, Source};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::{Handle, Signals};
use std::io;
use std::thread;

/// Listens until it is dropped.
pub struct Listening(Handle);

/// Asks `cancel` at every signal.
pub fn listen(cancel: Cancel) -> io::Result<Listening> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    let handle = signals.handle();
    thread::Builder::new()
        .name("signals".into())
        .spawn(move || {
            for _signal in signals.forever() {
                cancel.ask(Source::Signal);
            }
        })?;
    Ok(Listening(handle))
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.close();
    }
}
