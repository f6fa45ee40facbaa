//! The fold reads 16 bytes an event: what does not fit in there is looked up.

#![allow(missing_docs)]

mod drawn;

use drawn::{items, journal, second};
use model::RunState;
use model::run_state::NodeView;

#[test]
fn absurd_attempts_are_told_as_they_came() {
    for (number, told) in [
        ("7", 7),
        ("65534", 65_534),
        ("65535", 65_535),
        ("70000", 70_000),
    ] {
        let facts = format!("1 a STARTED @{number}\n 2 a PROGRESS @{number}");
        let journal = journal(items("a", &facts));
        assert_eq!(RunState::at(&journal, second(3.0)).nodes[0].attempt, told);
    }
}

#[test]
fn a_node_is_small() {
    assert!(size_of::<NodeView>() <= 40, "{}", size_of::<NodeView>());
}
