//! What of a backend's answer reaches the browser: few headers, and a body that can do nothing.

use super::rules::is_stream;
use crate::error::ApiError;
use crate::routes::{attach, safe_type};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

/// Headers of the backend that the browser may see. `Date` tells the page the backend's clock.
const PASSED_BACK: [HeaderName; 6] = [
    header::CONTENT_ENCODING,
    header::CONTENT_TYPE,
    header::DATE,
    header::ETAG,
    header::RETRY_AFTER,
    header::VARY,
];

/// What an answer is, by its `Content-Type` and `Content-Disposition`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Server-sent events.
    Stream,
    /// What the app reads.
    Data,
    /// A file: saved, never shown. Also whatever we do not know.
    File,
}

impl Kind {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let kind = text(headers, header::CONTENT_TYPE).to_ascii_lowercase();
        match kind.split(';').next().unwrap_or_default().trim() {
            "text/event-stream" => Self::Stream,
            _ if headers.contains_key(header::CONTENT_DISPOSITION) => Self::File,
            "application/json" | "application/problem+json" | "application/x-ndjson" => Self::Data,
            _ => Self::File,
        }
    }
}

/// A redirect is an error: it is neither followed nor handed on, as it may lead anywhere. Where a
/// stream is asked for it is 404, which tells a viewer that there is no stream and to poll.
pub(super) fn refuse_redirect(
    name: &str,
    path: &str,
    response: &reqwest::Response,
) -> Result<(), ApiError> {
    let status = response.status();
    if !status.is_redirection() || status == StatusCode::NOT_MODIFIED {
        return Ok(());
    }
    let code = status.as_u16();
    // For whoever runs this server. The rest of it may hold what is secret.
    let to = response
        .url()
        .join(text(response.headers(), header::LOCATION))
        .map(|to| to.origin().ascii_serialization());
    tracing::warn!(
        backend = name,
        code,
        to = to.unwrap_or_default(),
        "a backend redirects"
    );
    Err(if is_stream(path) {
        ApiError::not_found(format!(
            "the backend {name} has no stream here: it redirects ({code})"
        ))
    } else {
        ApiError::new(
            StatusCode::BAD_GATEWAY,
            format!(
                "the backend {name} redirects ({code}), which is not followed: give the address it redirects to with --backend"
            ),
        )
    })
}

/// The headers of our answer, of kind `kind`, to a request for `path`.
pub(super) fn headers(kind: Kind, method: &Method, path: &str, theirs: &HeaderMap) -> HeaderMap {
    let mut ours = HeaderMap::new();
    for name in PASSED_BACK {
        for value in theirs.get_all(&name) {
            ours.append(name.clone(), value.clone());
        }
    }
    // Of a body that is sent we know the length ourselves, if it has one.
    if method == Method::HEAD
        && let Some(length) = theirs.get(header::CONTENT_LENGTH)
    {
        ours.insert(header::CONTENT_LENGTH, length.clone());
    }
    let fixed = HeaderValue::from_static;
    let sandbox =
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";
    ours.insert(header::CONTENT_SECURITY_POLICY, fixed(sandbox));
    ours.insert(header::CACHE_CONTROL, fixed("no-store"));
    match kind {
        Kind::Stream => {
            ours.insert(header::CACHE_CONTROL, fixed("no-cache, no-transform"));
            ours.insert("x-accel-buffering", fixed("no"));
        }
        Kind::Data => {}
        Kind::File => {
            if theirs.contains_key(header::CONTENT_TYPE) {
                let stated = safe_type(&text(theirs, header::CONTENT_TYPE).to_ascii_lowercase());
                ours.insert(header::CONTENT_TYPE, fixed(stated));
            }
            attach(&mut ours, &file_name(theirs, path));
        }
    }
    ours
}

/// The name a file has by its `Content-Disposition`, else by its address.
fn file_name(theirs: &HeaderMap, path: &str) -> String {
    let stated = theirs
        .get(header::CONTENT_DISPOSITION)
        .map(|value| String::from_utf8_lossy(value.as_bytes()));
    let parameter = |name: &str| {
        stated.as_deref()?.split(';').find_map(|part| {
            let (key, value) = part.split_once('=')?;
            key.trim()
                .eq_ignore_ascii_case(name)
                .then(|| value.trim().trim_matches('"').to_owned())
        })
    };
    let encoded = parameter("filename*").and_then(|value| {
        let (charset, rest) = value.split_once('\'')?;
        let (_, text) = rest.split_once('\'')?;
        charset.eq_ignore_ascii_case("utf-8").then(|| plain(text))
    });
    let last = || plain(path.rsplit('/').next().unwrap_or_default());
    let name = encoded
        .or_else(|| parameter("filename"))
        .unwrap_or_else(last);
    // A name, not a path, and no longer than a file system takes.
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    name.chars().filter(|c| !c.is_control()).take(120).collect()
}

fn plain(text: &str) -> String {
    let bytes = super::address::decode(text.as_bytes(), false).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn text(headers: &HeaderMap, name: HeaderName) -> &str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theirs(kind: &str, disposition: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            (header::CONTENT_TYPE, kind),
            (header::CONTENT_DISPOSITION, disposition),
        ] {
            if !value.is_empty() {
                headers.insert(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
            }
        }
        headers
    }

    #[test]
    fn what_is_not_known_to_be_harmless_is_a_file() {
        for (kind, disposition, want) in [
            ("text/event-stream; charset=utf-8", "", Kind::Stream),
            ("Text/Event-Stream", "", Kind::Stream),
            ("application/json; charset=utf-8", "", Kind::Data),
            ("application/json", "attachment", Kind::File),
            ("text/html", "", Kind::File),
            ("image/svg+xml", "inline", Kind::File),
            ("application/jsonp", "", Kind::File),
            ("", "", Kind::File),
        ] {
            assert_eq!(Kind::of(&theirs(kind, disposition)), want, "{kind}");
        }
    }

    #[test]
    fn files_are_named_as_the_backend_says_and_nothing_else() {
        for (disposition, want) in [
            ("", "q4 x.csv"),
            ("attachment", "q4 x.csv"),
            ("attachment; filename=\"report.html\"", "report.html"),
            ("inline;FileName = report.txt", "report.txt"),
            (
                "attachment; filename=\"x\"; filename*=UTF-8''n%C3%A4me.txt",
                "näme.txt",
            ),
            ("attachment; filename*=latin1''x; filename=y", "y"),
            ("attachment; filename=\"../../etc/passwd\"", "passwd"),
            ("attachment; filename=\"c:\\evil.exe\"", "evil.exe"),
            (
                "attachment; filename*=UTF-8''a%0D%0ASet-Cookie:x",
                "aSet-Cookie:x",
            ),
        ] {
            let name = file_name(&theirs("text/html", disposition), "api/v1/q4%20x.csv");
            assert_eq!(name, want, "{disposition}");
        }
    }
}
