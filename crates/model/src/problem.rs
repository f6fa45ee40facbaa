//! Something received and not understood: counted, dated, shown; never swallowed.

use crate::text::Text;
use crate::time::Millis;

/// One thing that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it came from, as a person would say it: "trace event", "frame `logs`".
    pub place: Text,
    /// What is wrong with it.
    pub what: Text,
    /// The beginning of what was received.
    pub excerpt: Text,
}

/// A problem as often as it was met: the same thing wrong at the same place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// The problem, with the excerpt of the last time.
    pub problem: Problem,
    /// How often, from 1, since it is kept.
    pub times: u64,
    /// When it was first met.
    pub first: Millis,
    /// When it was last met.
    pub last: Millis,
}

/// All problems of a run: how many, and those met latest.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    /// How many there were in all, each time counted, kept or not.
    pub count: u64,
    /// Those met latest, each once, the latest last; at most [`Problems::KEPT`].
    pub latest: Vec<Noted>,
}

impl Problems {
    /// How many different ones are kept to be shown; the rest are counted.
    pub const KEPT: usize = 200;

    /// Notes one, met at `at`.
    pub fn push(&mut self, at: Millis, problem: Problem) {
        self.count += 1;
        let same = |known: &Noted| {
            known.problem.what == problem.what && known.problem.place == problem.place
        };
        let noted = match self.latest.iter().rposition(same) {
            Some(index) => {
                let known = self.latest.remove(index);
                Noted {
                    problem,
                    times: known.times + 1,
                    // A clock may be set back.
                    first: known.first.min(at),
                    last: known.last.max(at),
                }
            }
            None => Noted {
                problem,
                times: 1,
                first: at,
                last: at,
            },
        };
        if self.latest.len() == Self::KEPT {
            self.latest.remove(0);
        }
        self.latest.push(noted);
    }

    /// How many of [`Self::count`] are not among those kept.
    pub fn forgotten(&self) -> u64 {
        self.count - self.latest.iter().map(|noted| noted.times).sum::<u64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn met(problems: &mut Problems, at: i64, place: &str, what: &str, excerpt: &str) {
        problems.push(
            Millis(at),
            Problem {
                place: place.into(),
                what: what.into(),
                excerpt: excerpt.into(),
            },
        );
    }

    #[test]
    fn the_same_problem_is_kept_once_with_how_often_and_when() {
        let mut problems = Problems::default();
        met(&mut problems, 10, "frame `logs`", "not JSON", "{1");
        met(&mut problems, 20, "frame `trace`", "not JSON", "{2");
        met(&mut problems, 30, "frame `logs`", "no `id`", "{3");
        met(&mut problems, 40, "frame `logs`", "not JSON", "{4");
        met(&mut problems, 5, "frame `logs`", "not JSON", "{5");
        let drawn: Vec<_> = problems
            .latest
            .iter()
            .map(|it| {
                let Problem {
                    place,
                    what,
                    excerpt,
                } = &it.problem;
                format!(
                    "{place}: {what} ×{} {}-{} {excerpt}",
                    it.times, it.first.0, it.last.0
                )
            })
            .collect();
        let want = [
            "frame `trace`: not JSON ×1 20-20 {2",
            "frame `logs`: no `id` ×1 30-30 {3",
            "frame `logs`: not JSON ×3 5-40 {5",
        ];
        assert_eq!((problems.count, drawn), (5, want.map(String::from).into()));
    }

    #[test]
    fn a_flood_of_different_problems_is_counted_and_the_latest_are_kept() {
        let mut problems = Problems::default();
        let many = 3 * Problems::KEPT as i64;
        for number in 0..many {
            met(
                &mut problems,
                number,
                "frame",
                &format!("wrong in way {number}"),
                "",
            );
            // Met all the time, so never among those forgotten.
            met(&mut problems, number, "frame", "not JSON", "");
        }
        assert_eq!(problems.count, 2 * many as u64);
        assert_eq!(problems.latest.len(), Problems::KEPT);
        assert_eq!(problems.latest.last().map(|it| it.times), Some(many as u64));
        assert_eq!(
            problems.latest[0].last,
            Millis(many + 1 - Problems::KEPT as i64)
        );
        assert_eq!(
            problems.forgotten(),
            many as u64 + 1 - Problems::KEPT as u64
        );
    }
}
