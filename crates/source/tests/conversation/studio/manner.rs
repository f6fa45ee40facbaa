//! The first answer decides how the backend is spoken to, and it stays so.

use super::talk::{Talk, UNKNOWN, run};
use source::conversation::Extent;

const PAGE: &str = r#"{"runId":"r","epoch":"e","cursor":"7","hasMore":false,"records":[]}"#;

#[test]
fn the_first_answer_decides() {
    for (status, body, plain) in [(404, UNKNOWN, true), (405, "", true), (200, PAGE, false)] {
        let mut talk = Talk::plain();
        talk.says("/records", status, body);
        let fetched = talk.fetch(Extent::Full);
        assert_eq!(fetched.failed, None, "{status} {body}");
        assert_eq!(fetched.waves.len() > 1, plain, "{status} {body}");
        assert_eq!(fetched.waves[0], "/records?limit=20000");
        if plain {
            assert_eq!(fetched.waves[1], "", "the run itself first");
        }
        assert_eq!(talk.problems, [""; 0], "{status} {body}");
        // From then on nothing else is tried.
        let again = talk.fetch(Extent::Full);
        assert_eq!(again.waves[0].starts_with("/records"), !plain);
        let delta = talk.fetch(Extent::Delta);
        assert_eq!(delta.waves[0].starts_with("/records"), !plain);
    }
}

#[test]
fn what_decides_nothing_fails_the_fetch() {
    for status in [401, 403, 429, 500, 502, 503] {
        let mut talk = Talk::plain();
        talk.says("/records", status, "");
        let failed = talk.fetch(Extent::Full).failed.unwrap();
        assert_eq!(failed.0, status);
        talk.says("/records", 200, PAGE);
        assert_eq!(talk.fetch(Extent::Full).waves.len(), 1, "still undecided");
    }
    // A proxy's page, or the head of an answer that was cut: no word about who is behind it.
    for body in ["<!doctype html>", "", r#"{"ok":true}"#, "[]"] {
        let mut talk = Talk::plain();
        talk.says("/records", 200, body);
        let failed = talk.fetch(Extent::Full).failed.unwrap();
        assert!(
            failed.1.ends_with("could not be read"),
            "{body}: {}",
            failed.1
        );
        talk.says("/records", 200, PAGE);
        assert_eq!(talk.fetch(Extent::Full).waves.len(), 1, "still undecided");
    }
}

#[test]
fn a_run_that_nobody_knows_fails_with_404() {
    let mut talk = Talk::plain();
    talk.says("", 404, UNKNOWN);
    let fetched = talk.fetch(Extent::Full);
    assert_eq!(fetched.failed.unwrap().0, 404);
    // Nothing is decided: the run may be there later, at a server of ours.
    talk.says("/records", 200, PAGE);
    assert_eq!(talk.fetch(Extent::Full).waves.len(), 1);
}

#[test]
fn our_own_server_is_not_mistaken_for_another_later() {
    let mut talk = Talk::plain();
    talk.says("/records", 200, PAGE);
    talk.fetch(Extent::Full);
    for (status, body) in [(404, UNKNOWN), (405, ""), (200, "<html>")] {
        talk.says("/records", status, body);
        let fetched = talk.fetch(Extent::Delta);
        assert_eq!(fetched.failed.unwrap().0, status);
        assert_eq!(fetched.waves, ["/records?after=e-7&limit=20000"]);
    }
}

#[test]
fn a_run_that_is_no_run_fails_the_fetch() {
    for body in ["<!doctype html>", "{}", "[]", r#"{"id":{}}"#, ""] {
        let mut talk = Talk::plain();
        talk.says("", 200, body);
        let (status, message) = talk.fetch(Extent::Full).failed.unwrap();
        assert_eq!(status, 200, "{body}");
        assert!(message.contains("/api/v1/workflows/runs/r"), "{message}");
    }
    let mut talk = Talk::plain();
    talk.says("", 200, &run("RUNNING", r#","more":[1]"#));
    assert_eq!(talk.fetch(Extent::Full).failed, None);
}
