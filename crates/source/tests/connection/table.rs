//! One drawn script a rule.

use source::connection::Policy;

use crate::drawn::check;

#[test]
fn it_loads_the_run_then_opens_the_stream_then_is_live() {
    check(
        Policy::default(),
        "
        0.0  open       → full · Reconnecting
        0.3  full ok    → open · Reconnecting
        0.4  stream ok  → · Reconnecting
        0.5  frame      → delta · LIVE
        0.6  delta ok   → · LIVE
        ",
    );
}
