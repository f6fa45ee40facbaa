//! Words that must or must not occur in the sources.

use crate::File;
use crate::rust::{Kind, Token, tokens, without_tests};

/// Every file opens with a `//!` sentence that says what it is.
pub fn opening_sentence(files: &[File]) -> Vec<String> {
    files
        .iter()
        .filter(|file| !file.text.starts_with("//! "))
        .map(|file| {
            format!(
                "{}:1: the first line must be a `//!` sentence that says what the file is",
                file.path
            )
        })
        .collect()
}

/// A test that does not run proves nothing.
pub fn ignored_tests(files: &[File]) -> Vec<String> {
    complain(
        files,
        |_| true,
        Tests::Included,
        |window| {
            let ignored =
                window[0].is_mark('#') && window[1].is_mark('[') && window[2].is_word("ignore");
            ignored.then(|| "`#[ignore]`: make the test run, or remove it".to_owned())
        },
    )
}

/// Outside tests an error is handled or passed on.
pub fn unwraps(files: &[File]) -> Vec<String> {
    let ours = |path: &str| is_app(path) || (path.starts_with("crates/") && path.contains("/src/"));
    complain(files, ours, Tests::Excluded, |window| {
        let called = window[0].is_mark('.') && window[2].is_mark('(');
        let name = ["unwrap", "expect"]
            .into_iter()
            .find(|name| window[1].is_word(name))?;
        called.then(|| format!("`.{name}(`: handle the error or pass it on"))
    })
}

/// The app sets no HTML from strings, leaks no closure and names no other host.
pub fn app_words(files: &[File]) -> Vec<String> {
    complain(files, is_app, Tests::Included, |window| {
        if window[0].is_word("inner_html") || window[0].is_word("set_inner_html") {
            return Some("`inner_html`: build nodes from text instead".to_owned());
        }
        if window[0].is_mark('.') && window[1].is_word("forget") && window[2].is_mark('(') {
            return Some("`.forget()`: keep the value where its drop releases it".to_owned());
        }
        let Kind::Text(text) = &window[0].kind else {
            return None;
        };
        let host = foreign_host(text)?;
        Some(format!(
            "an address of another host ({host}): the app talks to its own origin only"
        ))
    })
}

/// The host of a URL in `text` that is not this machine; XML namespaces and `{placeholders}` are no hosts.
fn foreign_host(text: &str) -> Option<&str> {
    ["http://", "https://"]
        .iter()
        .flat_map(|scheme| text.split(scheme).skip(1))
        .map(|rest| {
            rest.split(['/', '"', ' ', '?', '#'])
                .next()
                .unwrap_or_default()
        })
        .find(|authority| {
            let host = match authority.strip_prefix('[') {
                Some(v6) => v6.split(']').next().unwrap_or_default(),
                None => authority.split(':').next().unwrap_or_default(),
            };
            !(host.starts_with('{')
                || matches!(host, "" | "127.0.0.1" | "localhost" | "::1" | "www.w3.org"))
        })
}

#[derive(Clone, Copy, PartialEq)]
enum Tests {
    Included,
    Excluded,
}

/// Looks at every three tokens in a row of the files that `concerns` picks.
fn complain(
    files: &[File],
    concerns: impl Fn(&str) -> bool,
    tests: Tests,
    find: impl Fn(&[Token]) -> Option<String>,
) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files.iter().filter(|file| concerns(&file.path)) {
        if tests == Tests::Excluded && is_test_file(&file.path) {
            continue;
        }
        let mut tokens = tokens(&file.text);
        if tests == Tests::Excluded {
            tokens = without_tests(&tokens);
        }
        // So that the last tokens, too, stand first in a window.
        let end = Token {
            kind: Kind::Mark(' '),
            line: 0,
        };
        tokens.extend([end.clone(), end]);
        for window in tokens.windows(3) {
            complaints.extend(
                find(window).map(|text| format!("{}:{}: {text}", file.path, window[0].line)),
            );
        }
    }
    complaints
}

fn is_app(path: &str) -> bool {
    path.starts_with("src/")
}

/// Files that only tests include: `tests.rs`, `…_tests.rs`, or below a folder `tests`.
pub fn is_test_file(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.ends_with("_tests.rs") || path.contains("/tests/")
}

#[cfg(test)]
mod bites {
    use super::*;

    type Rule = fn(&[File]) -> Vec<String>;

    #[track_caller]
    fn check(rule: Rule, path: &str, text: &str, complaints: usize) {
        let file = File {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        assert_eq!(rule(&[file]).len(), complaints, "for {path}: {text}");
    }

    #[test]
    fn opening_sentences() {
        check(opening_sentence, "src/a.rs", "//! A thing.\nfn f() {}", 0);
        check(opening_sentence, "src/a.rs", "// A thing.\n", 1);
        check(opening_sentence, "src/a.rs", "\n//! Too late.\n", 1);
        check(opening_sentence, "src/a.rs", "", 1);
    }

    #[test]
    fn ignores() {
        check(
            ignored_tests,
            "crates/model/src/a.rs",
            "#[test] #[ignore] fn f() {}",
            1,
        );
        check(
            ignored_tests,
            "tests/a.rs",
            "#[ignore = \"slow\"] fn f() {}",
            1,
        );
        check(
            ignored_tests,
            "tests/a.rs",
            "// #[ignore]\nfn ignore() {}",
            0,
        );
    }

    #[test]
    fn unwrapped() {
        check(unwraps, "src/a.rs", "fn f() { g().unwrap() }", 1);
        check(
            unwraps,
            "crates/model/src/a.rs",
            "fn f() { g().expect(\"h\") }",
            1,
        );
        check(
            unwraps,
            "src/a.rs",
            "fn f() { g().unwrap_or(1); h.expected() }",
            0,
        );
        check(
            unwraps,
            "src/a.rs",
            "#[cfg(test)] mod tests { fn f() { g().unwrap() } }",
            0,
        );
        check(
            unwraps,
            "src/a.rs",
            "#[cfg(test)] mod tests { } fn f() { g().unwrap() }",
            1,
        );
        check(
            unwraps,
            "crates/model/src/journal/tests.rs",
            "fn f() { g().unwrap() }",
            0,
        );
        check(
            unwraps,
            "crates/server/tests/a.rs",
            "fn f() { g().unwrap() }",
            0,
        );
    }

    #[test]
    fn app_words_that_must_not_be() {
        check(
            app_words,
            "src/view/a.rs",
            "view! { <p inner_html=x></p> }",
            1,
        );
        check(app_words, "src/dom/a.rs", "element.set_inner_html(x)", 1);
        check(app_words, "src/dom/a.rs", "closure.forget();", 1);
        check(
            app_words,
            "src/dom/a.rs",
            "fn forget() {} // closure.forget()",
            0,
        );
        check(app_words, "crates/model/src/a.rs", "closure.forget();", 0);
        for (text, complaints) in [
            ("http://example.com/x", 1),
            ("see https://example.com", 1),
            ("http://127.0.0.1:4700/api http://evil.example", 1),
            ("http://127.0.0.1:4700/api", 0),
            ("http://localhost", 0),
            ("http://[::1]:1/", 0),
            ("http://{host}/", 0),
            ("https://", 0),
            ("http://www.w3.org/2000/svg", 0),
        ] {
            check(
                app_words,
                "src/client/a.rs",
                &format!("const A: &str = \"{text}\";"),
                complaints,
            );
        }
    }
}
