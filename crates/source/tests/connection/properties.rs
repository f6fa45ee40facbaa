//! Properties over random scripts; the world in `sim` holds the rules after every step.

use proptest::prelude::*;
use source::connection::{Answer, Badge, Closed, Generation, Input, Policy, TimerId};

use crate::sim::{Deltas, Sim, broken, failure, rejection};

/// One thing that may happen, if it can.
#[derive(Debug, Clone)]
enum Happening {
    /// Time goes on, every due timer firing on time.
    Pass(i64),
    /// Time goes on and nothing fires: the page sleeps, or its timers are throttled.
    Sleep(i64),
    /// The clock is set back.
    SetBack(i64),
    /// One timer fires, however late.
    Fire(TimerId),
    /// A timer fires that was replaced or cleared before.
    FireStale(TimerId),
    Full(FetchEnd),
    Delta(FetchEnd),
    Stream(StreamEnd),
    /// Answers to requests given up long ago.
    Stale(prop::sample::Index),
    Told(Input),
}

#[derive(Debug, Clone)]
enum FetchEnd {
    Done,
    Progress,
    Failed(Option<u16>, Option<i64>),
}

#[derive(Debug, Clone)]
enum StreamEnd {
    Opened,
    Item,
    Retry(u64),
    Complete,
    Eof,
    Broken,
    Rejected(Answer, Option<i64>),
}

fn retry_after() -> impl Strategy<Value = Option<i64>> {
    prop_oneof![
        3 => Just(None),
        1 => (-5_000..120_000i64).prop_map(Some),
        1 => prop::sample::select(vec![Some(i64::MAX), Some(i64::MIN)]),
    ]
}

fn status() -> impl Strategy<Value = u16> {
    prop_oneof![
        1 => prop::sample::select(vec![401, 403, 404]),
        4 => prop::sample::select(vec![204, 405, 410, 429, 500, 502, 503]),
    ]
}

fn fetch_end() -> impl Strategy<Value = FetchEnd> {
    prop_oneof![
        6 => Just(FetchEnd::Done),
        1 => Just(FetchEnd::Progress),
        2 => (prop::option::of(status()), retry_after()).prop_map(|(s, r)| FetchEnd::Failed(s, r)),
    ]
}

fn stream_end() -> impl Strategy<Value = StreamEnd> {
    let answer = prop_oneof![
        3 => status().prop_map(Answer::Status),
        1 => Just(Answer::ContentType("text/html".to_owned())),
    ];
    prop_oneof![
        2 => Just(StreamEnd::Opened),
        6 => Just(StreamEnd::Item),
        1 => any::<u64>().prop_map(StreamEnd::Retry),
        1 => Just(StreamEnd::Complete),
        2 => Just(StreamEnd::Eof),
        2 => Just(StreamEnd::Broken),
        2 => (answer, retry_after()).prop_map(|(a, r)| StreamEnd::Rejected(a, r)),
    ]
}

fn told() -> impl Strategy<Value = Input> {
    prop::sample::select(vec![
        Input::Open,
        Input::Close,
        Input::RunEnded,
        Input::RunReopened,
        Input::GapFound,
        Input::PauseUpdates,
        Input::ResumeUpdates,
        Input::Refresh,
        Input::RetryConnection,
        Input::Online,
        Input::Offline,
        Input::Visible,
        Input::Hidden,
        Input::PageShow,
    ])
}

fn timer() -> impl Strategy<Value = TimerId> {
    prop::sample::select(TimerId::ALL.to_vec())
}

fn script() -> impl Strategy<Value = Vec<Happening>> {
    let happening = prop_oneof![
        6 => (1..60_000i64).prop_map(Happening::Pass),
        1 => (1..4_000_000i64).prop_map(Happening::Sleep),
        1 => (1..4_000_000i64).prop_map(Happening::SetBack),
        2 => timer().prop_map(Happening::Fire),
        1 => timer().prop_map(Happening::FireStale),
        8 => fetch_end().prop_map(Happening::Full),
        5 => fetch_end().prop_map(Happening::Delta),
        9 => stream_end().prop_map(Happening::Stream),
        1 => any::<prop::sample::Index>().prop_map(Happening::Stale),
        4 => told().prop_map(Happening::Told),
    ];
    prop::collection::vec(happening, 0..80)
}

