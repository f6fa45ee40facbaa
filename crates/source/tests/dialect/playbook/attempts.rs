//! Attempts, which events, views and we count differently.

use super::{Watch, clock, event, run, step};
use serde_json::json;

#[test]
fn what_fails_is_the_attempt_that_goes_on() {
    // The original says attempt 1 of whichever attempt; ours counts from 0.
    for said in [[1, 1], [0, 1]] {
        let mut watch = Watch::new();
        watch.frame(
            &event(
                "step.updated",
                "a",
                1,
                json!({"status": "RUNNING", "startedAt": clock(1)}),
            ),
            1,
        );
        watch.frame(&event("step.failed", "a", 2, json!({"status": "FAILED", "attempt": said[0], "failedAt": clock(2), "willRetry": true})), 2);
        watch.frame(
            &event(
                "step.updated",
                "a",
                3,
                json!({"status": "RUNNING", "startedAt": clock(3)}),
            ),
            3,
        );
        watch.frame(
            &event(
                "step.failed",
                "a",
                4,
                json!({"status": "FAILED", "attempt": said[1], "failedAt": clock(4)}),
            ),
            4,
        );
        let view = json!({"attempt": 1, "startedAt": clock(3), "completedAt": clock(4), "status": "FAILED"});
        watch.view(
            &run(
                "failed",
                json!({"completedAt": clock(5)}),
                vec![step("a", "failed", view)],
            ),
            9,
        );
        let told: Vec<_> = watch.events();
        assert_eq!(
            told,
            [
                "a@1:started Observed",
                "a@1:failed Observed",
                "a@2:started Observed",
                "a@2:failed Observed"
            ],
            "{said:?}"
        );
    }
}

#[test]
fn an_attempt_that_no_event_numbers_gets_the_views_number() {
    let mut watch = Watch::new();
    let running = |at| json!({"status": "RUNNING", "startedAt": clock(at)});
    watch.frame(&event("step.updated", "a", 1, running(1)), 1);
    let failed = json!({"status": "FAILED", "attempt": 1, "failedAt": clock(2)});
    watch.frame(&event("step.failed", "a", 2, failed), 2);
    watch.frame(&event("step.updated", "a", 3, running(3)), 3);
    // The run was resumed, and its attempts are counted from the start again.
    for (attempt, started) in [(0, 3), (1, 7)] {
        let more = json!({"attempt": attempt, "startedAt": clock(started)});
        watch.view(
            &run("running", json!({}), vec![step("a", "running", more)]),
            started + 1,
        );
    }
    assert_eq!(watch.stands(), "a=running@3 7-; RUNNING ");
}
