//! The address asked for, joined to the backend's own: never above it, never elsewhere.

use reqwest::Url;

/// A request below `/backends/`: whose it is, and the rest of its path as it was sent, still
/// percent-encoded.
pub(super) fn split(path: &str) -> Option<(&str, &str)> {
    path.strip_prefix("/backends/")?.split_once('/')
}

/// The backend's address of `path` (without a slash before it) and `query`, both as they were sent.
/// The error says what is wrong with them.
pub(super) fn join(base: &Url, path: &str, query: Option<&str>) -> Result<Url, &'static str> {
    for segment in path.split('/') {
        check(segment)?;
    }
    let below = base.path().trim_end_matches('/');
    let whole = format!("{below}/{path}");
    let mut url = base.clone();
    url.set_path(&whole);
    // Whatever the library would tidy up was no plain path.
    if url.path() != whole || url.origin() != base.origin() {
        return Err("percent-encode what is no plain character");
    }
    url.set_query(query);
    Ok(url)
}

/// What the segment of a path means, or that it is not sound. A backend, or a proxy before it, may
/// decode more than once, so this does until nothing changes.
fn check(segment: &str) -> Result<(), &'static str> {
    let mut text = decode(segment.as_bytes(), true).ok_or("a % begins no percent-encoded byte")?;
    loop {
        if text
            .iter()
            .any(|byte| byte.is_ascii_control() || *byte == b'\\')
        {
            return Err("control characters and backslashes have no place in a path");
        }
        for piece in text.split(|byte| *byte == b'/') {
            // Some servers leave out what stands behind a semicolon.
            let name = piece.split(|byte| *byte == b';').next().unwrap_or_default();
            if name.is_empty() || name == b"." || name == b".." {
                return Err("empty segments, `.` and `..` have no place in a path");
            }
        }
        match decode(&text, false) {
            Some(again) if again != text => text = again,
            _ => return Ok(()),
        }
    }
}

/// Percent-decodes once; `None` when a `%` that must be an escape is none. Never longer than before.
pub(super) fn decode(text: &[u8], strictly: bool) -> Option<Vec<u8>> {
    let digit = |at: usize| char::from(*text.get(at)?).to_digit(16);
    let mut decoded = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        match (text[at], digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                decoded.push((high * 16 + low) as u8);
                at += 3;
            }
            (b'%', ..) if strictly => return None,
            (byte, ..) => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    Some(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sound_paths_stay_below_the_base() {
        for (base, path, query, want) in [
            ("http://h:1", "api/v1/x", None, "http://h:1/api/v1/x"),
            (
                "http://h:1/",
                "x",
                Some("a=%2e%2e/&b"),
                "http://h:1/x?a=%2e%2e/&b",
            ),
            ("https://h/studio", "x", None, "https://h/studio/x"),
            ("https://h/a/b/", "x/y", Some(""), "https://h/a/b/x/y?"),
            (
                "http://h",
                "r%3Aplan%3A1/part",
                None,
                "http://h/r%3Aplan%3A1/part",
            ),
            ("http://h", "n/a%2Fb", None, "http://h/n/a%2Fb"),
            ("http://h", "100%25", None, "http://h/100%25"),
            ("http://h", "...", None, "http://h/..."),
            (
                "http://h",
                "@evil.example:80",
                None,
                "http://h/@evil.example:80",
            ),
            ("http://h", "%C3%A9", None, "http://h/%C3%A9"),
        ] {
            let base = Url::parse(base).unwrap();
            let joined = join(&base, path, query).map(String::from);
            assert_eq!(joined, Ok(want.to_owned()), "{path}");
        }
    }

    #[test]
    fn what_leads_elsewhere_is_refused() {
        let base = Url::parse("http://h:1/studio").unwrap();
        for path in [
            "..",
            ".",
            "a/..",
            "../x",
            "a/../../x",
            "%2e%2e/x",
            "%2E%2e",
            ".%2e",
            "%2e",
            "%252e%252e/x",
            "%25252e%25252e",
            "a%2f..%2f..",
            "a%252f..%252f..",
            "..;/x",
            "..;a=b",
            "%2e%2e%3b",
            ";x",
            "",
            "/",
            "/x",
            "a//b",
            "a/",
            "%2f%2fevil.example",
            "%2f",
            "http://evil.example/",
            "//evil.example",
            "\\\\evil.example",
            "a\\..\\b",
            "%5c",
            "a%5c..%5cb",
            "%255c",
            "%00",
            "a%00b",
            "%2500",
            "%0d%0aHost:%20x",
            "%7f",
            "%",
            "%2",
            "%zz",
            "100%",
            "a b",
            "a\"b",
            "é",
            "a?b",
            "a#b",
        ] {
            assert!(join(&base, path, None).is_err(), "{path}");
        }
    }

    #[test]
    fn the_name_is_the_first_segment() {
        for (path, want) in [
            ("/backends/a/api/v1/x", Some(("a", "api/v1/x"))),
            ("/backends/a/", Some(("a", ""))),
            ("/backends/a//x", Some(("a", "/x"))),
            ("/backends/a", None),
            ("/api/v1/x", None),
        ] {
            assert_eq!(split(path), want, "{path}");
        }
    }
}
