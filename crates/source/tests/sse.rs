//! The SSE parser: a table of every rule, each case fed whole, byte by byte and split everywhere;
//! then properties: the chunking never shows, what was written is read.

use proptest::prelude::*;
use source::sse::{Chain, Item, Parser};

/// Feeds `input` in every way of cutting it that matters and expects the same drawing each time.
///
/// A drawing has one word an item: `event:data` (`#id` added when there is an id), `;comment`,
/// `retry=n`, `oversized=n`; line feeds in data are drawn as `|`. The limit is 64 bytes.
#[track_caller]
fn check(input: impl AsRef<[u8]>, expected: &[&str]) {
    let input = input.as_ref();
    assert_eq!(
        drawn(&[input]),
        expected,
        "fed whole: {}",
        input.escape_ascii()
    );
    let bytes: Vec<&[u8]> = input.chunks(1).collect();
    assert_eq!(
        drawn(&bytes),
        expected,
        "byte by byte: {}",
        input.escape_ascii()
    );
    for at in 0..=input.len() {
        let (before, after) = input.split_at(at);
        let cut = format!("{} / {}", before.escape_ascii(), after.escape_ascii());
        assert_eq!(drawn(&[before, after]), expected, "split: {cut}");
        assert_eq!(
            drawn(&[before, b"", after]),
            expected,
            "split, nothing between: {cut}"
        );
    }
}

fn drawn(chunks: &[&[u8]]) -> Vec<String> {
    let mut parser = Parser::with_limit(64);
    let mut items = Vec::new();
    for chunk in chunks {
        parser.feed(chunk, |item| items.push(draw(item)));
    }
    parser.finish(|item| items.push(draw(item)));
    items
}

fn draw(item: Item<'_>) -> String {
    match item {
        Item::Frame(frame) => {
            let id = if frame.id.is_empty() {
                String::new()
            } else {
                format!("#{}", frame.id)
            };
            format!("{}:{}{id}", frame.event, frame.data.replace('\n', "|"))
        }
        Item::Comment(text) => format!(";{text}"),
        Item::Retry(millis) => format!("retry={millis}"),
        Item::Oversized { bytes } => format!("oversized={bytes}"),
    }
}

#[test]
fn lines_end_in_lf_cr_or_crlf() {
    check("data: a\n\ndata: b\n\n", &["message:a", "message:b"]);
    check("data: a\r\rdata: b\r\r", &["message:a", "message:b"]);
    check(
        "data: a\r\n\r\ndata: b\r\n\r\n",
        &["message:a", "message:b"],
    );
    check("data: a\r\n\rdata: b\n\r\n", &["message:a", "message:b"]);
    check("data: a\n\rdata: b\r\n\n", &["message:a", "message:b"]);
    check("event: x\rdata: 1\r\ndata: 2\n\r", &["x:1|2"]);
    check("\n\r\n\r\n\n\rdata: a\n\n\n\n", &["message:a"]);
}

#[test]
fn a_frame_is_dispatched_by_the_cr_that_ends_it_without_waiting_for_a_lf() {
    let mut parser = Parser::default();
    let mut items = Vec::new();
    parser.feed(b"data: now\r\n\r", |item| items.push(draw(item)));
    assert_eq!(items, ["message:now"]);
    parser.feed(b"\ndata: next\n\n", |item| items.push(draw(item)));
    assert_eq!(items, ["message:now", "message:next"]);
}

#[test]
fn one_byte_order_mark_is_stripped_at_the_start_only() {
    check("\u{FEFF}data: a\n\n", &["message:a"]);
    check("\u{FEFF}\u{FEFF}data: a\n\n", &[]);
    check(
        "data: \u{FEFF}a\n\ndata: b\n\n",
        &["message:\u{FEFF}a", "message:b"],
    );
    check(b"\xEF\xBBdata: a\n\ndata: b\n\n", &["message:b"]);
    check(b"\xEF\xBB", &[]);
    check(b"\xEF\xBB\n\ndata: a\n\n", &["message:a"]);
}

#[test]
fn text_is_utf8_with_replacement() {
    check("data: ä€😀\n\n", &["message:ä€😀"]);
    check(b"data: \xff\xfe!\n\n", &["message:\u{FFFD}\u{FFFD}!"]);
    check(
        b"data: \xe2\x82\ndata: \xac\n\n",
        &["message:\u{FFFD}|\u{FFFD}"],
    );
    check(b"event: \xc3\ndata: x\n\n", &["\u{FFFD}:x"]);
    check(b": \xf0\x9f\x98\n", &[";\u{FFFD}"]);
    check(b"id: \xe4\ndata: x\n\n", &["message:x#\u{FFFD}"]);
}

#[test]
fn one_space_after_the_colon_is_removed() {
    check("data:a\n\n", &["message:a"]);
    check("data:  a \n\n", &["message: a "]);
    check("data:\ta\n\n", &["message:\ta"]);
    check("data: a: b\n\n", &["message:a: b"]);
    check("event:x\ndata::\n\n", &["x::"]);
}

