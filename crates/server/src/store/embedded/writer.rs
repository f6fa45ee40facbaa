//! The thread that writes: whatever waits goes into one transaction, and is acknowledged after it.

use super::{archives, write};
use crate::hub::Hub;
use crate::run_id::RunId;
use crate::store::{Append, Appended, ArchiveRow, StoreError, Terminal};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// Something to write.
pub(super) enum Task {
    /// Add records.
    Append {
        append: Append,
        reply: oneshot::Sender<Result<Appended, StoreError>>,
    },
    /// Note an archive.
    Archive {
        run: RunId,
        terminal: Terminal,
        reply: oneshot::Sender<Result<ArchiveRow, StoreError>>,
    },
}

/// The door to the writing thread; dropping it waits until everything taken on is written.
pub(super) struct Writer {
    tasks: Option<mpsc::Sender<Task>>,
    thread: Option<JoinHandle<()>>,
}

/// Tasks that may wait; more are told to come back.
const QUEUE: usize = 256;
/// How long a caller waits for a place in the queue.
const PATIENCE: Duration = Duration::from_secs(5);
/// Records from which on a transaction takes no further task.
const ENOUGH: usize = 20_000;

impl Writer {
    pub(super) fn start(connection: Connection, hub: Hub) -> Result<Self, StoreError> {
        let (tasks, queue) = mpsc::channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || work(connection, queue, &hub))
            .map_err(|error| StoreError::Failed(format!("cannot start a thread: {error}")))?;
        Ok(Self {
            tasks: Some(tasks),
            thread: Some(thread),
        })
    }

    /// Hands over a task and waits until it is durable.
    pub(super) async fn ask<T>(
        &self,
        task: impl FnOnce(oneshot::Sender<Result<T, StoreError>>) -> Task,
    ) -> Result<T, StoreError> {
        let gone = || StoreError::Failed("the writing thread has ended".into());
        let (reply, answer) = oneshot::channel();
        let tasks = self.tasks.as_ref().ok_or_else(gone)?;
        tasks
            .send_timeout(task(reply), PATIENCE)
            .await
            .map_err(|_| StoreError::Busy)?;
        answer.await.map_err(|_| gone())?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.tasks = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the writing thread panicked");
        }
    }
}

fn work(mut connection: Connection, mut queue: mpsc::Receiver<Task>, hub: &Hub) {
    while let Some(first) = queue.blocking_recv() {
        let mut size = first.size();
        let mut tasks = vec![first];
        while size < ENOUGH
            && let Ok(task) = queue.try_recv()
        {
            size += task.size();
            tasks.push(task);
        }
        let mut answers = Vec::with_capacity(tasks.len());
        let written = together(&mut connection, tasks, &mut answers);
        for answer in answers {
            answer.give(hub, written.as_ref().err());
        }
    }
}

/// Performs `tasks` in one transaction. A task that fails leaves nothing behind and does not hold
/// up the others.
fn together(
    connection: &mut Connection,
    tasks: Vec<Task>,
    answers: &mut Vec<Answer>,
) -> Result<(), StoreError> {
    // The answers must exist even when the transaction cannot begin.
    let mut transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(StoreError::from);
    for task in tasks {
        answers.push(match &mut transaction {
            Ok(transaction) => task.perform(transaction),
            Err(error) => task.refuse(error.clone()),
        });
    }
    Ok(transaction?.commit()?)
}

impl Task {
    fn size(&self) -> usize {
        match self {
            Self::Append { append, .. } => append.records.len().max(1),
            Self::Archive { .. } => 1,
        }
    }

    fn perform(self, transaction: &mut Transaction<'_>) -> Answer {
        match self {
            Self::Append { append, reply } => {
                let run = append.run.clone();
                let result = alone(transaction, |step| write::append(step, append));
                Answer::Append { run, reply, result }
            }
            Self::Archive {
                run,
                terminal,
                reply,
            } => {
                let result = alone(transaction, |step| archives::ask(step, &run, &terminal));
                Answer::Archive { reply, result }
            }
        }
    }

    fn refuse(self, error: StoreError) -> Answer {
        match self {
            Self::Append { append, reply } => Answer::Append {
                run: append.run,
                reply,
                result: Err(error),
            },
            Self::Archive { reply, .. } => Answer::Archive {
                reply,
                result: Err(error),
            },
        }
    }
}

/// What to tell a caller once the transaction is on the disk.
enum Answer {
    Append {
        run: RunId,
        reply: oneshot::Sender<Result<Appended, StoreError>>,
        result: Result<Appended, StoreError>,
    },
    Archive {
        reply: oneshot::Sender<Result<ArchiveRow, StoreError>>,
        result: Result<ArchiveRow, StoreError>,
    },
}

impl Answer {
    /// Gives the answer, or `failed` when nothing became durable. A caller that has gone away has
    /// its records all the same: that its answer cannot be given is no error.
    fn give(self, hub: &Hub, failed: Option<&StoreError>) {
        match self {
            Self::Append { run, reply, result } => {
                let result = failed.map_or(result, |error| Err(error.clone()));
                if let Ok(appended) = &result {
                    hub.announce(&run, appended.last);
                }
                let _ = reply.send(result);
            }
            Self::Archive { reply, result } => {
                let _ = reply.send(failed.map_or(result, |error| Err(error.clone())));
            }
        }
    }
}

/// Runs `step` in a savepoint of its own.
fn alone<T>(
    transaction: &mut Transaction<'_>,
    step: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let savepoint = transaction.savepoint()?;
    let result = step(&savepoint)?;
    savepoint.commit()?;
    Ok(result)
}
