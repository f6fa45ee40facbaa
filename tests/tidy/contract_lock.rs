//! The contract's lock: the sources of `crates/contract` and `docs/api.md` change together, or the test fails.

use crate::File;

/// Compares the sources' hash and `version` with the line that `document` (docs/api.md) notes.
pub fn check(sources: &[File], version: &str, document: &str) -> Vec<String> {
    let line = lock_line(version, hash(sources));
    let noted: Vec<&str> = document
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with("<!-- contract:"))
        .collect();
    if noted == [line.as_str()] {
        return Vec::new();
    }
    let noted = match noted[..] {
        [] => "no such line".to_owned(),
        _ => noted.join("\n                "),
    };
    vec![format!(
        "crates/contract and docs/api.md have moved apart.\n\
         docs/api.md has {noted}\n\
         the sources say {line}\n\
         Describe the change in docs/api.md. When a message looks different on the wire, raise VERSION in\n\
         crates/contract/src/lib.rs and run this again. Then put the second line into docs/api.md."
    )]
}

fn lock_line(version: &str, hash: u64) -> String {
    format!("<!-- contract: version {version}, hash {hash:016x} -->")
}

/// FNV-1a over the files' paths and texts, whatever order they come in and however their lines end.
fn hash(sources: &[File]) -> u64 {
    let mut sources: Vec<&File> = sources.iter().collect();
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut feed = |text: &str| {
        for byte in text.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for source in sources {
        feed(&source.path);
        feed(&source.text.replace("\r\n", "\n"));
    }
    hash
}

#[cfg(test)]
mod bites {
    use super::*;

    fn drawn(files: &[(&str, &str)]) -> Vec<File> {
        let file = |(path, text): &(&str, &str)| File {
            path: (*path).to_owned(),
            text: (*text).to_owned(),
        };
        files.iter().map(file).collect()
    }

    #[test]
    fn holds_while_nothing_moves_and_bites_when_one_does() {
        let sources = drawn(&[("a.rs", "a\nb\n"), ("b.rs", "c")]);
        let document = format!("# API\n\n{}\n\nText.", lock_line("1.0.0", hash(&sources)));
        assert_eq!(check(&sources, "1.0.0", &document), Vec::<String>::new());

        let changed = drawn(&[("a.rs", "a\nB\n"), ("b.rs", "c")]);
        let renamed = drawn(&[("a.rs", "a\nb\n"), ("c.rs", "c")]);
        let moved = drawn(&[("a.rs", "a\nb\nc"), ("b.rs", "")]);
        for (sources, version, document) in [
            (&changed, "1.0.0", document.as_str()),
            (&renamed, "1.0.0", document.as_str()),
            (&moved, "1.0.0", document.as_str()),
            (&sources, "1.1.0", document.as_str()),
            (&sources, "1.0.0", "# API without the line"),
            (&sources, "1.0.0", ""),
            (
                &sources,
                "1.0.0",
                &format!("{document}\n<!-- contract: version 0.9.0, hash 0 -->"),
            ),
        ] {
            assert_eq!(
                check(sources, version, document).len(),
                1,
                "{sources:?} {version}"
            );
        }
    }

    #[test]
    fn the_hash_stands_still() {
        let unix = drawn(&[("a.rs", "a\nb\n"), ("b.rs", "c")]);
        let dos = drawn(&[("b.rs", "c"), ("a.rs", "a\r\nb\r\n")]);
        assert_eq!(hash(&unix), hash(&dos));
        // FNV-1a of nothing is its offset basis.
        assert_eq!(hash(&[]), 0xcbf2_9ce4_8422_2325);
    }
}
