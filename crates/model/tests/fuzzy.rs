//! Which names a few letters find, in which order, and at which cost.

use model::fuzzy::Names;

fn names(all: &[&str]) -> Names {
    let mut names = Names::default();
    all.iter().for_each(|name| names.push(name));
    names
}

#[test]
fn the_best_comes_first() {
    let all = [
        "Go live",
        "deploy to production",
        "scan-hosts",
        "Scan",
        "rescan",
        "build · compile",
        "Next failure",
        "First failure",
        "Größe prüfen",
        "scan_ports",
    ];
    for (query, best) in [
        ("scan", &["Scan", "scan-hosts", "scan_ports", "rescan"][..]),
        ("SCAN", &["Scan", "scan-hosts", "scan_ports", "rescan"]),
        ("hosts scan", &["scan-hosts"]),
        ("ff", &["First failure"]),
        ("failure", &["Next failure", "First failure"]),
        ("fir fail", &["First failure"]),
        ("prod", &["deploy to production"]),
        ("dtp", &["deploy to production"]),
        ("comp", &["build · compile"]),
        ("größe", &["Größe prüfen"]),
        ("GRÖ", &["Größe prüfen"]),
        ("zzz", &[]),
        ("gl", &["Go live"]),
    ] {
        let found = names(&all).find(query, 50);
        let shown: Vec<_> = found.best.iter().map(|number| all[*number]).collect();
        assert_eq!(shown, best, "{query}");
        assert_eq!(found.matching, best.len(), "{query}");
    }
}

#[test]
fn without_letters_everything_is_offered_in_its_order() {
    let names = names(&["c", "a", "b"]);
    for query in ["", "  ", "\t"] {
        let found = names.find(query, 2);
        assert_eq!((found.best, found.matching), (vec![0, 1], 3));
    }
    assert_eq!(names.find("a", 0).best, Vec::<usize>::new());
}

#[test]
fn ten_thousand_names_cost_their_letters_a_word_and_no_more() {
    let mut names = Names::default();
    let mut bytes = 0;
    for number in 0..10_000 {
        let name = format!("stage-{} / step {number}", number % 40);
        bytes += name.len();
        names.push(&name);
    }
    for (query, words) in [
        ("step 9999", 2),
        ("s", 1),
        ("stp", 1),
        ("a b c d e f g h", 6),
    ] {
        let found = names.find(query, 50);
        assert!(
            found.compared <= bytes * words,
            "{query}: {}",
            found.compared
        );
        assert!(found.best.len() <= 50);
    }
    assert_eq!(names.find("9999", 50).best[0], 9_999);
    assert_eq!(names.find("step", 50).matching, 10_000);
}

#[test]
fn what_is_hostile_is_bounded() {
    let mut names = Names::default();
    for _ in 0..100 {
        names.push(&"aé".repeat(100_000));
    }
    let found = names.find(&"é a".repeat(100_000), 50);
    assert!(found.compared <= 100 * Names::NAME_BYTES * Names::WORDS);
    names.push("");
    assert_eq!(names.find("x", 50).best, Vec::<usize>::new());
    assert_eq!(names.len(), 101);
}