fn happen(sim: &mut Sim, happening: Happening) {
    match happening {
        Happening::Pass(millis) => pass(sim, millis),
        Happening::Sleep(millis) => {
            sim.now += millis;
            assert!(sim.badge() != Badge::Live || sim.now - sim.heard <= 40_000);
        }
        Happening::SetBack(millis) => {
            sim.now -= millis;
            sim.heard = sim.heard.min(sim.now);
            // The browser's timers count down, whatever the wall clock says.
            for (at, _) in sim.timers.values_mut() {
                *at -= millis;
            }
            sim.input(Input::Hidden);
        }
        Happening::Fire(timer) if sim.timers.contains_key(&timer) => drop(sim.fire(timer)),
        Happening::Fire(_) => {}
        Happening::FireStale(timer) => {
            for generation in sim.stale.clone() {
                assert!(
                    sim.input(Input::TimerFired { timer, generation })
                        .is_empty()
                );
            }
        }
        Happening::Full(end) => fetch_ends(sim, sim.full, end),
        Happening::Delta(end) => fetch_ends(sim, sim.delta, end),
        Happening::Stream(end) => stream_ends(sim, end),
        Happening::Stale(which) => {
            if let Some(&generation) = sim.stale.get(which.index(sim.stale.len().max(1))) {
                let before = format!("{:?}", sim.connection);
                for input in [
                    Input::FetchDone { generation },
                    Input::FetchFailed {
                        generation,
                        failure: failure(Some(401), None),
                    },
                    Input::StreamOpened { generation },
                    Input::StreamItem { generation },
                    Input::StreamComplete { generation },
                    Input::StreamClosed {
                        generation,
                        reason: Closed::Eof,
                    },
                ] {
                    let asked = sim.connection.step(input, sim.now);
                    assert!(asked.is_empty(), "{generation} is stale, and yet {asked:?}");
                }
                sim.connection.step(Input::Hidden, sim.now);
                let after = format!("{:?}", sim.connection);
                assert!(clockless(&before) == clockless(&after), "{before}\n{after}");
            }
        }
        Happening::Told(input) => drop(sim.input(input)),
    }
}

/// The machine as printed, without the times that every step moves.
fn clockless(printed: &str) -> String {
    printed
        .split(", ")
        .filter(|part| !part.contains("now: ") && !part.contains("heard_at"))
        .collect()
}

fn pass(sim: &mut Sim, millis: i64) {
    let end = sim.now + millis;
    while let Some((timer, due)) = sim.next_timer()
        && due <= end
    {
        sim.fire(timer);
    }
    sim.now = end;
    assert!(sim.badge() != Badge::Live || sim.now - sim.heard <= 40_000);
}

fn fetch_ends(sim: &mut Sim, slot: Option<Generation>, end: FetchEnd) {
    let Some(generation) = slot else { return };
    sim.input(match end {
        FetchEnd::Done => Input::FetchDone { generation },
        FetchEnd::Progress => Input::FetchProgress { generation },
        FetchEnd::Failed(status, retry_after_ms) => Input::FetchFailed {
            generation,
            failure: failure(status, retry_after_ms),
        },
    });
}

fn stream_ends(sim: &mut Sim, end: StreamEnd) {
    let Some(generation) = sim.stream else { return };
    sim.input(match end {
        StreamEnd::Opened => Input::StreamOpened { generation },
        StreamEnd::Item => Input::StreamItem { generation },
        StreamEnd::Retry(millis) => Input::StreamRetry { generation, millis },
        StreamEnd::Complete => Input::StreamComplete { generation },
        StreamEnd::Eof => Input::StreamClosed {
            generation,
            reason: Closed::Eof,
        },
        StreamEnd::Broken => Input::StreamClosed {
            generation,
            reason: broken(),
        },
        StreamEnd::Rejected(answer, retry_after_ms) => Input::StreamRejected {
            generation,
            rejection: rejection(answer, retry_after_ms),
        },
    });
}

