//! The conversation in the Playbook dialect. There is one view of the whole run, asked for again and
//! again; a stream, where there is one, says what changes, and steps that ended are looked at beside it.

use super::{Answer, Extent, Heard, Reply, Request, StreamRequest};
use crate::dialect::ResumeToken;
use crate::dialect::playbook::{Asked, Known, Position, Without, path, refusal};
use contract::playbook::EventType;
use model::{Millis, Problem};

/// Steps that are looked at one by one; of more, the whole run is.
const STEPS: usize = 3;
/// Rounds after which an aside that was not answered is given up.
const PATIENCE: u32 = 10;

#[derive(Debug)]
pub(super) struct Playbook {
    base: String,
    run: String,
    known: Known,
    /// The token of the last frame, or of a view that is newer.
    after: Option<ResumeToken>,
    /// An answer that had no run, to be told with what is read next.
    unread: Option<Problem>,
    /// Asides that are not answered yet, and for how many rounds.
    asides: usize,
    waited: u32,
}

/// What a request asks about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Subject {
    what: What,
    asked: Asked,
    aside: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Run,
    Step,
}

impl Playbook {
    pub(super) fn new(base: &str, run: &str) -> Self {
        Self {
            base: base.to_owned(),
            run: run.to_owned(),
            known: Known::new(run),
            after: None,
            unread: None,
            asides: 0,
            waited: 0,
        }
    }

    /// The view holds everything: the whole is no more than what is new.
    pub(super) fn begin(&mut self, _extent: Extent) -> Vec<Request> {
        // Whatever was only hinted at, the view tells.
        let _ = self.known.wants();
        vec![self.ask_run(false)]
    }

    pub(super) fn answer(&mut self, address: &str, subject: &Subject, answer: Answer<'_>) -> Reply {
        if subject.aside {
            self.asides = self.asides.saturating_sub(1);
        }
        if answer.status != 200 {
            return failed(address, answer);
        }
        let taken = match subject.what {
            What::Run => self.known.run_view(answer.body, subject.asked, answer.at),
            What::Step => self.known.step_view(answer.body, subject.asked, answer.at),
        };
        match (taken, subject.what) {
            (Ok(mut batch), _) => {
                if batch.resume.is_some() && self.known.heard_nothing_since(subject.asked) {
                    if self.is_of_another(batch.resume.as_ref()) {
                        batch.problems.insert(0, another_history());
                    }
                    self.after.clone_from(&batch.resume);
                }
                batch.problems.extend(self.unread.take());
                Reply::read(batch)
            }
            (Err(why), What::Run) => {
                let message = match why {
                    Without::Refused(why) => format!("the server refused {address}: {why}"),
                    Without::Nothing(why) => {
                        let run = &self.run;
                        let what = format!("the answer to {address} has no run `{run}`: {why}");
                        self.unread = Some(problem("playbook run", &what));
                        what
                    }
                };
                Reply::Failed { message }
            }
            (Err(Without::Refused(why) | Without::Nothing(why)), What::Step) => {
                Reply::without(address, why)
            }
        }
    }

    pub(super) fn stream(&self) -> StreamRequest {
        StreamRequest {
            address: path::stream(&self.base, &self.run),
            after: self.after.clone(),
        }
    }

    pub(super) fn frame(&mut self, name: &str, id: &str, data: &str, at: Millis) -> Heard {
        if !id.is_empty() {
            self.after = Some(ResumeToken(id.to_owned()));
        }
        let mut batch = self.known.frame(name, id, data, at);
        // The page would fetch everything and count what does not come again; but of what is known a
        // view tells nothing again, whether it is still there or not.
        if std::mem::take(&mut batch.restarted) {
            batch.problems.push(another_history());
        }
        let last = matches!(
            EventType::from_word(name),
            EventType::RunCompleted | EventType::RunFailed
        );
        Heard {
            last: last && batch.ended,
            batch,
        }
    }

    /// A slow backend is not asked again before it has answered.
    pub(super) fn asides(&mut self) -> Vec<Request> {
        if self.asides > 0 && self.waited < PATIENCE {
            self.waited += 1;
            return Vec::new();
        }
        let wants = self.known.wants();
        let requests = if wants.run || wants.steps.len() > STEPS {
            vec![self.ask_run(true)]
        } else {
            let ask = |step: &String| Request {
                address: path::step(&self.base, &self.run, step),
                subject: super::Subject::Playbook(Subject {
                    what: What::Step,
                    asked: self.known.ask(),
                    aside: true,
                }),
            };
            wants.steps.iter().map(ask).collect()
        };
        (self.asides, self.waited) = (requests.len(), 0);
        requests
    }

    pub(super) fn cancel(&self) -> String {
        path::cancel(&self.base, &self.run)
    }

    /// Whether a view's token is of another history of the run than the one that is known.
    fn is_of_another(&self, token: Option<&ResumeToken>) -> bool {
        let history = |token: Option<&ResumeToken>| Some(Position::read(token?.as_str())?.history);
        let known = history(self.after.as_ref());
        known.is_some() && known != history(token)
    }

    fn ask_run(&mut self, aside: bool) -> Request {
        Request {
            address: path::run(&self.base, &self.run),
            subject: super::Subject::Playbook(Subject {
                what: What::Run,
                asked: self.known.ask(),
                aside,
            }),
        }
    }
}

fn another_history() -> Problem {
    problem(
        "playbook run",
        "the server has another history of the run than was known; what it lost stays here, and how \
         much that is cannot be told",
    )
}

fn problem(place: &str, what: &str) -> Problem {
    Problem {
        place: place.into(),
        what: what.into(),
        excerpt: "".into(),
    }
}

fn failed(address: &str, answer: Answer<'_>) -> Reply {
    let status = answer.status;
    let why = refusal(answer.body).map_or_else(String::new, |why| format!(": {why}"));
    Reply::Failed {
        message: format!("the server answered {status} to {address}{why}"),
    }
}
