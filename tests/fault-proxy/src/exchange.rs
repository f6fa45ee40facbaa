//! One connection from its first byte to its end: one request, one answer.

use crate::fault::{Answer, Fault, Kind};
use crate::head::{self, Head};
use crate::pipe::{End, Way, pipe};
use crate::registry::{Connection, Registry};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;

/// A client that was told the end and does not go is cut off after this.
const LINGER: Duration = Duration::from_secs(5);

/// Serves a client until it, the server or a fault ends it.
pub(crate) async fn serve(mut client: TcpStream, to: SocketAddr, registry: Arc<Registry>) {
    let connection = registry.connection();
    client.set_nodelay(true).ok();
    let request = match head::read(&mut client).await {
        Ok(Some(request)) => request,
        Ok(None) => return answer(client, &connection, NOT_HTTP).await,
        Err(_) => return, // the client is gone
    };
    connection.count_up(request.came);
    let mut faults = connection.asks_for(&request.path);
    match before_the_server(&mut client, &mut faults).await {
        Before::GoOn => {}
        Before::Answer(given) => return answer(client, &connection, given).await,
        Before::Break => return reset(client),
        Before::End => return finish(client).await,
        Before::Gone => return,
    }
    let Ok(server) = TcpStream::connect(to).await else {
        return reset(client); // as the server would have done
    };
    server.set_nodelay(true).ok();
    match forward(&mut client, server, request, faults, &connection).await {
        End::Closed | End::Truncated => finish(client).await,
        End::Broken => reset(client),
        End::Unwanted => {}
    }
}

const NOT_HTTP: Answer = Answer {
    status: 400,
    kind: Kind::Html,
    retry_after: None,
};

/// What a fault makes of a request before the server has heard of it.
enum Before {
    GoOn,
    Answer(Answer),
    Break,
    End,
    Gone,
}

async fn before_the_server(
    client: &mut TcpStream,
    faults: &mut watch::Receiver<Option<Fault>>,
) -> Before {
    loop {
        let fault = *faults.borrow_and_update();
        match fault {
            Some(Fault::Answer(answer)) => return Before::Answer(answer),
            Some(Fault::Reset { after: 0 }) => return Before::Break,
            Some(Fault::Truncate { after: 0 }) => return Before::End,
            Some(Fault::HalfOpen | Fault::Stall) => tokio::select! {
                changed = faults.changed() => {
                    if changed.is_err() {
                        return Before::Gone;
                    }
                }
                () = gone(client) => return Before::Gone,
            },
            _ => return Before::GoOn,
        }
    }
}

/// Resolves when the client goes. What it says meanwhile stays where it is.
async fn gone(client: &TcpStream) {
    let mut byte = [0];
    match client.peek(&mut byte).await {
        Ok(0) | Err(_) => {}
        // More of the request: its end is not to be seen behind that.
        Ok(_) => std::future::pending().await,
    }
}

async fn forward(
    client: &mut TcpStream,
    mut server: TcpStream,
    request: Head,
    faults: watch::Receiver<Option<Fault>>,
    connection: &Connection,
) -> End {
    let (from_client, to_client) = client.split();
    let (from_server, to_server) = server.split();
    // The head goes the way of all bytes, so that a fault finds it; it is counted already.
    let mut of_head = request.bytes.len();
    let all = std::io::Cursor::new(request.bytes).chain(from_client);
    let count = |bytes: usize| {
        let of_body = bytes.saturating_sub(of_head);
        of_head = of_head.saturating_sub(bytes);
        connection.count_up(of_body);
    };
    let up = async {
        match pipe(all, to_server, faults.clone(), Way::Up, count).await {
            // The server does not want more; it may have answered all the same.
            End::Unwanted => std::future::pending().await,
            // A client that ends its request is gone: browsers do not half-close.
            _ => End::Unwanted,
        }
    };
    let down = pipe(from_server, to_client, faults.clone(), Way::Down, |bytes| {
        connection.count_down(bytes);
    });
    tokio::select! { end = up => end, end = down => end }
}

async fn answer(mut client: TcpStream, connection: &Connection, answer: Answer) {
    let bytes = answer.bytes();
    if client.write_all(&bytes).await.is_ok() {
        connection.count_down(bytes.len());
        finish(client).await;
    }
}

/// Ends in order, and hears the client out: to close on unread bytes would be a reset.
async fn finish(mut client: TcpStream) {
    if client.shutdown().await.is_err() {
        return; // gone already
    }
    let mut rest = [0; 4 << 10];
    let heard_out = async { while client.read(&mut rest).await.is_ok_and(|bytes| bytes > 0) {} };
    timeout(LINGER, heard_out).await.ok();
}

/// Ends with RST.
fn reset(client: TcpStream) {
    client.set_zero_linger().ok();
}
