//! The stream: opened, lost, silent, awaited, probed.

use source::connection::Policy;

use crate::drawn::check;

#[test]
fn it_loads_the_run_then_opens_the_stream_then_is_live() {
    check(
        Policy::default(),
        "
        0.0 open → full · Reconnecting
        0.3 full ok → open · Reconnecting
        0.4 stream ok → · Reconnecting
        0.5 frame → delta · LIVE
        0.6 delta ok → · LIVE
        ",
    );
}

#[test]
fn a_lost_stream_is_awaited_with_deltas_meanwhile() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.0    deltas work        → · Reconnecting
        0.3    full ok            → open · Reconnecting
        0.4    stream ok          → · Reconnecting
        0.5    frame              → delta · LIVE
        5.0    eof                → delta · Reconnecting #1 at 8.0
               … 1 polls
        8.0    (Retry)            → open · Reconnecting
        8.1    stream ok          → · Reconnecting
        8.2    frame              → delta · LIVE
        ",
    );
}

#[test]
fn a_stream_lost_again_before_it_proved_good_counts_on_and_one_that_stayed_good_counts_anew() {
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
        4.1    frame              → delta · LIVE
        5.0    reset              → delta · Reconnecting #2 at 11.0
               … 2 polls
        11.0   (Retry)            → open · Reconnecting
               … 1 polls
        11.1   frame              → delta · LIVE
        30.0   comment            → · LIVE
        31.0   reset              → delta · Reconnecting #1 at 34.0
        ",
    );
}

#[test]
fn five_attempts_then_polling_then_probes_then_live() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.0    deltas work        → · Reconnecting
        0.5    full ok            → open · Reconnecting
        0.5    stream 503         → · Reconnecting #1 at 3.5
               … 1 polls
        3.5    (Retry)            → open · Reconnecting
        3.5    stream 503         → · Reconnecting #2 at 9.5
               … 3 polls
        9.5    (Retry)            → open · Reconnecting
        9.5    stream 503         → · Reconnecting #3 at 21.5
               … 6 polls
        21.5   (Retry)            → open · Reconnecting
        21.5   stream 503         → · Reconnecting #4 at 45.5
               … 12 polls
        45.5   (Retry)            → open · Reconnecting
        45.5   stream 503         → · Reconnecting #5 at 93.5
               … 24 polls
        93.5   (Retry)            → open · Reconnecting
        93.5   stream 503         → · Polling
               … 8 polls
        108.5  (Probe)            → open · Polling
        108.5  stream 503         → · Polling
               … 15 polls
        138.5  (Probe)            → open · Polling
        138.5  stream 503         → · Polling
               … 30 polls
        198.5  (Probe)            → open · Polling
        198.5  stream 503         → · Polling
               … 30 polls
        258.5  (Probe)            → open · Polling
        258.5  stream ok          → · Polling
        259.0  frame              → delta · LIVE
        ",
    );
}

#[test]
fn a_stream_that_breaks_right_after_a_probe_goes_back_to_polling() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.0    deltas work        → · Reconnecting
        0.0    full ok            → open · Reconnecting
        0.0    stream 404         → · Polling
               … 7 polls
        15.0   (Probe)            → open · Polling
        15.0   frame              → delta · LIVE
        16.0   eof                → delta · Reconnecting #1 at 19.0
               … 1 polls
        19.0   (Retry)            → open · Reconnecting
        19.0   stream 404         → · Polling
               … 15 polls
        49.0   (Probe)            → open · Polling
        49.0   frame              → delta · LIVE
        64.5   comment            → · LIVE
        66.0   eof                → delta · Reconnecting #1 at 69.0
        ",
    );
}

#[test]
fn a_stream_that_is_not_there_means_polling_at_once() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.0    deltas work        → · Reconnecting
        0.1    full ok            → open · Reconnecting
        0.2    stream 404         → · Polling
               … 7 polls
        15.2   (Probe)            → open · Polling
        16.0   stream html        → · Polling
        ",
    );
}

#[test]
fn html_instead_of_a_stream_means_polling_at_once() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.0    deltas work        → · Reconnecting
        0.1    full ok            → open · Reconnecting
        0.2    stream html        → · Polling
        ",
    );
}

