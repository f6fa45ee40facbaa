//! The app: the built files, embedded, with their hashes, packed once, and served with care.

mod file;

pub(crate) use file::accepts;

use crate::config::Config;
use crate::error::ApiError;
use crate::security::{app_policy, worker_policy};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use file::{Asset, Packed};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

#[derive(RustEmbed)]
#[folder = "../../dist"]
#[allow_missing = true]
struct Dist;

/// Shown where the app should be and was not built.
const PLACEHOLDER: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Runreel</title>\
<h1>The app is not in this server</h1><p>It was built without the app. \
Run <code>make build</code>, which builds both, and start <code>target/release/runreel serve</code>. \
The API answers under <code>/api/v1</code>.</p></html>";

/// The app's files.
#[derive(Clone)]
pub(crate) struct Assets {
    files: Arc<HashMap<String, Asset>>,
    policy: HeaderValue,
    worker_policy: HeaderValue,
}

impl Assets {
    /// Reads the embedded files and starts to pack them, so that no visitor waits for it.
    pub(crate) fn load(config: &Config) -> Self {
        let mut raw: HashMap<String, Bytes> = Dist::iter()
            .filter_map(|name| Some((name.to_string(), bytes(Dist::get(&name)?.data))))
            .collect();
        raw.entry(INDEX.to_owned())
            .or_insert(Bytes::from_static(PLACEHOLDER.as_bytes()));
        if config.base_path != "/" {
            rebase(&mut raw, &config.base_path);
        }
        Self::of(raw, config)
    }

    fn of(raw: HashMap<String, Bytes>, config: &Config) -> Self {
        let packed = |name: &str, end: &str| raw.get(&format!("{name}{end}")).cloned();
        let is_packed = |name: &str| {
            let bare = name.strip_suffix(".br").or(name.strip_suffix(".gz"));
            bare.is_some_and(|bare| raw.contains_key(bare))
        };
        let files: HashMap<String, Asset> = raw
            .iter()
            .filter(|(name, _)| !is_packed(name))
            .map(|(name, plain)| {
                let ready = Packed {
                    brotli: packed(name, ".br"),
                    gzip: packed(name, ".gz"),
                };
                (name.clone(), Asset::new(name, plain.clone(), ready))
            })
            .collect();
        let page = files
            .get(INDEX)
            .map(|page| page.plain.clone())
            .unwrap_or_default();
        let scripts = inline_scripts(&String::from_utf8_lossy(&page));
        let assets = Self {
            files: Arc::new(files),
            policy: policy(&app_policy(config, &scripts)),
            worker_policy: policy(&worker_policy(config)),
        };
        let files = assets.files.clone();
        std::thread::spawn(move || files.values().for_each(|file| _ = file.packed()));
        assets
    }

    /// The page, for every route of the app.
    pub(crate) fn page(&self, asked: &HeaderMap) -> Response {
        let mut response = self.file(INDEX, asked);
        response
            .headers_mut()
            .insert(header::CONTENT_SECURITY_POLICY, self.policy.clone());
        response
    }

    /// A file by its path, or 404: for a person who mistyped an address the page that says so, for
    /// everything else, scripts and styles of an old page among it, never HTML.
    pub(crate) fn file(&self, name: &str, asked: &HeaderMap) -> Response {
        match self.files.get(name) {
            Some(file) if name.ends_with(".js") => {
                let mut response = file.answer(asked);
                let headers = response.headers_mut();
                headers.insert(header::CONTENT_SECURITY_POLICY, self.worker_policy.clone());
                response
            }
            Some(file) => file.answer(asked),
            None if is_address_typed(name, asked) => {
                let mut response = self.page(&HeaderMap::new());
                *response.status_mut() = StatusCode::NOT_FOUND;
                response
            }
            None => ApiError::not_found(format!("There is no file {name}")).into_response(),
        }
    }
}

const INDEX: &str = "index.html";

/// Tells the page where a browser finds it. What was packed of it is of no use then.
fn rebase(files: &mut HashMap<String, Bytes>, base_path: &str) {
    for end in [".br", ".gz"] {
        files.remove(&format!("{INDEX}{end}"));
    }
    if let Some(page) = files.get_mut(INDEX) {
        let text = String::from_utf8_lossy(page);
        let base = format!("<base href=\"{base_path}\">");
        let written = BASES.iter().find(|written| text.contains(**written));
        let rebased = written.map(|written| text.replacen(written, &base, 1));
        *page = rebased.unwrap_or_else(|| text.into_owned()).into();
    }
}

/// How the page may say that it lives at the root: as written, and as minified.
const BASES: [&str; 3] = ["<base href=\"/\" />", "<base href=\"/\">", "<base href=/>"];

fn policy(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|error| {
        tracing::error!(%error, "frame or connect sources cannot stand in a header: nothing is allowed");
        HeaderValue::from_static("default-src 'none'")
    })
}

/// Whether a browser asks for a page, and not for a part of one.
fn is_address_typed(name: &str, asked: &HeaderMap) -> bool {
    let wants_page = asked
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    let is_part = name.rsplit('/').next().is_some_and(|end| end.contains('.'));
    wants_page && !is_part && !name.starts_with("api/")
}

/// Base64 of SHA-256 of every script that stands in the page itself.
fn inline_scripts(page: &str) -> Vec<String> {
    let mut hashes = Vec::new();
    let mut rest = page;
    while let Some(start) = find_tag(rest, "<script") {
        let Some(open) = rest[start..].find('>') else {
            break;
        };
        let (tag, body) = (&rest[start..start + open], &rest[start + open + 1..]);
        let Some(end) = find_tag(body, "</script") else {
            break;
        };
        let external = tag
            .split_ascii_whitespace()
            .any(|word| word.to_ascii_lowercase().starts_with("src="));
        if !external {
            hashes.push(STANDARD.encode(Sha256::digest(&body[..end])));
        }
        rest = &body[end..];
    }
    hashes
}

