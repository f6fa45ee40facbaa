//! Where a backend is and what it asks to be shown: kept here, told to nobody.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Client, Url, redirect};
use std::fmt;
use std::time::Duration;

/// A backend's address, credentials and connections. Cheap to clone; the clone shares connections.
/// `Debug` shows no credentials.
#[derive(Clone)]
pub struct Upstream {
    pub(super) base: Url,
    pub(super) credentials: HeaderMap,
    pub(super) client: Client,
}

/// Why a backend cannot be used. Says nothing of what was secret in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadUpstream {
    /// The address.
    Address(&'static str),
    /// A line of the headers, counted from 1.
    Header(usize, &'static str),
    /// Both the address and the headers hold an `Authorization`.
    TwoAuthorizations,
    /// There are no connections to be had.
    Client(String),
}

impl fmt::Display for BadUpstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(reason) => f.write_str(reason),
            Self::Header(line, reason) => write!(f, "line {line}: {reason}"),
            Self::TwoAuthorizations => f.write_str(
                "its URL has a user, and its headers an Authorization: leave one of them out",
            ),
            Self::Client(reason) => write!(f, "no connections can be made: {reason}"),
        }
    }
}

impl std::error::Error for BadUpstream {}

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);
/// Connections kept for later.
const IDLE: usize = 16;
/// How long one is kept: less than the 5 s after which Node and uvicorn hang up, as a request sent into
/// that would be lost. The page polls every 2 s.
const KEPT: Duration = Duration::from_secs(4);

impl Upstream {
    /// Reads an address, `http` or `https`, perhaps with a path below which the backend is and with
    /// `user:password@` for basic authentication, and the headers to show it: lines `Name: value`.
    /// Connects to nothing yet.
    pub fn new(address: &str, headers: &str) -> Result<Self, BadUpstream> {
        let mut base = read_address(address)?;
        let mut credentials = read_headers(headers)?;
        if let Some(basic) = take_user(&mut base)? {
            if credentials.contains_key(header::AUTHORIZATION) {
                return Err(BadUpstream::TwoAuthorizations);
            }
            credentials.insert(header::AUTHORIZATION, basic);
        }
        let client = Client::builder()
            .user_agent(concat!("runreel/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .referer(false)
            // The address is the one configured, whatever the environment says.
            .no_proxy()
            // Bytes pass as they are, whatever else in this program uses the library for.
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .connect_timeout(CONNECT)
            .tcp_keepalive(Duration::from_secs(30))
            .pool_max_idle_per_host(IDLE)
            .pool_idle_timeout(KEPT)
            .build()
            .map_err(|error| BadUpstream::Client(error.to_string()))?;
        Ok(Self {
            base,
            credentials,
            client,
        })
    }
}

impl fmt::Debug for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: Vec<_> = self.credentials.keys().map(HeaderName::as_str).collect();
        f.debug_struct("Upstream")
            .field("base", &self.base.as_str())
            .field("headers", &shown)
            .finish_non_exhaustive()
    }
}

fn read_address(address: &str) -> Result<Url, BadUpstream> {
    let wrong = |reason| Err(BadUpstream::Address(reason));
    let Ok(url) = Url::parse(address) else {
        return wrong("its URL cannot be read");
    };
    if !matches!(url.scheme(), "http" | "https") || url.cannot_be_a_base() {
        return wrong("its URL begins with neither http:// nor https://");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return wrong("its URL has a query or a fragment: leave away what begins with ? or #");
    }
    if url.path().contains("//") {
        return wrong("its URL has an empty segment: write one slash for two");
    }
    if url.path().trim_end_matches('/').ends_with("/api/v1") {
        return wrong("its URL ends in /api/v1, which is added: leave it away");
    }
    Ok(url)
}

/// Takes `user:password@` out of an address, as the value of an `Authorization`.
fn take_user(base: &mut Url) -> Result<Option<HeaderValue>, BadUpstream> {
    if base.username().is_empty() && base.password().is_none() {
        return Ok(None);
    }
    let plain = |text: &str| super::address::decode(text.as_bytes(), false).unwrap_or_default();
    let mut pair = plain(base.username());
    pair.push(b':');
    pair.extend(plain(base.password().unwrap_or_default()));
    let cannot = BadUpstream::Address("its URL has a user that cannot be sent");
    let mut value = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(pair)))
        .map_err(|_| cannot.clone())?;
    value.set_sensitive(true);
    // Only addresses without a host refuse this.
    if base.set_username("").is_err() || base.set_password(None).is_err() {
        return Err(cannot);
    }
    Ok(Some(value))
}

