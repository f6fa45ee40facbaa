//! Fetches: the first load, deltas at intervals, refusals, gaps.

use source::connection::Policy;

use super::polling;
use crate::drawn::check;

#[test]
fn the_stream_flag_off_never_streams_and_polls_every_two_seconds() {
    check(
        polling(),
        "
        0.0    open               → full · Reconnecting
        0.1    deltas work        → · Reconnecting
        0.3    full ok            → · Polling
               … 4 polls
        10.0   look               → · Polling
        10.0   online             → delta · Polling
        10.5   visible            → · Polling
        11.0   retry              → delta · Polling
               … 4 polls
        20.0   refresh            → full · Polling
        20.2   full ok            → · Polling
               … 20 polls
        60.0   look               → · Polling
        ",
    );
}

#[test]
fn retry_after_is_honoured_by_polls() {
    check(
        polling(),
        "
        0.0    open               → full · Reconnecting
        0.1    full ok            → · Polling
        2.1    (Poll)             → delta · Polling
        2.1    delta 429 after 30 → · Polling
        32.1   (Poll)             → delta · Polling
        33.0   look               → · Polling
        33.0   delta ok           → · Polling
        35.0   (Poll)             → delta · Polling
        35.0   look               → · Polling
        ",
    );
}

#[test]
fn signing_out_is_final_until_retried() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.0    deltas work        → · Reconnecting
        0.1    full ok            → open · Reconnecting
        0.2    frame              → delta · LIVE
        1.0    reset              → delta · Reconnecting #1 at 4.0
               … 1 polls
        4.0    (Retry)            → open · Reconnecting
        4.0    stream 401         → · Refused
        100.0  online             → · Refused
        101.0  visible            → · Refused
        102.0  retry              → full · Reconnecting
        102.1  full ok            → open · Reconnecting
        102.2  frame              → delta · LIVE
        ",
    );
}

#[test]
fn a_run_that_is_not_there_is_final_until_refreshed() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.1    full 404           → · Refused
        100.0  refresh            → full · Reconnecting
        100.1  full 403           → · Refused
        200.0  look               → · Refused
        ",
    );
}

#[test]
fn a_delta_refused_is_final_even_while_live() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.1    full ok            → open · Reconnecting
        0.2    frame              → delta · LIVE
        0.3    delta 403          → close · Refused
        ",
    );
}

#[test]
fn the_backend_is_down_when_the_page_opens() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.0    deltas work        → · Reconnecting
        0.1    full down          → · Reconnecting #1 at 3.1
        3.1    (Retry)            → full · Reconnecting
        3.2    full 502           → · Reconnecting #2 at 9.2
        9.2    (Retry)            → full · Reconnecting
        9.3    full 503 after 30  → · Reconnecting #3 at 39.3
        39.3   (Retry)            → full · Reconnecting
        39.4   full down          → · Reconnecting #4 at 63.4
        63.4   (Retry)            → full · Reconnecting
        63.5   full down          → · Reconnecting #5 at 111.5
        111.5  (Retry)            → full · Reconnecting
        111.6  full down          → · Reconnecting #6 at 159.6
        159.6  (Retry)            → full · Reconnecting
        159.7  full down          → · Reconnecting #7 at 207.7
        207.7  (Retry)            → full · Reconnecting
        207.8  full ok            → open · Reconnecting
        208.0  frame              → delta · LIVE
        ",
    );
}

#[test]
fn a_load_that_hangs_is_given_up_and_one_that_is_only_slow_is_not() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        19.0   full progress      → · Reconnecting
        38.0   full progress      → · Reconnecting
        58.0   (FullDeadline)     → abort · Reconnecting #1 at 61.0
        58.0   look               → · Reconnecting #1 at 61.0
        61.0   (Retry)            → full · Reconnecting
        61.0   look               → · Reconnecting
        ",
    );
}

#[test]
fn polls_that_fail_say_so_and_slow_down() {
    check(
        polling(),
        "
        0.0    open               → full · Reconnecting
        0.0    deltas work        → · Reconnecting
        0.1    full ok            → · Polling
               … 2 polls
        5.0    deltas 500         → · Polling
        6.1    (Poll)             → delta · Polling
        10.1   (Poll)             → delta · Reconnecting #2 at 18.1
        18.1   (Poll)             → delta · Reconnecting #3 at 34.1
        34.1   (Poll)             → delta · Reconnecting #4 at 50.1
        40.0   look               → · Reconnecting #4 at 50.1
        40.0   deltas work        → · Reconnecting #4 at 50.1
        50.1   (Poll)             → delta · Polling
               … 4 polls
        60.0   look               → · Polling
        ",
    );
}

#[test]
fn polls_that_hang_do_not_pass_for_polling() {
    check(
        polling(),
        "
        0.0    open               → full · Reconnecting
        0.1    full ok            → · Polling
        2.1    (Poll)             → delta · Polling
        22.0   look               → · Polling
        22.1   (DeltaDeadline)    → abort · Polling
        26.1   (Poll)             → delta · Polling
        26.2   look               → · Polling
        42.0   look               → · Reconnecting #1 at 42.0
        ",
    );
}

#[test]
fn a_gap_is_filled_by_a_full_fetch_but_never_in_a_loop() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.0    deltas work        → · Reconnecting
        0.1    full ok            → open · Reconnecting
        0.2    frame              → delta · LIVE
        1.0    gap                → full · LIVE
        1.1    gap                → · LIVE
        1.2    full ok            → · LIVE
        1.3    gap                → · LIVE
        11.0   (Backfill)         → full · LIVE
        12.0   full 503           → · LIVE
        22.0   (Backfill)         → full · LIVE
        22.0   full ok            → · LIVE
        30.0   comment            → · LIVE
        40.0   comment            → · LIVE
        41.0   gap                → full · LIVE
        41.1   full ok            → · LIVE
        ",
    );
}

#[test]
fn a_backend_may_wish_for_a_slower_poll_as_time_goes_on() {
    check(
        Policy {
            streaming: false,
            poll_ms: vec![1_000, 1_000, 1_500, 5_000],
            ..Policy::default()
        },
        "
        0.0    open               → full · Reconnecting
        0.0    full ok            → · Polling
        1.0    (Poll)             → delta · Polling
        1.0    delta ok           → · Polling
        2.0    (Poll)             → delta · Polling
        2.0    delta ok           → · Polling
        3.5    (Poll)             → delta · Polling
        3.5    delta ok           → · Polling
        8.5    (Poll)             → delta · Polling
        8.5    delta ok           → · Polling
        13.5   (Poll)             → delta · Polling
        13.6   look               → · Polling
        ",
    );
}
