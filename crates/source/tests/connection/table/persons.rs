//! What a person presses, and what the page goes through: pause, sleep, no network.

use source::connection::Policy;

use crate::drawn::check;

#[test]
fn pause_keeps_recording_and_resume_tells_the_truth() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.0    deltas work        → · Reconnecting
        0.1    full ok            → open · Reconnecting
        0.2    frame              → delta · LIVE
        1.0    pause              → · Paused (LIVE)
        2.0    frame              → · Paused (LIVE)
        3.0    eof                → delta · Paused (Reconnecting)
        4.0    resume             → · Reconnecting #1 at 6.0
               … 1 polls
        5.0    pause              → · Paused (Reconnecting)
        6.0    (Retry)            → open · Paused (Reconnecting)
        6.1    frame              → delta · Paused (LIVE)
        7.0    resume             → · LIVE
        ",
    );
}

#[test]
fn a_pause_outlasts_the_end_of_the_run_but_not_a_refusal() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.0    deltas work        → · Reconnecting
        0.1    full ok            → open · Reconnecting
        0.2    frame              → delta · LIVE
        1.0    pause              → · Paused (LIVE)
        2.0    complete           → close delta · Paused (Ended)
        3.0    resume             → · Ended
        4.0    pause              → · Ended
        5.0    refresh            → full · Ended
        6.0    full 401           → · Refused
        ",
    );
}

#[test]
fn refresh_fetches_everything_at_once_in_every_mode() {
    check(
        Policy::default(),
        "
        0.0    refresh            → · Reconnecting
        0.0    open               → full · Reconnecting
        0.0    deltas work        → · Reconnecting
        0.1    refresh            → abort full · Reconnecting
        0.2    full down          → · Reconnecting #1 at 3.2
        0.3    refresh            → full · Reconnecting
        0.4    full ok            → open · Reconnecting
        0.5    refresh            → full · Reconnecting
        0.6    full ok            → · Reconnecting
        0.7    frame              → delta · LIVE
        0.8    refresh            → full · LIVE
        0.9    full ok            → · LIVE
        1.0    eof                → delta · Reconnecting #1 at 4.0
        1.1    refresh            → full · Reconnecting #1 at 4.0
        1.2    full ok            → · Reconnecting #1 at 4.0
        1.3    pause              → · Paused (Reconnecting)
        1.4    refresh            → full · Paused (Reconnecting)
        1.5    full 500           → · Paused (Reconnecting)
        1.6    resume             → · Reconnecting #1 at 4.0
               … 1 polls
        4.0    (Retry)            → open · Reconnecting
        4.0    stream 404         → · Polling
        4.1    refresh            → full · Polling
        4.2    full ok            → · Polling
        4.3    run ended          → delta · Ended
        4.4    refresh            → full · Ended
        4.5    full ok            → · Ended
        ",
    );
}

#[test]
fn retry_connection_attempts_at_once() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.0    deltas work        → · Reconnecting
        0.1    full down          → · Reconnecting #1 at 3.1
        0.2    retry              → full · Reconnecting
        0.3    full ok            → open · Reconnecting
        0.4    stream 503         → · Reconnecting #1 at 3.4
        1.0    retry              → open delta · Reconnecting
        1.1    stream 404         → · Polling
        2.0    retry              → open delta · Reconnecting
        2.1    frame              → delta · LIVE
        3.0    retry              → close open delta · Reconnecting
        3.1    frame              → delta · LIVE
        ",
    );
}

#[test]
fn offline_uses_up_no_attempts_and_online_tries_at_once() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.0    deltas work        → · Reconnecting
        0.1    full ok            → open · Reconnecting
        0.2    frame              → delta · LIVE
        1.0    offline            → close · Reconnecting #0 at 16.0
        1.1    offline            → · Reconnecting #0 at 16.1
        16.1   (Retry)            → open · Reconnecting
        16.2   reset              → · Reconnecting #0 at 31.2
               … 7 polls
        31.2   (Retry)            → open · Reconnecting
               … 4 polls
        40.0   online             → · Reconnecting
               … 1 polls
        40.1   reset              → · Reconnecting #1 at 43.1
               … 1 polls
        43.1   (Retry)            → open · Reconnecting
               … 1 polls
        45.0   online             → · Reconnecting
        45.1   frame              → delta · LIVE
        ",
    );
}

