//! The media type of a file, by its name.

/// The media type for a file name, by extension; `application/octet-stream` where it says nothing.
pub fn mime_of(name: &str) -> &'static str {
    let extension = match name.rsplit_once('.') {
        Some((_, extension)) => extension.to_ascii_lowercase(),
        None => return "application/octet-stream",
    };
    match extension.as_str() {
        "txt" | "log" | "out" | "err" => "text/plain",
        "md" => "text/markdown",
        "csv" => "text/csv",
        "tsv" => "text/tab-separated-values",
        "json" => "application/json",
        "ndjson" | "jsonl" | "reel" => "application/x-ndjson",
        "xml" => "application/xml",
        "html" | "htm" => "text/html",
        "yaml" | "yml" => "application/yaml",
        "toml" => "application/toml",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "pdf" => "application/pdf",
        "gz" | "tgz" => "application/gzip",
        "zip" => "application/zip",
        "tar" => "application/x-tar",
        "cast" => "application/x-asciicast",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn by_the_last_extension_in_any_case() {
        for (name, want) in [
            ("a.md", "text/markdown"),
            ("a.tar.GZ", "application/gzip"),
            ("json", "application/octet-stream"),
            ("a.b.unknown", "application/octet-stream"),
        ] {
            assert_eq!(super::mime_of(name), want, "{name}");
        }
    }
}
