//! One attempt: a process from its start to its end, its output recorded as it comes.

use super::cancel::{Cancel, Urgency};
use super::process::{Exit, Message, Process};
use super::record::Output;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError};
use std::time::{Duration, Instant};

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The process ended.
    Exited(Exit),
    /// It took too long and was ended.
    TimedOut,
    /// Somebody wanted the run to end, and it was ended.
    Cancelled,
}

/// How long a process has to end after it was asked to.
pub const GRACE: Duration = Duration::from_secs(5);

/// How long output may still come after the process ended: what it left running is ended then.
const DRAIN: Duration = Duration::from_secs(1);

/// Output waits this long for more of it, so that a chatty process does not make a record a line.
const GATHER: Duration = Duration::from_millis(16);

/// Why a process is being ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    TimedOut,
    Cancelled,
}

/// Follows a process to its end.
pub fn follow(
    process: &Process,
    messages: &Receiver<Message>,
    output: &mut Output<'_>,
    timeout: Option<Duration>,
) -> End {
    let started = Instant::now();
    let mut open = process.channels;
    let mut exit: Option<(Exit, Instant)> = None;
    let mut stopping: Option<(Why, Instant)> = None;
    let mut gathered: Option<Instant> = None;
    loop {
        let now = Instant::now();
        if gathered.is_some_and(|since| now >= since + GATHER) {
            output.flush();
            gathered = None;
        }
        match (&exit, stopping) {
            (Some((_, ended)), _) if open == 0 || now >= *ended + DRAIN => break,
            (None, None) if timeout.is_some_and(|timeout| now >= started + timeout) => {
                process.terminate();
                stopping = Some((Why::TimedOut, now + GRACE));
            }
            (None, Some((_, kill_at))) if now >= kill_at => process.kill(),
            _ => {}
        }
        let next = [
            gathered.map(|since| since + GATHER),
            exit.as_ref().map(|(_, ended)| *ended + DRAIN),
            // After the kill there is nothing to wait for but the end; look again now and then.
            stopping.map(|(_, kill_at)| kill_at.max(now + DRAIN)),
            timeout
                .filter(|_| stopping.is_none())
                .map(|timeout| started + timeout),
        ];
        let message = match next.into_iter().flatten().min() {
            Some(next) => match messages.recv_timeout(next.saturating_duration_since(now)) {
                Err(RecvTimeoutError::Timeout) => continue,
                Ok(message) => Some(message),
                Err(RecvTimeoutError::Disconnected) => None,
            },
            None => messages.recv().ok(),
        };
        match message {
            Some(Message::Output(channel, bytes)) => {
                output.take(channel, &bytes);
                gathered.get_or_insert_with(Instant::now);
            }
            Some(Message::Closed) => open = open.saturating_sub(1),
            Some(Message::Ended(ended)) => exit = Some((ended, Instant::now())),
            Some(Message::Cancel(Urgency::None)) => {}
            Some(Message::Cancel(Urgency::Soon)) => {
                if stopping.is_none() {
                    process.terminate();
                    stopping = Some((Why::Cancelled, Instant::now() + GRACE));
                }
            }
            Some(Message::Cancel(Urgency::Now)) => {
                process.kill();
                let why = stopping.map_or(Why::Cancelled, |(why, _)| why);
                stopping = Some((why, Instant::now() + GRACE));
            }
            // We hold a sender ourselves, so this cannot be; if it were, nothing would ever come.
            None => {
                exit = Some((
                    Exit::Unknown("its messages broke off".into()),
                    Instant::now(),
                ));
                open = 0;
            }
        }
    }
    // What it left running in its group does not outlive the step.
    process.kill();
    output.finish();
    match (stopping, exit) {
        (Some((Why::TimedOut, _)), _) => End::TimedOut,
        (Some((Why::Cancelled, _)), _) => End::Cancelled,
        (None, Some((exit, _))) => End::Exited(exit),
        (None, None) => End::Exited(Exit::Unknown("it was lost sight of".into())),
    }
}

/// Waits between attempts; `false` when the run is to end.
pub fn pause(messages: &Receiver<Message>, pause: Duration) -> bool {
    let until = Instant::now() + pause;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        match messages.recv_timeout(left) {
            Err(RecvTimeoutError::Timeout) => return true,
            Ok(Message::Cancel(Urgency::Soon | Urgency::Now)) => return false,
            // Late words of the process before.
            Ok(_) => {}
            Err(RecvTimeoutError::Disconnected) => return true,
        }
    }
}

/// Passes the wish to end the run on to a step's messages.
///
/// A full queue means that the step is busy with output: it asks the token itself before each attempt, and
/// a blocked listener would block all others, so a thread waits in its place.
pub fn forward_cancel(cancel: &Cancel, to: &SyncSender<Message>) {
    let to = to.clone();
    cancel.listen(move |urgency| {
        let to = to.clone();
        let sent = to.try_send(Message::Cancel(urgency));
        if let Err(TrySendError::Full(message)) = sent {
            // Fails when the step has ended: nobody left to cancel.
            std::thread::spawn(move || drop(to.send(message)));
        }
    });
}
