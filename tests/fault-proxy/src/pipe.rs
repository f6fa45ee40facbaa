//! One direction of a connection, under the fault in force.

use crate::fault::Fault;
use std::collections::VecDeque;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// Which way the bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// To the server.
    Up,
    /// To the client.
    Down,
}

/// How a direction ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The reader had all and the writer was given all.
    Closed,
    /// A fault ends it in order.
    Truncated,
    /// It broke, or a fault breaks it.
    Broken,
    /// Whom it was for is gone.
    Unwanted,
}

/// Bytes read at once.
const PIECE: usize = 16 << 10;
/// Bytes held for a client that does not read, or for later.
const ROOM: usize = 1 << 20;
/// The same while an answer is buffered: as much as a proxy keeps in a file.
const BUFFER_ROOM: usize = 64 << 20;

/// Moves bytes until the end; `count` hears of all that are written.
pub(crate) async fn pipe(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut faults: watch::Receiver<Option<Fault>>,
    way: Way,
    mut count: impl FnMut(usize),
) -> End {
    let mut held = Held::default();
    let mut buffer = vec![0; PIECE];
    let mut passed = 0;
    let mut ended = false;
    loop {
        let fault = *faults.borrow_and_update();
        let most = match (fault, way) {
            (Some(Fault::Reset { after }), Way::Down) if passed >= after => return End::Broken,
            (Some(Fault::Truncate { after }), Way::Down) if passed >= after => {
                return End::Truncated;
            }
            (Some(Fault::Reset { after } | Fault::Truncate { after }), Way::Down) => {
                usize::try_from(after - passed).unwrap_or(usize::MAX)
            }
            (Some(Fault::OneByte), _) => 1,
            _ => usize::MAX,
        };
        // Of a link that is half-open one thing is still heard: that the client goes.
        let is_dead = fault == Some(Fault::HalfOpen);
        if is_dead && way == Way::Up {
            held.clear();
        }
        let is_deaf = is_dead && way == Way::Down;
        if ended && held.is_empty() && !is_deaf {
            return End::Closed;
        }
        let may_read = !ended && held.bytes < room(fault) && !is_deaf;
        let due = held.due(fault, way, ended);
        tokio::select! {
            biased;
            changed = faults.changed() => match changed {
                Ok(()) => passed = 0,
                Err(_) => return End::Unwanted,
            },
            written = write(&mut to, held.front(most), due), if due.is_some() => match written {
                Ok(bytes) => {
                    held.take(bytes);
                    passed += bytes as u64;
                    count(bytes);
                }
                Err(_) => return End::Unwanted,
            },
            read = from.read(&mut buffer), if may_read => match read {
                Ok(0) => ended = true,
                Ok(bytes) => held.add(&buffer[..bytes]),
                Err(_) => return End::Broken,
            },
        }
    }
}

fn room(fault: Option<Fault>) -> usize {
    match fault {
        Some(Fault::Buffer) => BUFFER_ROOM,
        _ => ROOM,
    }
}

/// Dropped half-way it has written nothing.
async fn write(
    to: &mut (impl AsyncWrite + Unpin),
    bytes: &[u8],
    due: Option<Instant>,
) -> std::io::Result<usize> {
    if let Some(due) = due {
        sleep_until(due).await;
    }
    to.write(bytes).await
}

/// What was read and not written yet, with when it came.
#[derive(Default)]
struct Held {
    pieces: VecDeque<(Instant, Vec<u8>)>,
    /// Written of the first piece.
    offset: usize,
    bytes: usize,
}

impl Held {
    fn add(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len();
        self.pieces.push_back((Instant::now(), bytes.to_vec()));
    }

    fn is_empty(&self) -> bool {
        self.bytes == 0
    }

    fn clear(&mut self) {
        *self = Self::default();
    }

    /// When the first piece is to be written; none: not before something changes.
    fn due(&self, fault: Option<Fault>, way: Way, ended: bool) -> Option<Instant> {
        let (came, _) = self.pieces.front()?;
        match fault {
            Some(Fault::HalfOpen | Fault::Stall) => None,
            Some(Fault::Buffer) if way == Way::Down && !ended && self.bytes < BUFFER_ROOM => None,
            Some(Fault::Latency { ms }) => Some(*came + Duration::from_millis(ms)),
            _ => Some(*came),
        }
    }

    fn front(&self, most: usize) -> &[u8] {
        let rest = self
            .pieces
            .front()
            .map_or(&[][..], |(_, piece)| &piece[self.offset..]);
        &rest[..rest.len().min(most)]
    }

    fn take(&mut self, bytes: usize) {
        self.bytes -= bytes;
        self.offset += bytes;
        if self
            .pieces
            .front()
            .is_some_and(|(_, piece)| piece.len() <= self.offset)
        {
            self.pieces.pop_front();
            self.offset = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    /// Notes how much each write brought.
    #[derive(Default)]
    struct Writes(Vec<usize>);

    impl AsyncWrite for &mut Writes {
        fn poll_write(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            self.0.push(bytes.len());
            Poll::Ready(Ok(bytes.len()))
        }
        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    async fn check(fault: Option<Fault>, way: Way, want: (End, &[usize])) {
        let (_keep, faults) = watch::channel(fault);
        let mut writes = Writes::default();
        let mut counted = 0;
        let end = pipe(&b"abcde"[..], &mut writes, faults, way, |bytes| {
            counted += bytes;
        })
        .await;
        assert_eq!((end, &writes.0[..]), want, "{fault:?} {way:?}");
        assert_eq!(counted, want.1.iter().sum::<usize>());
    }

    #[tokio::test]
    async fn faults_shape_the_writes() {
        for way in [Way::Up, Way::Down] {
            check(None, way, (End::Closed, &[5])).await;
            check(Some(Fault::OneByte), way, (End::Closed, &[1; 5])).await;
            check(Some(Fault::Buffer), way, (End::Closed, &[5])).await;
        }
        let (reset, truncate) = (Fault::Reset { after: 3 }, Fault::Truncate { after: 3 });
        check(Some(reset), Way::Down, (End::Broken, &[3])).await;
        check(Some(truncate), Way::Down, (End::Truncated, &[3])).await;
        check(Some(reset), Way::Up, (End::Closed, &[5])).await;
    }

    #[tokio::test(start_paused = true)]
    async fn latency_is_the_same_for_all() {
        let (_keep, faults) = watch::channel(Some(Fault::Latency { ms: 500 }));
        let began = Instant::now();
        let mut writes = Writes::default();
        let all = (&b"abc"[..]).chain(&b"de"[..]);
        pipe(all, &mut writes, faults, Way::Down, |_| {}).await;
        assert_eq!(
            (began.elapsed().as_millis(), &writes.0[..]),
            (500, &[3, 2][..])
        );
    }
}
