//! Conversations with an operations backend: what is asked, and what a refusal says.

mod every_line;
mod world;

use model::{Millis, RunStatus};
use source::conversation::{Answer, Conversation, Extent, Listings, Reply};
use source::dialect::Dialect;

const BASE: &str = "http://ops/api/v1";
const RUN: &str = "gemini_1767225600000";
/// Lines that an answer shows.
const WINDOW: u64 = 100;
/// 2026-01-01T00:00:00Z.
const ZERO: i64 = 1_767_225_600_000;

fn conversation() -> Conversation {
    Conversation::new(Dialect::Operations, BASE, RUN)
}

fn answer<'a>(status: u16, body: &'a str) -> Answer<'a> {
    Answer {
        status,
        body,
        at: Millis(ZERO),
    }
}

#[test]
fn there_is_one_question_and_its_addresses() {
    let mut talk = conversation();
    for extent in [Extent::Full, Extent::Delta] {
        let asked = talk.begin(extent);
        let addresses: Vec<_> = asked.iter().map(|it| it.address.as_str()).collect();
        assert_eq!(
            addresses,
            ["http://ops/api/v1/operations/gemini_1767225600000"]
        );
    }
    assert!(talk.asides().is_empty());
    let stream = talk.stream();
    assert_eq!(
        stream.address,
        "http://ops/api/v1/operations/gemini_1767225600000/stream"
    );
    assert_eq!(stream.after, None);
    assert_eq!(
        talk.cancel().as_deref(),
        Some("http://ops/api/v1/operations/gemini_1767225600000/cancel")
    );
    assert_eq!(talk.artifact("out/a.md"), None);
    let odd =
        Conversation::new(Dialect::Operations, "/backends/v/api/v1/", "a/b?c").begin(Extent::Full);
    assert_eq!(odd[0].address, "/backends/v/api/v1/operations/a%2Fb%3Fc");
}

#[test]
fn polls_come_quickly_first_and_then_back_off() {
    let cadence = conversation().cadence();
    assert_eq!(cadence[..10], [1_000; 10]);
    assert_eq!(cadence[10..], [1_500, 2_250, 3_375, 5_000]);
}

#[test]
fn a_refusal_says_why() {
    let address = "the server answered 404 to http://ops/api/v1/operations/gemini_1767225600000";
    for (body, want) in [
        (
            r#"{"detail":{"kind":"Error","detail":"Operation not found","error_code":"NOT_FOUND_ERROR"}}"#,
            format!("{address}: Operation not found"),
        ),
        (r#"{"detail":"Not Found"}"#, format!("{address}: Not Found")),
        ("<html>", address.to_owned()),
    ] {
        let mut talk = conversation();
        let request = &talk.begin(Extent::Full)[0];
        match talk.answer(request, answer(404, body)) {
            Reply::Failed { message } => assert_eq!(message, want),
            Reply::Read { .. } => panic!("a 404 is no answer"),
        }
    }
}

#[test]
fn what_does_not_say_how_the_operation_stands_is_a_failed_fetch() {
    let address = "http://ops/api/v1/operations/gemini_1767225600000";
    let stands = |rest: &str| format!(r#"{{"id":"{RUN}","status":"processing"{rest}}}"#);
    for (body, want) in [
        (String::new(), "EOF while parsing"),
        ("<html>sign in</html>".into(), "expected value"),
        ("null".into(), ""),
        ("[]".into(), ""),
        ("{}".into(), "missing field `id`"),
        (r#"{"detail":"Not Found"}"#.into(), "missing field `id`"),
        (format!(r#"{{"id":"{RUN}"}}"#), "missing field `status`"),
        (
            r#"{"id":"x","status":"processing"}"#.into(),
            "it is about another operation: `x`",
        ),
        (stands("")[..40].to_owned(), "EOF while parsing"),
    ] {
        let mut talk = conversation();
        for extent in [Extent::Full, Extent::Delta] {
            let request = &talk.begin(extent)[0];
            match talk.answer(request, answer(200, &body)) {
                Reply::Failed { message } => {
                    let told = format!("the answer to {address} could not be read: {want}");
                    assert!(message.starts_with(&told), "{message}");
                    assert!(message.len() < 200, "{message}");
                }
                Reply::Read { .. } => panic!("`{body}` is no answer"),
            }
        }
        // It leaves nothing behind.
        let request = &talk.begin(Extent::Delta)[0];
        let read = talk.answer(request, answer(200, &stands("")));
        assert!(
            matches!(&read, Reply::Read { batch, .. } if !batch.items.is_empty() && batch.problems.is_empty()),
            "{read:?}"
        );
    }
    // What says it and something odd besides is an answer, as often as it comes.
    let mut talk = conversation();
    for _ in 0..3 {
        let request = &talk.begin(Extent::Delta)[0];
        let read = talk.answer(request, answer(200, &stands(r#","started_at":7"#)));
        assert!(
            matches!(&read, Reply::Read { batch, .. } if batch.problems.len() == 1),
            "{read:?}"
        );
    }
}

#[test]
fn a_backend_that_lists_nothing_says_so() {
    let listings = Listings::new(Dialect::Operations, BASE);
    let address = listings.address(50);
    assert_eq!(address, "http://ops/api/v1/operations?limit=50");
    for status in [404, 405] {
        let said = listings.refusal(&address, status, r#"{"detail":"Not Found"}"#);
        assert!(
            said.starts_with("this backend does not list its operations; open one by its address")
        );
    }
    assert_eq!(
        listings.refusal(&address, 503, r#"{"detail":{"detail":"Busy"}}"#),
        format!("the server answered 503 to {address}: Busy")
    );
    let listed =
        listings.read(r#"{"operations":[{"id":"a_1767225600000","status":"processing"}]}"#);
    assert_eq!(listed.runs[0].status, RunStatus::Running);
}