#[test]
fn no_content_means_polling_where_the_end_will_show() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.1    full ok            → open · Reconnecting
        0.2    stream 204         → · Polling
        2.1    (Poll)             → delta · Polling
        2.1    run ended          → · Polling
        2.2    delta ok           → delta · Polling
        2.3    delta ok           → · Ended
        ",
    );
}

#[test]
fn a_silent_stream_is_dead_after_two_and_a_half_heartbeats() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.0    deltas work        → · Reconnecting
        0.1    full ok            → open · Reconnecting
        0.2    stream ok          → · Reconnecting
        1.0    frame              → delta · LIVE
        20.0   comment            → · LIVE
        57.4   look               → · LIVE
        57.5   (Watchdog)         → close delta · Reconnecting #1 at 60.5
        57.6   look               → · Reconnecting #1 at 60.5
        ",
    );
}

#[test]
fn a_stream_that_answers_and_then_says_nothing_is_dead_too() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.0    deltas work        → · Reconnecting
        0.1    full ok            → open · Reconnecting
        0.2    stream ok          → · Reconnecting
               … 18 polls
        37.7   (Watchdog)         → close · Reconnecting #1 at 40.7
        38.0   look               → · Reconnecting #1 at 40.7
        ",
    );
}

#[test]
fn a_stream_that_never_answers_is_given_up_after_ten_seconds() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.0    deltas work        → · Reconnecting
        0.1    full ok            → open · Reconnecting
               … 5 polls
        10.1   (Connect)          → close · Reconnecting #1 at 13.1
        10.2   look               → · Reconnecting #1 at 13.1
        ",
    );
}

#[test]
fn a_slow_heartbeat_is_given_forty_seconds_and_no_more() {
    check(
        Policy {
            heartbeat_ms: 30_000,
            ..Policy::default()
        },
        "
        0.0    open               → full · Reconnecting
        0.0    deltas work        → · Reconnecting
        0.1    full ok            → open · Reconnecting
        0.2    frame              → delta · LIVE
        40.1   look               → · LIVE
        40.2   (Watchdog)         → close delta · Reconnecting #1 at 43.2
        40.3   look               → · Reconnecting #1 at 43.2
        ",
    );
}

#[test]
fn retry_after_is_honoured_by_the_stream() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.0    deltas work        → · Reconnecting
        0.1    full ok            → open · Reconnecting
        0.2    stream 503 after 20 → · Reconnecting #1 at 20.2
               … 10 polls
        20.2   (Retry)            → open · Reconnecting
        20.3   stream 429 after 1 → · Reconnecting #2 at 26.3
               … 3 polls
        26.3   (Retry)            → open · Reconnecting
        27.0   look               → · Reconnecting
        ",
    );
}

#[test]
fn the_stream_may_ask_for_a_longer_wait_by_its_retry_field() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.0    deltas work        → · Reconnecting
        0.1    full ok            → open · Reconnecting
        0.2    frame              → delta · LIVE
        0.3    retry: 10000       → · LIVE
        1.0    eof                → delta · Reconnecting #1 at 11.0
               … 4 polls
        11.0   (Retry)            → open · Reconnecting
               … 1 polls
        11.5   look               → · Reconnecting
        ",
    );
}

#[test]
fn retry_after_is_honoured_by_probes() {
    check(
        Policy::default(),
        "
        0.0    open             → full · Reconnecting
        0.0    deltas work      → · Reconnecting
        0.1    full ok          → open · Reconnecting
        0.2    stream 404       → · Polling
                              … 7 polls
        15.2   (Probe)          → open · Polling
        15.2   stream 503 after 100 → · Polling
                              … 50 polls
        115.2  (Probe)          → open · Polling
        115.2  frame            → delta · LIVE
        ",
    );
}

#[test]
fn a_stream_that_other_tabs_displaced_comes_back_when_the_page_is_looked_at() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.0    deltas work        → · Reconnecting
        0.1    full ok            → open · Reconnecting
        0.2    frame              → delta · LIVE
        1.0    hidden             → · LIVE
        5.0    no room            → delta · Polling
               … 2 polls
        9.5    visible            → open · Polling
        9.6    no room            → · Polling
               … 1 polls
        12.0   visible            → open · Polling
        12.1   frame              → delta · LIVE
        ",
    );
}