/// From now on every request is answered well and the stream beats every ten seconds.
fn heal(sim: &mut Sim, best: Badge, millis: i64) {
    let end = sim.now + millis;
    sim.deltas = Deltas::Ok;
    if let Some(generation) = sim.delta {
        sim.input(Input::FetchDone { generation });
    }
    while sim.now < end && sim.badge() != best {
        let beat = sim.now + 10_000;
        loop {
            if let Some(generation) = sim.full {
                sim.input(Input::FetchDone { generation });
            }
            if let Some(generation) = sim.stream {
                sim.input(Input::StreamItem { generation });
            }
            match sim.next_timer() {
                Some((timer, due)) if due <= beat => drop(sim.fire(timer)),
                _ => break,
            }
        }
        sim.now = sim.now.max(beat);
        if let Some(generation) = sim.stream {
            sim.input(Input::StreamItem { generation });
        }
    }
}

fn policy(streaming: bool, seed: u64) -> Policy {
    Policy {
        streaming,
        seed,
        ..Policy::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Two streams, a stream with streaming off, a leaked timer, LIVE in silence: see `sim`.
    #[test]
    fn no_script_breaks_a_rule(script in script(), streaming: bool, seed: u64) {
        let mut sim = Sim::new(policy(streaming, seed));
        sim.input(Input::Open);
        for happening in script {
            happen(&mut sim, happening);
        }
    }

    /// Whatever happened, a server that works again is found again without anybody's help; only a
    /// refusal waits for a person, and one click leaves it. The longest wait is an hour, the most
    /// a `Retry-After` may ask for.
    #[test]
    fn no_script_leads_where_there_is_no_way_out(script in script(), streaming: bool, seed: u64) {
        let mut sim = Sim::new(policy(streaming, seed));
        sim.input(Input::Open);
        for happening in script {
            happen(&mut sim, happening);
        }
        if sim.badge() == Badge::Refused {
            sim.input(Input::RetryConnection);
        }
        sim.input(Input::ResumeUpdates);
        let idle = sim.connection.state(sim.now) == source::connection::State::Idle;
        let best = if streaming { Badge::Live } else { Badge::Polling };
        heal(&mut sim, best, 4_000_000);
        let badge = sim.badge();
        prop_assert!(idle || badge == Badge::Ended || badge == best, "ended up {badge}: {:?}", sim.connection);
        if idle || badge == Badge::Ended {
            prop_assert!(sim.timers.is_empty(), "timers after the end: {:?}", sim.timers);
        }

        sim.input(Input::Close);
        prop_assert!(sim.timers.is_empty() && sim.stream.is_none() && sim.full.is_none());
    }

    /// Odd configurations neither panic nor spin: every timer lies ahead (see `sim`).
    #[test]
    fn no_configuration_makes_it_spin(
        script in script(),
        numbers in prop::collection::vec(prop::sample::select(vec![i64::MIN, -1, 0, 1, 500, i64::MAX]), 8),
        delays_ms in prop::collection::vec(prop::sample::select(vec![i64::MIN, -1, 0, 1, i64::MAX]), 0..3),
        jitter in prop::sample::select(vec![-1.0, 0.0, 0.2, 1e300, f64::NAN]),
        streaming: bool,
    ) {
        let mut sim = Sim::new(Policy {
            streaming,
            poll_ms: vec![numbers[0]],
            delays_ms,
            jitter,
            seed: 1,
            heartbeat_ms: numbers[1],
            probe_ms: numbers[2],
            longest_probe_ms: numbers[3],
            connect_timeout_ms: numbers[4],
            fetch_timeout_ms: numbers[5],
            settle_ms: numbers[6],
            finish_ms: numbers[7],
        });
        sim.input(Input::Open);
        for happening in script {
            match happening {
                Happening::Pass(millis) => pass(&mut sim, millis.min(5_000)),
                Happening::SetBack(_) => {}
                other => happen(&mut sim, other),
            }
        }
    }
}
