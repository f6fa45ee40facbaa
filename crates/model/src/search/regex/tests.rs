//! Our regular expressions against those of the `regex` crate, on patterns and texts drawn at random.

use super::*;
use proptest::prelude::*;

fn pattern() -> impl Strategy<Value = String> {
    const LEAVES: &[&str] = &[
        "a",
        "b",
        "é",
        "1",
        "_",
        r"\.",
        r"\d",
        r"\w",
        r"\s",
        r"\W",
        ".",
        "[ab]",
        "[^a]",
        "[é-ü1-3]",
        r"[^\s-]",
        r"\b",
        r"\B",
        "^",
        "$",
        r"\A",
        r"\z",
        "",
        r"\x61",
        "(?s:.)",
        "(?i:A)",
    ];
    let leaf = prop::sample::select(LEAVES).prop_map(str::to_owned);
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            3 => prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| parts.concat()),
            1 => prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join("|"))),
            2 => (inner, prop::sample::select(&["*", "+", "?", "*?", "+?", "??", "{2}", "{0,2}", "{1,}", "{2,3}?"][..]))
                .prop_map(|(inner, many)| format!("(?:{inner}){many}")),
        ]
    })
}

fn theirs(pattern: &str, ignore_case: bool) -> regex::Regex {
    let mut builder = regex::RegexBuilder::new(pattern);
    builder
        .multi_line(true)
        .case_insensitive(ignore_case)
        .build()
        .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]
    #[test]
    fn the_same_is_found(
        pattern in pattern(),
        text in "[abAÉé1_. \n-]{0,12}",
        ignore_case: bool,
        whole_word in prop::bool::weighted(0.1),
    ) {
        let mut ours = Regex::new(&pattern, ignore_case, whole_word).unwrap();
        let pattern = if whole_word { format!(r"\b(?:{pattern})\b") } else { pattern };
        let theirs = theirs(&pattern, ignore_case);
        let ranges: Vec<_> = theirs.find_iter(&text).map(|found| found.range()).collect();
        prop_assert_eq!(ours.is_in(text.as_bytes()), !ranges.is_empty());
        let count = match ours.automaton.program().can_be_empty {
            true => ranges.len().min(1),
            false => ranges.len(),
        };
        prop_assert_eq!(ours.count(text.as_bytes()), (count, true));
        let wide: Vec<_> = ranges.into_iter().filter(|range| !range.is_empty()).collect();
        prop_assert_eq!(ours.ranges(&text), wide);
    }

    #[test]
    fn a_text_as_it_is(text in "[abAÉé1_. -]{0,12}", word in r"[aéA1_.()*\\]{1,3}", whole_word: bool) {
        let mut ours = Regex::text(&word, whole_word).unwrap();
        let mut pattern = regex::escape(&word);
        if whole_word {
            let edge = |at: Option<char>| if at.is_some_and(|at| at.is_alphanumeric() || at == '_') { r"\b" } else { "" };
            pattern = format!("{}{pattern}{}", edge(word.chars().next()), edge(word.chars().next_back()));
        }
        let theirs = theirs(&pattern, true);
        prop_assert_eq!(ours.count(text.as_bytes()).0, theirs.find_iter(&text).count());
    }

    #[test]
    fn whatever_is_written_is_read_or_refused(pattern in r"[\PC()\[\]{}*+?|^$\\a-c0-9,:<>=!-]{0,40}", text in "[a-c0-9]{0,20}") {
        if let Ok(mut regex) = Regex::new(&pattern, true, false) {
            regex.count(text.as_bytes());
            regex.ranges(&text);
        }
    }
}

#[test]
fn what_cannot_be_used_is_told_with_its_place() {
    for (pattern, place, why) in [
        ("a(b", 2, "not closed"),
        ("a)b", 2, "closes nothing"),
        ("é[b", 2, "not closed"),
        ("[z-a]", 2, "range"),
        ("*a", 1, "nothing before"),
        ("a|+", 3, "nothing before"),
        (r"(a)\1", 4, "quick"),
        ("a(?=b)", 2, "quick"),
        ("(?<!b)", 1, "quick"),
        (r"\p{L}", 1, "not known"),
        ("[[:alpha:]]", 2, "not known"),
        ("a{3,2}", 2, "count"),
        ("a{2000}", 2, "count"),
        ("((a{100}){100}){100}", 1, "10000 steps"),
        (r"\", 1, r"\\"),
        (r"\x{zz}", 1, "code"),
    ] {
        let wrong = Regex::new(pattern, false, false).unwrap_err();
        assert!(
            wrong.place == place && wrong.why.contains(why),
            "{pattern}: {wrong:?}"
        );
    }
    for (pattern, many) in [("(", 51), ("a*", 1), ("(a|", 60)] {
        let pattern = pattern.repeat(many) + &"*".repeat(51);
        assert!(Regex::new(&pattern, false, false).is_err(), "{pattern}");
    }
}

#[test]
fn braces_that_count_nothing_are_braces() {
    for (pattern, text) in [
        ("{", "a{"),
        ("a{,2}", "a{,2}"),
        (r#"{"a":1}"#, r#"{"a":1}"#),
        ("a{b}", "a{b}"),
    ] {
        assert!(
            Regex::new(pattern, false, false)
                .unwrap()
                .is_in(text.as_bytes()),
            "{pattern}"
        );
    }
}

#[test]
fn work_grows_with_the_text_and_not_faster() {
    for pattern in [
        "(a+)+$",
        "(a|a)*b$",
        "(a*)*b",
        "(?:a?){50}a{50}b",
        "(x+x+)+y",
        "(.*){20}z",
        "[ab]*a[ab]{12}c",
        "(){1000}{1000}{1000}a",
    ] {
        let work = |length: usize| {
            let mut regex = Regex::new(pattern, false, false).unwrap();
            regex.required.clear();
            let text = "aab".repeat(length / 3) + "a!";
            regex.count(text.as_bytes());
            regex.work()
        };
        let (short, long) = (work(1_000), work(10_000));
        // A step of the program at most, a byte.
        assert!(long <= 10_000 * 400, "{pattern}: {long}");
        assert!(
            long <= short * 12 + 10_000,
            "{pattern}: {short}, then {long}"
        );
    }
}

/// `a` and `b` in no order.
fn stirred(length: usize) -> String {
    let mut seed = 42_u32;
    let letters = std::iter::repeat_with(|| {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        if seed & 64 == 0 { 'a' } else { 'b' }
    });
    letters.take(length).collect()
}

#[test]
fn states_are_forgotten_and_found_again() {
    let mut regex = Regex::new("[ab]*a[ab]{14}c", false, false).unwrap();
    regex.required.clear();
    let text = stirred(40_000);
    let mut most = 0;
    for part in 0..40 {
        assert_eq!(
            regex.count(&text.as_bytes()[part * 1_000..][..1_000]),
            (0, true)
        );
        most = most.max(regex.automaton.weight());
    }
    assert!(
        (automaton::ROOM / 2..automaton::ROOM * 2).contains(&most),
        "{most}"
    );
    assert!(regex.automaton.weight() < most, "something was forgotten");
    assert_eq!(
        regex.count(b"xabababababababac aaaaaaaaaaaaaaaac"),
        (2, true)
    );
}

#[test]
fn a_text_that_is_too_much_work_is_told() {
    let mut regex = Regex::new("[ab]*a[ab]{300}c", false, false).unwrap();
    let text = stirred(100_000) + "c";
    assert!(!regex.count(text.as_bytes()).1);
    assert_eq!(regex.count(b"none"), (0, true));
}