fn find_tag(text: &str, tag: &str) -> Option<usize> {
    let (text, tag) = (text.as_bytes(), tag.as_bytes());
    text.windows(tag.len())
        .position(|window| window.eq_ignore_ascii_case(tag))
}

fn bytes(data: Cow<'static, [u8]>) -> Bytes {
    match data {
        Cow::Borrowed(data) => Bytes::from_static(data),
        Cow::Owned(data) => data.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::file::header_text;
    use super::*;

    const PAGE: &str = "<script type=\"module\">go()</script><SCRIPT src=x.js></SCRIPT>\
                        <script type=importmap>{}</script>";

    fn drawn() -> Assets {
        let file = |name: &str, text: &str| (name.to_owned(), Bytes::from(text.to_owned()));
        let raw = HashMap::from([
            file(INDEX, PAGE),
            file("app-0123456789abcdef_bg.wasm", &"wasm ".repeat(200)),
            file("vendor/xterm.mjs", &"export {};".repeat(100)),
            file("vendor/xterm.mjs.br", "made by the build"),
        ]);
        Assets::of(raw, &Config::default())
    }

    #[test]
    fn the_page_is_told_where_it_lives() {
        for written in BASES {
            let file = |name: &str, text: String| (name.to_owned(), Bytes::from(text));
            let mut files = HashMap::from([
                file(INDEX, format!("<head>{written}<p>")),
                file("index.html.br", "packed".into()),
                file("app.js", "<base href=/>".into()),
            ]);
            rebase(&mut files, "/runreel/");
            let page = String::from_utf8_lossy(&files[INDEX]);
            assert!(
                page.starts_with("<head><base href=\"/runreel/\"><p>"),
                "{page}"
            );
            assert!(
                !files.contains_key("index.html.br"),
                "of the page as it was"
            );
            assert_eq!(&files["app.js"][..], b"<base href=/>");
        }
    }

    fn ask(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.clone(), value.parse().unwrap()))
            .collect()
    }

    fn show(response: &Response, name: header::HeaderName) -> String {
        header_text(response.headers(), name)
            .unwrap_or("-")
            .to_owned()
    }

    #[test]
    fn inline_scripts_are_hashed_and_others_are_not() {
        let want: Vec<String> = ["go()", "{}"]
            .map(|text| STANDARD.encode(Sha256::digest(text)))
            .to_vec();
        assert_eq!(inline_scripts(PAGE), want);
        let policy = show(
            &drawn().page(&HeaderMap::new()),
            header::CONTENT_SECURITY_POLICY,
        );
        for hash in want {
            assert!(policy.contains(&format!("'sha256-{hash}'")), "{policy}");
        }
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    }

    #[test]
    fn a_mistyped_address_gets_the_page_and_a_missing_part_does_not() {
        const JSON: &str = "application/json; charset=utf-8";
        let assets = drawn();
        let browser = ask(&[(header::ACCEPT, "text/html,*/*;q=0.8")]);
        for (name, asked, kind) in [
            ("elsewhere", &browser, "text/html; charset=utf-8"),
            ("elsewhere", &HeaderMap::new(), JSON),
            ("old-0123.js", &browser, JSON),
            ("api/v1/nothing", &browser, JSON),
        ] {
            let response = assets.file(name, asked);
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{name}");
            assert_eq!(show(&response, header::CONTENT_TYPE), kind, "{name}");
        }
    }

    #[test]
    fn files_come_packed_typed_and_cached_by_their_names() {
        let assets = drawn();
        for (name, accepted, coding, kind, cache) in [
            (
                "app-0123456789abcdef_bg.wasm",
                "gzip, br",
                "br",
                "application/wasm",
                "public, max-age=31536000, immutable",
            ),
            (
                "app-0123456789abcdef_bg.wasm",
                "gzip, br;q=0",
                "gzip",
                "application/wasm",
                "public, max-age=31536000, immutable",
            ),
            (
                "vendor/xterm.mjs",
                "br",
                "br",
                "text/javascript; charset=utf-8",
                "no-cache",
            ),
            (
                "vendor/xterm.mjs",
                "",
                "-",
                "text/javascript; charset=utf-8",
                "no-cache",
            ),
            (INDEX, "br", "-", "text/html; charset=utf-8", "no-cache"),
        ] {
            let response = assets.file(name, &ask(&[(header::ACCEPT_ENCODING, accepted)]));
            let shown = [
                header::CONTENT_ENCODING,
                header::CONTENT_TYPE,
                header::CACHE_CONTROL,
                header::VARY,
            ]
            .map(|header| show(&response, header));
            assert_eq!(
                shown,
                [coding, kind, cache, "Accept-Encoding"],
                "{name} {accepted}"
            );
        }
        assert_eq!(
            assets
                .file("vendor/xterm.mjs.br", &HeaderMap::new())
                .status(),
            404
        );
        assert_eq!(
            assets.file("../Cargo.toml", &HeaderMap::new()).status(),
            404
        );
    }

    #[test]
    fn a_file_that_is_known_is_not_sent_again() {
        let assets = drawn();
        let first = assets.file(INDEX, &HeaderMap::new());
        let etag = show(&first, header::ETAG);
        let again = assets.file(INDEX, &ask(&[(header::IF_NONE_MATCH, &etag)]));
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        let other = assets.file(INDEX, &ask(&[(header::IF_NONE_MATCH, "\"0\"")]));
        assert_eq!(other.status(), StatusCode::OK);
    }
}