#[test]
fn an_offline_that_is_wrong_is_overruled_by_a_frame() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.0    deltas work        → · Reconnecting
        0.1    full ok            → open · Reconnecting
        0.2    frame              → delta · LIVE
        1.0    offline            → close · Reconnecting #0 at 16.0
        16.0   (Retry)            → open · Reconnecting
        16.5   frame              → delta · LIVE
        17.0   eof                → delta · Reconnecting #1 at 20.0
        ",
    );
}

#[test]
fn online_while_polling_asks_for_news_and_for_the_stream() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.0    deltas work        → · Reconnecting
        0.1    full ok            → open · Reconnecting
        0.2    stream 404         → · Polling
        1.0    online             → delta open · Polling
        1.2    frame              → delta · LIVE
        ",
    );
}

#[test]
fn waking_does_not_cut_a_good_stream() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.0    deltas work        → · Reconnecting
        0.1    full ok            → open · Reconnecting
        0.2    frame              → delta · LIVE
        1.0    hidden             → · LIVE
        15.0   comment            → · LIVE
        30.0   comment            → · LIVE
        31.0   visible            → · LIVE
        32.0   page shown         → · LIVE
        ",
    );
}

#[test]
fn waking_from_sleep_gives_the_stream_a_grace_and_then_gives_it_up() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.0    deltas work        → · Reconnecting
        0.1    full ok            → open · Reconnecting
        0.2    frame              → delta · LIVE
        3600.0 sleep until        → · Reconnecting
        3600.0 page shown         → · Reconnecting
        3602.0 visible            → · Reconnecting
        3603.0 (Watchdog)         → close delta · Reconnecting #1 at 3606.0
        3603.1 look               → · Reconnecting #1 at 3606.0
        ",
    );
}

#[test]
fn a_stream_that_survived_the_sleep_is_live_again() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.0    deltas work        → · Reconnecting
        0.1    full ok            → open · Reconnecting
        0.2    frame              → delta · LIVE
        3600.0 sleep until        → · Reconnecting
        3600.0 visible            → · Reconnecting
        3600.5 frame              → · LIVE
        3638.0 (Watchdog)         → close delta · Reconnecting #1 at 3641.0
               … 1 polls
        3640.0 look               → · Reconnecting #1 at 3641.0
        ",
    );
}

#[test]
fn waking_while_waiting_makes_the_overdue_attempt() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.0    deltas work        → · Reconnecting
        0.1    full ok            → open · Reconnecting
        0.2    frame              → delta · LIVE
        1.0    eof                → delta · Reconnecting #1 at 4.0
        3600.0 sleep until        → · Reconnecting #1 at 4.0
        3600.0 visible            → open delta · Reconnecting
        ",
    );
}

#[test]
fn leaving_drops_everything() {
    check(
        Policy::default(),
        "
        0.0    open               → full · Reconnecting
        0.1    full ok            → open · Reconnecting
        0.2    frame              → delta · LIVE
        0.3    refresh            → full · LIVE
        1.0    leave              → close abort abort · Reconnecting
        100.0  look               → · Reconnecting
        100.0  retry              → · Reconnecting
        100.0  pause              → · Reconnecting
        100.0  run ended          → · Reconnecting
        101.0  open               → full · Reconnecting
        ",
    );
}

#[test]
fn a_second_sleep_gives_no_second_grace() {
    check(
        Policy::default(),
        "
        0.0    open             → full · Reconnecting
        0.0    deltas work      → · Reconnecting
        0.1    full ok          → open · Reconnecting
        0.2    frame            → delta · LIVE
        3600.0 sleep until      → · Reconnecting
        3600.0 visible          → · Reconnecting
        7200.0 sleep until      → · Reconnecting
        7200.0 visible          → close delta · Reconnecting #1 at 7203.0
        ",
    );
}
