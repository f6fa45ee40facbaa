//! What people are told: the badge's words, what went wrong, when it is tried again.

use source::connection::{
    Action, Answer, Badge, Closed, Connection, Input, Policy, Reason, Rejection, State, TimerId,
};

use crate::sim::{Sim, failure};

#[test]
fn the_badge_has_six_words() {
    use Badge::*;
    let words = [Live, Polling, Paused, Reconnecting, Ended, Refused].map(|it| it.to_string());
    assert_eq!(
        words,
        [
            "LIVE",
            "Polling",
            "Paused",
            "Reconnecting",
            "Ended",
            "Refused"
        ]
    );
    let keys = [Live, Polling, Paused, Reconnecting, Ended, Refused].map(Badge::key);
    assert_eq!(
        keys,
        [
            "live",
            "polling",
            "paused",
            "reconnecting",
            "ended",
            "refused"
        ]
    );
    assert_eq!(State::Idle.badge(), Reconnecting);
}

#[test]
fn attempts_at_the_stream_are_counted_to_their_end_and_no_others() {
    let mut sim = Sim::new(Policy {
        delays_ms: vec![1_000; 3],
        jitter: 0.0,
        ..Policy::default()
    });
    sim.input(Input::Open);
    assert_eq!(sim.connection.attempts(), None, "loading");
    let generation = sim.full.unwrap();
    sim.input(Input::FetchDone { generation });
    assert_eq!(sim.connection.attempts(), Some(3), "opening the stream");
    let generation = sim.stream.unwrap();
    sim.input(Input::StreamClosed {
        generation,
        reason: Closed::Eof,
    });
    assert_eq!(sim.connection.attempts(), Some(3), "waiting for the stream");
    sim.input(Input::RetryConnection);
    let generation = sim.stream.unwrap();
    sim.input(Input::StreamRejected {
        generation,
        rejection: Rejection {
            answer: Answer::Status(404),
            retry_after_ms: None,
        },
    });
    assert_eq!(sim.connection.badge(sim.now), Badge::Polling);
    assert_eq!(sim.connection.attempts(), None, "polling");
}

#[test]
fn a_load_that_fails_says_what_was_tried_and_when_it_is_tried_again() {
    let mut sim = Sim::new(Policy {
        jitter: 0.0,
        ..Policy::default()
    });
    sim.now = 1_000;
    sim.input(Input::Open);
    let generation = sim.full.unwrap();
    sim.input(Input::FetchFailed {
        generation,
        failure: failure(None, None),
    });

    let trouble = sim.connection.trouble().unwrap();
    assert_eq!(
        (trouble.to_string().as_str(), trouble.at),
        ("Loading the run failed: unreachable", 1_000)
    );
    assert_eq!(
        sim.connection.state(1_000),
        State::Waiting {
            attempt: 1,
            until: 4_000
        }
    );
    assert_eq!(sim.connection.retry_at(1_000), Some(4_000));
    assert_eq!(sim.connection.heard_at(), None);

    sim.fire(TimerId::Retry);
    let generation = sim.full.unwrap();
    sim.input(Input::FetchDone { generation });
    assert_eq!(
        sim.connection.trouble(),
        None,
        "what went right is no trouble any more"
    );
    assert_eq!(sim.connection.heard_at(), Some(4_000));
    assert_eq!(sim.connection.retry_at(4_000), None);
}

#[test]
fn a_stream_that_is_lost_stays_a_trouble_until_it_is_back() {
    let mut sim = Sim::new(Policy::default());
    sim.input(Input::Open);
    sim.input(Input::FetchDone {
        generation: sim.full.unwrap(),
    });
    sim.now = 10_000;
    sim.fire(TimerId::Connect);
    sim.input(Input::FetchDone {
        generation: sim.delta.unwrap_or(sim.stale[0]),
    });
    let trouble = sim.connection.trouble().map(ToString::to_string);
    assert_eq!(
        trouble.as_deref(),
        Some("The stream failed: no answer within 10 s")
    );
    sim.fire(TimerId::Retry);
    sim.input(Input::StreamItem {
        generation: sim.stream.unwrap(),
    });
    assert_eq!(sim.connection.trouble(), None);
}

#[test]
fn a_refusal_says_why_and_what_to_do() {
    for (status, reason) in [
        (401, Reason::SignInNeeded),
        (403, Reason::Forbidden),
        (404, Reason::RunNotFound),
    ] {
        let mut sim = Sim::new(Policy::default());
        sim.input(Input::Open);
        let generation = sim.full.unwrap();
        sim.input(Input::FetchFailed {
            generation,
            failure: failure(Some(status), None),
        });
        assert_eq!(sim.connection.state(0), State::Refused { reason });
        let text = reason.to_string();
        assert!(
            text.contains(&status.to_string()) && text.contains("retry"),
            "{text}"
        );
    }
}

#[test]
fn a_frozen_timer_keeps_no_badge_alive() {
    let mut sim = Sim::new(Policy::default());
    sim.input(Input::Open);
    sim.input(Input::FetchDone {
        generation: sim.full.unwrap(),
    });
    sim.input(Input::StreamItem {
        generation: sim.stream.unwrap(),
    });
    assert_eq!(sim.connection.badge(37_500), Badge::Live);
    assert_eq!(sim.connection.badge(37_501), Badge::Reconnecting);
}

#[test]
fn waits_differ_by_seed_and_are_never_shorter_than_told() {
    let first_wait = |seed| {
        let mut connection = Connection::new(Policy {
            seed,
            ..Policy::default()
        });
        let generation = match connection.step(Input::Open, 0)[..] {
            [Action::FetchFull { generation }, ..] => generation,
            ref other => panic!("{other:?}"),
        };
        connection.step(
            Input::FetchFailed {
                generation,
                failure: failure(None, None),
            },
            0,
        );
        connection.retry_at(0).unwrap()
    };
    let waits: Vec<i64> = (0..50).map(first_wait).collect();
    assert!(
        waits.iter().all(|wait| (3_000..=3_600).contains(wait)),
        "{waits:?}"
    );
    assert!(waits.iter().max() > waits.iter().min(), "{waits:?}");
    assert_eq!(
        first_wait(7),
        first_wait(7),
        "the same seed gives the same waits"
    );
}
