//! The head of a request: read it, see what it asks for, and have the connection closed after it.

use tokio::io::{self, AsyncRead, AsyncReadExt};

/// A longer head is nobody's.
const LONGEST: usize = 64 << 10;

/// A request up to where its body begins, and what came of the body with it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// What it asks for, without the query.
    pub path: String,
    /// To be sent on.
    pub bytes: Vec<u8>,
    /// How many bytes it was when it came.
    pub came: usize,
}

/// Reads a head. None: the client went away, or what came is no head of HTTP/1.
pub(crate) async fn read(client: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Head>> {
    let mut bytes = Vec::new();
    let mut looked_at = 0;
    loop {
        if client.read_buf(&mut bytes).await? == 0 || bytes.len() > LONGEST {
            return Ok(None);
        }
        if let Some(end) = find(&bytes[looked_at..], b"\r\n\r\n") {
            return Ok(Head::of(&bytes, looked_at + end));
        }
        // The mark may be cut by the end of what is here.
        looked_at = bytes.len().saturating_sub(3);
    }
}

impl Head {
    /// `end`: where the empty line's mark begins in `bytes`.
    fn of(bytes: &[u8], end: usize) -> Option<Self> {
        let text = std::str::from_utf8(&bytes[..end]).ok()?;
        let mut lines = text.split("\r\n");
        let first = lines.next()?;
        let mut words = first.split(' ');
        let (_method, target, version) = (words.next()?, words.next()?, words.next()?);
        if !version.starts_with("HTTP/1.") || words.next().is_some() {
            return None;
        }
        let mut head = format!("{first}\r\n");
        for line in lines.filter(|line| !is_about_the_connection(line)) {
            head.push_str(line);
            head.push_str("\r\n");
        }
        head.push_str("Connection: close\r\n\r\n");
        let mut sent = head.into_bytes();
        sent.extend_from_slice(&bytes[end + 4..]);
        Some(Self {
            path: path(target).to_owned(),
            bytes: sent,
            came: bytes.len(),
        })
    }
}

fn is_about_the_connection(line: &str) -> bool {
    let name = line.split(':').next().unwrap_or_default().trim();
    ["connection", "keep-alive", "proxy-connection"]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
}

/// `/a` of `/a?b` and of `http://host/a?b`.
fn path(target: &str) -> &str {
    let target = target.split(['?', '#']).next().unwrap_or_default();
    match target.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |slash| &rest[slash..]),
        None => target,
    }
}

fn find(bytes: &[u8], mark: &[u8]) -> Option<usize> {
    bytes.windows(mark.len()).position(|window| window == mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `want`: path and what is sent on, or none.
    async fn check(request: &str, want: Option<(&str, &str)>) {
        let want = want.map(|(path, bytes)| Head {
            path: path.to_owned(),
            bytes: bytes.as_bytes().to_vec(),
            came: request.len(),
        });
        assert_eq!(
            read(&mut request.as_bytes()).await.unwrap(),
            want,
            "{request:?}"
        );
        // In single bytes, too, but for the body, which comes by itself then.
        let head = request
            .find("\r\n\r\n")
            .map_or(request.len(), |end| end + 4);
        let mut single = tokio_single(&request.as_bytes()[..head]).await;
        let got = read(&mut single).await.unwrap().map(|head| head.path);
        assert_eq!(got, want.map(|head| head.path), "{request:?} by bytes");
    }

    async fn tokio_single(bytes: &[u8]) -> io::DuplexStream {
        let (mut near, far) = io::duplex(1);
        let bytes = bytes.to_vec();
        tokio::spawn(async move { io::AsyncWriteExt::write_all(&mut near, &bytes).await });
        far
    }

    #[tokio::test]
    async fn heads() {
        check(
            "GET /a/stream?x=1 HTTP/1.1\r\nHost: h\r\nConnection: keep-alive\r\n\r\n",
            Some((
                "/a/stream",
                "GET /a/stream?x=1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
            )),
        )
        .await;
        check(
            "POST http://h/b?c HTTP/1.1\r\nkeep-alive : 5\r\n\r\nbody",
            Some((
                "/b",
                "POST http://h/b?c HTTP/1.1\r\nConnection: close\r\n\r\nbody",
            )),
        )
        .await;
        check(
            "GET http://h HTTP/1.0\r\n\r\n",
            Some(("/", "GET http://h HTTP/1.0\r\nConnection: close\r\n\r\n")),
        )
        .await;
        for none in [
            "",
            "GET / HTTP/1.1\r\nHost: h\r\n",
            "hello\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\n",
            "GET / x HTTP/1.1\r\n\r\n",
        ] {
            check(none, None).await;
        }
    }

    #[tokio::test]
    async fn a_head_without_end_is_given_up() {
        let mut endless = tokio::io::repeat(b'a');
        assert_eq!(read(&mut endless).await.unwrap(), None);
    }
}
