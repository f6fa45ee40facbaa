//! Which steps may run now: the dependency rules as a table, knowing no process and no clock.

use crate::pipeline::{Join, Step};

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It waits for others.
    Waiting,
    /// It runs.
    Running,
    /// It ended well, or its failure is tolerated.
    Passed,
    /// It failed.
    Failed,
    /// It does not run, and that is no failure.
    Skipped,
    /// It cannot run any more, because something it needs failed.
    Blocked,
}

/// What one look at a waiting step's needs says.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Ready,
    Wait,
    Never(Phase),
}

/// The phases of all steps.
#[derive(Debug)]
pub struct Schedule<'a> {
    steps: &'a [Step],
    phases: Vec<Phase>,
}

impl<'a> Schedule<'a> {
    /// All wait.
    pub fn new(steps: &'a [Step]) -> Self {
        Self {
            steps,
            phases: vec![Phase::Waiting; steps.len()],
        }
    }

    /// The phase of each step.
    pub fn phases(&self) -> &[Phase] {
        &self.phases
    }

    /// The first waiting step that may run.
    pub fn next_ready(&self) -> Option<usize> {
        (0..self.steps.len())
            .find(|at| self.phases[*at] == Phase::Waiting && self.look(*at) == Verdict::Ready)
    }

    /// A step's phase changed. Returns the steps that will not run because of it, in order: those skipped
    /// because what they need was skipped, and those blocked by a failure.
    pub fn set(&mut self, step: usize, phase: Phase) -> Vec<(usize, Phase)> {
        self.phases[step] = phase;
        let mut fallen = Vec::new();
        // Each round can fell more; a chain of n steps takes n rounds at worst.
        loop {
            let before = fallen.len();
            for at in 0..self.steps.len() {
                if self.phases[at] == Phase::Waiting
                    && let Verdict::Never(phase) = self.look(at)
                {
                    self.phases[at] = phase;
                    fallen.push((at, phase));
                }
            }
            if fallen.len() == before {
                return fallen;
            }
        }
    }

    /// Steps that will not change any more, of all.
    pub fn settled(&self) -> usize {
        let open = |phase: &&Phase| !matches!(phase, Phase::Waiting | Phase::Running);
        self.phases.iter().filter(open).count()
    }

    fn look(&self, at: usize) -> Verdict {
        let step = &self.steps[at];
        let count = |wanted: Phase| {
            let is = |need: &&usize| self.phases[**need] == wanted;
            step.needs.iter().filter(is).count()
        };
        let (passed, failed) = (
            count(Phase::Passed),
            count(Phase::Failed) + count(Phase::Blocked),
        );
        let skipped = count(Phase::Skipped);
        let all = step.needs.len();
        let fallen = if failed > 0 {
            Phase::Blocked
        } else {
            Phase::Skipped
        };
        match step.join {
            _ if all == 0 => Verdict::Ready,
            Join::All if failed + skipped > 0 => Verdict::Never(fallen),
            Join::All if passed == all => Verdict::Ready,
            Join::Any | Join::First if passed > 0 => Verdict::Ready,
            Join::Any | Join::First if failed + skipped == all => Verdict::Never(fallen),
            _ => Verdict::Wait,
        }
    }
}