/// What belongs to the connection, or is ours to say.
const RESERVED: [&str; 14] = [
    "accept-encoding",
    "connection",
    "content-length",
    "content-type",
    "expect",
    "host",
    "keep-alive",
    "last-event-id",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

fn read_headers(lines: &str) -> Result<HeaderMap, BadUpstream> {
    let mut headers = HeaderMap::new();
    for (at, line) in lines.lines().enumerate() {
        let wrong = |reason| Err(BadUpstream::Header(at + 1, reason));
        if line.trim().is_empty() {
            continue;
        }
        let Some((name, value)) = line.split_once(':') else {
            return wrong("there is no colon; write `Name: value`");
        };
        let Ok(name) = HeaderName::try_from(name.trim()) else {
            return wrong("what stands before the colon is no header's name");
        };
        if RESERVED.contains(&name.as_str()) {
            return wrong("this header is not for you to set");
        }
        let Ok(mut value) = HeaderValue::try_from(value.trim()) else {
            return wrong("the value holds what no header may");
        };
        if value.is_empty() {
            return wrong("there is nothing behind the colon");
        }
        value.set_sensitive(true);
        if headers.insert(name, value).is_some() {
            return wrong("this header was given before");
        }
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(upstream: &Upstream) -> Vec<String> {
        let pairs = upstream.credentials.iter();
        pairs
            .map(|(name, value)| format!("{name}={}", value.to_str().unwrap()))
            .collect()
    }

    #[test]
    fn credentials_are_read_and_leave_the_address() {
        for (address, headers, base, want) in [
            ("http://h:1", "", "http://h:1/", vec![]),
            ("https://h/a/", "\n \n", "https://h/a/", vec![]),
            (
                "http://us%40er:p%3A%C3%A9@h/a",
                "",
                "http://h/a",
                vec!["authorization=Basic dXNAZXI6cDrDqQ=="],
            ),
            (
                "http://u@h",
                "",
                "http://h/",
                vec!["authorization=Basic dTo="],
            ),
            (
                "http://:p@h",
                "",
                "http://h/",
                vec!["authorization=Basic OnA="],
            ),
            (
                "http://h",
                "Authorization: Bearer a:b\r\n\r\nX-Organization-Id:o\n",
                "http://h/",
                vec!["authorization=Bearer a:b", "x-organization-id=o"],
            ),
            (
                "http://u:p@h",
                "cookie: sb-access-token=t; a=b",
                "http://h/",
                vec!["cookie=sb-access-token=t; a=b", "authorization=Basic dTpw"],
            ),
        ] {
            let upstream = Upstream::new(address, headers).unwrap();
            assert_eq!(upstream.base.as_str(), base);
            assert_eq!(shown(&upstream), want, "{address}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_and_nothing_secret_with_it() {
        for (address, headers, want) in [
            ("", "", "its URL cannot be read"),
            ("localhost", "", "its URL cannot be read"),
            ("localhost:80", "", "its URL begins with neither"),
            ("ftp://s3cret@h", "", "its URL begins with neither"),
            ("file:///etc/passwd", "", "its URL begins with neither"),
            ("http://", "", "its URL cannot be read"),
            ("http://h:s3cret@", "", "its URL cannot be read"),
            ("http://h?token=s3cret", "", "its URL has a query"),
            ("http://h/#s3cret", "", "its URL has a query"),
            ("http://h/a//b", "", "its URL has an empty segment"),
            ("http://h/x/api/v1/", "", "its URL ends in /api/v1"),
            (
                "http://u:s3cret@h",
                "Authorization: s3cret",
                "its URL has a user, and",
            ),
            ("http://h", "s3cret", "line 1: there is no colon"),
            ("http://h", "\ns3 cret: x", "line 2: what stands before"),
            ("http://h", "a: s3\u{1}cret", "line 1: the value holds"),
            (
                "http://h",
                "a: s3cret\na: s3cret",
                "line 2: this header was given",
            ),
            ("http://h", "a:", "line 1: there is nothing"),
            ("http://h", "Host: s3cret", "line 1: this header is not"),
            (
                "http://h",
                "Transfer-Encoding: s3cret",
                "line 1: this header is not",
            ),
        ] {
            let error = Upstream::new(address, headers).unwrap_err();
            let (told, debug) = (error.to_string(), format!("{error:?}"));
            assert!(told.starts_with(want), "{told}");
            assert!(!(told + &debug).contains("cret"), "{address} {headers}");
        }
    }

    #[test]
    fn debug_shows_names_and_no_values() {
        let upstream = Upstream::new("http://user:s3cret@h", "X-Internal-Token: s3cret").unwrap();
        let debug = format!("{upstream:?}");
        assert!(debug.contains("x-internal-token"), "{debug}");
        for secret in ["s3cret", "user", &STANDARD.encode("user:s3cret")] {
            assert!(!debug.contains(secret), "{debug}");
        }
    }
}
