//! A stream of bytes from the server: shared between tabs where the browser can, else the page's own.

use crate::dom::fetch::{self, Ask, Head, Signal};
pub use crate::dom::hub::Broken;
use crate::dom::hub::{self, Shared};

/// What came of asking for a stream.
pub enum Opening {
    /// It was answered, with whatever status.
    Answered(Stream),
    /// Other tabs use all the streams there may be.
    NoRoom,
    /// There was no answer; what happened, for a person.
    Failed(String),
}

/// An answer whose body is still coming.
pub struct Stream {
    /// What came before the body.
    pub head: Head,
    body: Body,
}

enum Body {
    Own(fetch::Opened),
    Shared(hub::Pieces),
}

/// Asks for the stream at `address`, from behind the frame whose id is `after`.
pub async fn open(address: &str, after: Option<&str>, signal: &Signal) -> Opening {
    match hub::open(address, after, signal).await {
        Some(Shared::Answered(head, pieces)) => Opening::Answered(Stream {
            head,
            body: Body::Shared(pieces),
        }),
        Some(Shared::Full) => Opening::NoRoom,
        Some(Shared::Failed(error)) => Opening::Failed(error),
        None => open_own(address, after, signal).await,
    }
}

async fn open_own(address: &str, after: Option<&str>, signal: &Signal) -> Opening {
    let mut headers = vec![("Accept", "text/event-stream")];
    headers.extend(after.map(|after| ("Last-Event-ID", after)));
    let ask = Ask {
        address,
        headers: &headers,
    };
    match fetch::open(ask, signal).await {
        Ok(opened) => Opening::Answered(Stream {
            head: opened.head.clone(),
            body: Body::Own(opened),
        }),
        Err(error) => Opening::Failed(error),
    }
}

impl Stream {
    /// The next piece; none at the end of the body.
    pub async fn next(&mut self) -> Option<Result<Vec<u8>, Broken>> {
        match &mut self.body {
            Body::Own(opened) => Some(opened.next().await?.map_err(Broken::Error)),
            Body::Shared(pieces) => pieces.next().await,
        }
    }
}
