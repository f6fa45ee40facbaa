//! One file: what it is, how long it may be kept, and how it is sent.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use sha2::{Digest, Sha256};
use std::io::Write;
use std::sync::OnceLock;

/// A file of the app.
pub(super) struct Asset {
    pub(super) plain: Bytes,
    kind: &'static str,
    etag: String,
    lifetime: Lifetime,
    packed: OnceLock<Packed>,
    /// Packed by whoever built the app, better than we can in passing.
    ready: Packed,
}

/// A file's bytes in the codings that browsers take.
#[derive(Default)]
pub(super) struct Packed {
    pub(super) brotli: Option<Bytes>,
    pub(super) gzip: Option<Bytes>,
}

/// How long a browser may use a file without asking.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lifetime {
    /// For ever: its name holds its hash.
    Hashed,
    /// Not at all.
    Asked,
}

impl Asset {
    /// Makes a file; `ready` is what the build packed already.
    pub(super) fn new(name: &str, plain: Bytes, ready: Packed) -> Self {
        let digest: [u8; 32] = Sha256::digest(&plain).into();
        Self {
            kind: content_type(name),
            etag: digest[..8]
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect(),
            lifetime: lifetime(name),
            packed: OnceLock::new(),
            ready,
            plain,
        }
    }

    /// Answers a request for it.
    pub(super) fn answer(&self, asked: &HeaderMap) -> Response {
        let (coding, body) = self.choose(asked);
        let etag = match coding {
            Some(coding) => format!("\"{}-{coding}\"", self.etag),
            None => format!("\"{}\"", self.etag),
        };
        let known = header_text(asked, header::IF_NONE_MATCH)
            .is_some_and(|tags| tags.split(',').any(|tag| same_tag(tag, &etag)));
        let mut response = match known {
            true => StatusCode::NOT_MODIFIED.into_response(),
            false => ([(header::CONTENT_TYPE, self.kind)], body).into_response(),
        };
        let headers = response.headers_mut();
        if let (Some(coding), false) = (coding, known) {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        if let Ok(etag) = HeaderValue::from_str(&etag) {
            headers.insert(header::ETAG, etag);
        }
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        let cache = match self.lifetime {
            Lifetime::Hashed => "public, max-age=31536000, immutable",
            Lifetime::Asked => "no-cache",
        };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        response
    }

    fn choose(&self, asked: &HeaderMap) -> (Option<&'static str>, Bytes) {
        let accepted = header_text(asked, header::ACCEPT_ENCODING).unwrap_or_default();
        let packed = self.packed();
        let brotli = self.ready.brotli.as_ref().or(packed.brotli.as_ref());
        let gzip = self.ready.gzip.as_ref().or(packed.gzip.as_ref());
        match (brotli, gzip) {
            (Some(body), _) if accepts(accepted, "br") => (Some("br"), body.clone()),
            (_, Some(body)) if accepts(accepted, "gzip") => (Some("gzip"), body.clone()),
            _ => (None, self.plain.clone()),
        }
    }

    /// Packs it, the first time it is asked.
    pub(super) fn packed(&self) -> &Packed {
        self.packed
            .get_or_init(|| match worth_packing(self.kind, &self.plain) {
                true => Packed {
                    brotli: self
                        .ready
                        .brotli
                        .is_none()
                        .then(|| brotli(&self.plain))
                        .flatten(),
                    gzip: self
                        .ready
                        .gzip
                        .is_none()
                        .then(|| gzip(&self.plain))
                        .flatten(),
                },
                false => Packed::default(),
            })
    }
}

/// Whether an `Accept-Encoding` takes a coding.
pub(crate) fn accepts(accepted: &str, coding: &str) -> bool {
    accepted.split(',').any(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        let named = parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case(coding));
        named && !parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

fn same_tag(given: &str, etag: &str) -> bool {
    let given = given.trim();
    given == "*" || given.strip_prefix("W/").unwrap_or(given) == etag
}

/// A header as text.
pub(super) fn header_text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn worth_packing(kind: &str, plain: &[u8]) -> bool {
    plain.len() > 256 && !kind.starts_with("image/png") && !kind.starts_with("font/")
}

/// Quality 9: within a few percent of 11 at a tenth of its time. Tests and development wait for
/// unoptimised code, so they take less.
const BROTLI_QUALITY: i32 = if cfg!(debug_assertions) { 3 } else { 9 };

fn brotli(plain: &[u8]) -> Option<Bytes> {
    let params = brotli::enc::BrotliEncoderParams {
        quality: BROTLI_QUALITY,
        lgwin: 22,
        size_hint: plain.len(),
        ..Default::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &plain[..], &mut packed, &params).ok()?;
    Some(packed.into())
}

fn gzip(plain: &[u8]) -> Option<Bytes> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(plain).ok()?;
    Some(packer.finish().ok()?.into())
}

/// Trunk puts the content's 64-bit hash into a name, in hexadecimal digits: 16, or fewer where it
/// begins with zeros, as one in sixteen does.
fn lifetime(path: &str) -> Lifetime {
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_hash = |part: &str| {
        (12..=16).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    match name.split(['-', '.', '_']).any(is_hash) {
        true => Lifetime::Hashed,
        false => Lifetime::Asked,
    }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::{Lifetime, lifetime};

    #[test]
    fn a_name_with_a_hash_is_kept_for_ever_however_many_zeros_it_begins_with() {
        for name in [
            "runreel-fc538969b07c9405.css",
            "runreel-4a8379db91a93bc.css",
            "runreel-app-38969b07c940_bg.wasm",
        ] {
            assert!(lifetime(name) == Lifetime::Hashed, "{name}");
        }
        for name in [
            "index.html",
            "stream-hub.js",
            "vendor/xterm.mjs",
            "vendor/addon-fit.mjs",
            "added-face.css",
        ] {
            assert!(lifetime(name) == Lifetime::Asked, "{name}");
        }
    }
}