#[test]
fn data_lines_are_joined() {
    check("data: a\ndata: b\ndata: c\n\n", &["message:a|b|c"]);
    check("data\n\n", &["message:"]);
    check("data\ndata\n\n", &["message:|"]);
    check("data:\ndata: a\ndata\n\n", &["message:|a|"]);
    check("data: a\nevent: x\ndata: b\n\n", &["x:a|b"]);
}

#[test]
fn the_last_event_name_counts_and_an_empty_one_means_message() {
    check("event: x\nevent: y\ndata: 1\n\n", &["y:1"]);
    check("event: x\nevent\ndata: 1\n\n", &["message:1"]);
    check("event: x\ndata: 1\n\ndata: 2\n\n", &["x:1", "message:2"]);
}

#[test]
fn blocks_without_data_dispatch_nothing() {
    check("event: x\n\ndata: 1\n\n", &["message:1"]);
    check("event: x\nid: 1\n\n", &[]);
    check("\n\n\n", &[]);
}

#[test]
fn an_unfinished_block_is_dropped() {
    check("data: a\n\ndata: b\n", &["message:a"]);
    check("data: a\n\ndata: b", &["message:a"]);
    check("", &[]);
}

#[test]
fn ids_are_committed_by_the_blank_line() {
    check(
        "id: 1\ndata: a\n\ndata: b\n\n",
        &["message:a#1", "message:b#1"],
    );
    check("data: a\nid: 1\n\n", &["message:a#1"]);
    check("id: 6\n\ndata: a\n\n", &["message:a#6"]);
    check("id: 1\nid: 2\ndata: a\n\n", &["message:a#2"]);
}

#[test]
fn an_empty_id_resets_and_one_with_nul_is_ignored() {
    check(
        "id: 1\ndata: a\n\nid\ndata: b\n\n",
        &["message:a#1", "message:b"],
    );
    check(
        "id: 1\ndata: a\n\nid:\n\ndata: b\n\n",
        &["message:a#1", "message:b"],
    );
    check(
        "id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n",
        &["message:a#1", "message:b#1"],
    );
    check("id: 3\nid: x\0y\ndata: b\n\n", &["message:b#3"]);
}

#[test]
fn the_id_of_an_unfinished_block_is_not_committed() {
    let mut parser = Parser::default();
    parser.feed(b"id: 7\ndata: a\n\nid: 8\ndata: b\n", |_| {});
    assert_eq!(parser.last_event_id(), "7");
    parser.finish(|_| {});
    assert_eq!(
        parser.last_event_id(),
        "7",
        "the id outlives the stream: it is where to resume"
    );
    parser.feed("\u{FEFF}data: c\n\n".as_bytes(), |item| {
        assert_eq!(draw(item), "message:c#7")
    });
}

#[test]
fn retry_counts_only_if_all_digits() {
    check("retry: 3000\n", &["retry=3000"]);
    check("retry:0\ndata: a\n\n", &["retry=0", "message:a"]);
    check(
        "retry: 3s\nretry: -1\nretry: 1.5\nretry\nretry: \nretry:  1\nretry: ١\n",
        &[],
    );
    check(
        "retry: 99999999999999999999999\n",
        &["retry=18446744073709551615"],
    );
}

#[test]
fn comments_are_heard_and_unknown_fields_are_not() {
    check(": keepalive\n", &[";keepalive"]);
    check(":\n::\n", &[";", ";:"]);
    check("data: a\n: beat\ndata: b\n\n", &[";beat", "message:a|b"]);
    check("foo: 1\nDATA: 2\n data: 3\ndata : 4\ndatax: 5\n\n", &[]);
}

#[test]
fn a_block_over_the_limit_is_said_once_with_its_size_and_skipped() {
    let long = "x".repeat(100);
    check(
        format!("data: {long}\n\ndata: b\n\n"),
        &["oversized=106", "message:b"],
    );
    check(
        format!("data: a\ndata: {long}\ndata: c\n\ndata: d\n\n"),
        &["oversized=120", "message:d"],
    );
    check(
        format!("id: 1\ndata: {long}\r\n\r\ndata: d\r\n\r\n"),
        &["oversized=111", "message:d"],
    );
    check(
        format!(":{long}\n\ndata: d\n\n"),
        &["oversized=101", "message:d"],
    );
    let many = "data: abcdef\n".repeat(20);
    check(
        format!("{many}\ndata: d\n\n"),
        &["oversized=240", "message:d"],
    );
}

#[test]
fn a_line_that_never_ends_is_said_when_the_stream_is_over() {
    check("x".repeat(200), &["oversized=200"]);
    check(
        format!("data: a\n\nda{}", "x".repeat(200)),
        &["message:a", "oversized=202"],
    );
}

