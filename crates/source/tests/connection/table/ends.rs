//! The run's end, however it is learned, and what comes after.

use source::connection::Policy;

use super::polling;
use crate::drawn::check;

#[test]
fn the_end_of_a_run_over_a_stream_is_the_servers_word() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.0    deltas work        → · Reconnecting
        0.1    full ok            → open · Reconnecting
        0.2    frame              → delta · LIVE
        5.0    run ended          → · LIVE
        5.1    frame              → · LIVE
        5.2    complete           → close delta · Ended
        100.0  look               → · Ended
        ",
    );
}

#[test]
fn a_stream_that_closes_after_the_end_is_followed_by_one_delta() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.1    full ok            → open · Reconnecting
        0.2    frame              → delta · LIVE
        0.3    delta ok           → · LIVE
        5.0    run ended          → · LIVE
        5.1    eof                → delta · Polling
        5.2    delta ok           → · Ended
        100.0  look               → · Ended
        ",
    );
}

#[test]
fn a_stream_that_neither_completes_nor_closes_is_left_after_its_time() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.1    full ok            → open · Reconnecting
        0.2    frame              → delta · LIVE
        0.3    delta ok           → · LIVE
        5.0    run ended          → · LIVE
        14.0   comment            → · LIVE
        15.0   (Finish)           → close delta · Polling
        15.2   look               → · Polling
        15.3   delta 500          → · Polling
        19.2   look               → · Polling
        19.3   (Poll)             → delta · Polling
        19.4   delta ok           → · Ended
        ",
    );
}

#[test]
fn retrying_while_the_last_word_is_awaited_leaves_no_timer_behind() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.1    full ok            → open · Reconnecting
        0.2    frame              → delta · LIVE
        0.3    delta ok           → · LIVE
        5.0    run ended          → · LIVE
        6.0    retry              → close delta · Polling
        6.1    delta ok           → · Ended
        100.0  look               → · Ended
        ",
    );
}

#[test]
fn a_run_that_is_over_when_opened_streams_nothing() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.1    run ended          → · Reconnecting
        0.1    full ok            → delta · Reconnecting
        0.2    delta ok           → · Ended
        100.0  look               → · Ended
        ",
    );
}

#[test]
fn an_end_seen_by_a_poll_asks_for_the_rest_once_more() {
    check(
        polling(),
        "
        0.0    open               → full · Reconnecting
        0.1    full ok            → · Polling
        2.1    (Poll)             → delta · Polling
        2.2    run ended          → · Polling
        2.2    delta ok           → delta · Polling
        2.3    delta ok           → · Ended
        100.0  look               → · Ended
        ",
    );
}

#[test]
fn an_end_seen_while_waiting_gives_up_the_stream() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.1    full ok            → open · Reconnecting
        0.2    frame              → delta · LIVE
        0.3    delta ok           → · LIVE
        1.0    eof                → delta · Reconnecting #1 at 4.0
        1.1    run ended          → · Polling
        1.1    delta ok           → delta · Polling
        1.2    delta ok           → · Ended
        100.0  look               → · Ended
        ",
    );
}

#[test]
fn the_late_delta_after_complete_is_retried_five_times() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.0    deltas 500         → · Reconnecting
        0.1    full ok            → open · Reconnecting
        0.2    frame              → delta · LIVE
        0.3    complete           → close delta · Ended
        8.3    (Poll)             → delta · Ended
        24.3   (Poll)             → delta · Ended
        40.3   (Poll)             → delta · Ended
        100.0  look               → · Ended
        101.0  refresh            → full · Ended
        101.1  full ok            → · Ended
        ",
    );
}

#[test]
fn a_run_that_is_retried_is_watched_again() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.0    deltas work        → · Reconnecting
        0.1    full ok            → open · Reconnecting
        0.2    frame              → delta · LIVE
        0.3    complete           → close delta · Ended
        9.0    refresh            → full · Ended
        9.1    run reopened       → open · Reconnecting
        9.1    full ok            → · Reconnecting
        9.2    frame              → delta · LIVE
        ",
    );
}

#[test]
fn a_run_that_goes_on_after_all_keeps_its_stream() {
    check(
        Policy::default(),
        "
        0.0    open             → full · Reconnecting
        0.0    deltas work      → · Reconnecting
        0.1    full ok          → open · Reconnecting
        0.2    frame            → delta · LIVE
        5.0    run ended        → · LIVE
        6.0    run reopened     → · LIVE
        30.0   comment          → · LIVE
        40.0   comment          → · LIVE
        ",
    );
}
