//! Fetching what the conversation asks for, as `src/client/loading.rs` does.

use super::{Follower, History};
use model::Millis;
use source::connection::{Failure, Generation, Input};
use source::conversation::{Answer, Extent, Reply, Request};

/// Answers that have come and are not yet handed in.
pub(super) struct Held {
    pub(super) generation: Generation,
    pub(super) extent: Extent,
    pub(super) answers: Vec<(Request, Came)>,
}

pub(super) struct Came {
    status: u16,
    body: String,
}

impl Follower {
    pub(super) async fn fetch(&mut self, generation: Generation, extent: Extent) {
        match extent {
            Extent::Full => self.counts.fulls += 1,
            Extent::Delta => self.counts.deltas += 1,
        }
        if extent == Extent::Full && self.history != History::Known {
            self.journal.begin_refetch();
            self.history = History::Refetching;
        }
        let requests = self.conversation.begin(extent);
        let answers = self.get_all(requests).await;
        let late = self
            .trouble
            .late_answers
            .filter(|_| extent == Extent::Delta && self.held.is_none());
        match late.is_some_and(|of| self.chance.below(of) == 0) {
            true => {
                self.held = Some(Held {
                    generation,
                    extent,
                    answers,
                })
            }
            false => self.finish(generation, extent, answers).await,
        }
    }

    /// Hands answers in, and asks on.
    pub(super) async fn finish(
        &mut self,
        generation: Generation,
        extent: Extent,
        mut answers: Vec<(Request, Came)>,
    ) {
        loop {
            if !self.connection.accepts(generation) {
                return;
            }
            let mut next = Vec::new();
            for (request, came) in answers {
                match self.read(&request, &came) {
                    Ok(more) => next.extend(more),
                    Err(message) => {
                        let status = Some(came.status);
                        let failure = Failure {
                            status,
                            retry_after_ms: None,
                            message,
                        };
                        return self.tell(Input::FetchFailed {
                            generation,
                            failure,
                        });
                    }
                }
            }
            if next.is_empty() {
                break;
            }
            self.tell(Input::FetchProgress { generation });
            answers = self.get_all(next).await;
        }
        if extent == Extent::Full {
            self.full_came();
        }
        self.tell(Input::FetchDone { generation });
    }

    pub(super) async fn beside(&mut self, mut requests: Vec<Request>) {
        while !requests.is_empty() {
            let answers = self.get_all(requests).await;
            requests = Vec::new();
            for (request, came) in answers {
                requests.extend(self.read(&request, &came).unwrap_or_default());
            }
        }
    }

    async fn get_all(&self, requests: Vec<Request>) -> Vec<(Request, Came)> {
        let mut answers = Vec::new();
        for request in requests {
            let came = self.get(&request.address).await;
            answers.push((request, came));
        }
        answers
    }

    async fn get(&self, address: &str) -> Came {
        if self.trouble.without_records && address.contains("/records") {
            return Came {
                status: 404,
                body: String::new(),
            };
        }
        let answer = self
            .http
            .get(format!("{}/{address}", self.host))
            .send()
            .await
            .unwrap();
        let status = answer.status().as_u16();
        Came {
            status,
            body: answer.text().await.unwrap(),
        }
    }

    fn read(&mut self, request: &Request, came: &Came) -> Result<Vec<Request>, String> {
        let answer = Answer {
            status: came.status,
            body: &came.body,
            at: Millis(self.now),
        };
        match self.conversation.answer(request, answer) {
            Reply::Read { batch, next } => {
                self.take(batch);
                Ok(next)
            }
            Reply::Failed { message } => Err(message),
        }
    }
}