#[test]
fn the_limit_itself_is_allowed_and_heartbeats_never_add_up() {
    let fits = "x".repeat(64 - "data: ".len());
    check(format!("data: {fits}\n\n"), &[&format!("message:{fits}")]);
    check(format!("data: {fits}x\n\n"), &["oversized=65"]);
    check("data: a\n".to_owned() + &": beat\n".repeat(20) + "\n", &{
        let mut items = vec![";beat"; 20];
        items.push("message:a");
        items
    });
}

#[test]
fn memory_stays_bounded_on_an_endless_line() {
    let mut parser = Parser::with_limit(1 << 16);
    let mut heard = Vec::new();
    for _ in 0..1024 {
        parser.feed(&[b'x'; 64 << 10], |item| heard.push(draw(item)));
    }
    assert!(heard.is_empty());
    parser.feed(b"\n\ndata: still here\n\n", |item| heard.push(draw(item)));
    assert_eq!(
        heard,
        [
            format!("oversized={}", 64 << 20),
            "message:still here".to_owned()
        ]
    );
}

/// Bytes that meet the rules often: the words and line ends of the format, and noise.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        8 => prop::sample::select(vec![
            &b"\n"[..], b"\r", b"\r\n", b"\n\n", b"data", b"data: ", b"data:", b"event: ", b"id: ",
            b"retry: ", b":", b" ", b"\0", b"12", b"\xEF\xBB\xBF", "ä€😀".as_bytes(), b"\xE2\x82",
            b"0123456789012345678901234567890123456789",
        ]).prop_map(<[u8]>::to_vec),
        1 => prop::collection::vec(any::<u8>(), 0..8),
    ];
    prop::collection::vec(word, 0..60).prop_map(|words| words.concat())
}

fn text() -> impl Strategy<Value = String> {
    "[^\r\n\0]{0,12}"
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_chunking_never_shows(bytes in stream(), mut cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12)) {
        let mut at: Vec<usize> = cuts.drain(..).map(|cut| cut.index(bytes.len() + 1)).collect();
        at.extend([0, bytes.len()]);
        at.sort_unstable();
        let chunks: Vec<&[u8]> = at.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
        prop_assert_eq!(drawn(&chunks), drawn(&[&bytes]));
    }

    #[test]
    fn what_was_written_is_read(frames in prop::collection::vec((text(), prop::collection::vec(text(), 1..4), text()), 0..8)) {
        let (mut written, mut expected) = (String::new(), Vec::new());
        for (event, lines, id) in &frames {
            written += &format!("event: {event}\nid: {id}\n");
            for line in lines {
                written += &format!("data: {line}\n");
            }
            written.push('\n');
            let event = if event.is_empty() { "message" } else { event };
            expected.push((event.to_owned(), lines.join("\n"), id.clone()));
        }
        let mut read = Vec::new();
        let mut parser = Parser::default();
        parser.feed(written.as_bytes(), |item| match item {
            Item::Frame(frame) => read.push((frame.event.to_owned(), frame.data.to_owned(), frame.id.to_owned())),
            other => panic!("nothing but frames was written: {other:?}"),
        });
        prop_assert_eq!(read, expected);
    }
}

#[test]
fn a_lost_frame_breaks_the_chain() {
    let follows = |stream: &str| {
        let mut chain = Chain::default();
        let mut told = Vec::new();
        Parser::default().feed(stream.as_bytes(), |item| {
            if let Item::Frame(frame) = item {
                told.push(chain.follows(&frame));
            }
        });
        told
    };
    for (stream, want) in [
        (
            "id: a\ndata: 1\n\nfrom: a\nid: b\ndata: 2\n\nfrom: b\nid: b\ndata: 3\n\n",
            &[true, true, true][..],
        ),
        (
            "id: a\ndata: 1\n\nfrom: b\nid: c\ndata: 3\n\nfrom: c\nid: d\ndata: 4\n\n",
            &[true, false, false],
        ),
        (
            "from: x\nid: y\ndata: joined\n\nfrom: y\nid: z\ndata: 2\n\n",
            &[true, true],
        ),
        (
            "id: e-1\ndata: 1\n\nfrom: -8\nid: e-9\ndata: 2\n\nfrom: -0\nid: e-9\ndata: 3\n\n",
            &[true, true, true],
        ),
        (
            "id: e-1\ndata: 1\n\nfrom: -1\nid: e-3\ndata: 3\n\nfrom: -1\nid: e-4\ndata: 4\n\n",
            &[true, false, false],
        ),
        (
            "id: e-1\ndata: 1\n\nfrom: -1\nid: f-2\ndata: of another history\n\n",
            &[true, false],
        ),
        (
            "id: e-1\ndata: 1\n\nfrom: -99999999999999999999\nid: e-2\ndata: 2\n\n",
            &[true, false],
        ),
        ("data: no ids\n\ndata: at all\n\n", &[true, true]),
        (
            "id: a\ndata: 1\n\nid: c\ndata: does not say\n\n",
            &[true, true],
        ),
    ] {
        assert_eq!(follows(stream), want, "{stream}");
    }
}
