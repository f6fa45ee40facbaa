//! The frames of a playbook run's stream, in the documented and in the coded spellings.

use super::super::Batch;
use super::super::decoder::Decoder;
use super::super::lenient::Members;
use super::known::Known;
use super::position::Position;
use contract::Json;
use contract::playbook::{Connected, EventType, PlaybookEvent, StepLogAppended};
use model::{Millis, Stamp};
use serde::de::DeserializeOwned;

/// What an event says of itself, apart from its payload.
pub(super) struct Said<'a> {
    step: Option<String>,
    /// When it was sent, by its own word.
    pub(super) sent: Option<Stamp>,
    /// When it came.
    pub(super) came: Millis,
    /// Where it stands, by its id.
    pub(super) position: Option<Position>,
    pub(super) payload: Option<Json>,
    pub(super) raw: &'a str,
}

impl Said<'_> {
    pub(super) fn at(&self) -> Millis {
        self.sent.map_or(self.came, |stamp| stamp.at)
    }
}

impl Known {
    /// Takes a frame in: its name (the SSE event), its id (empty where it has none) and its data; it
    /// came at `at`. A frame without a name is told by its data's `type`.
    pub fn frame(&mut self, name: &str, id: &str, data: &str, at: Millis) -> Batch {
        let mut decoder = Decoder::new(format!("frame `{name}`"));
        let kind = match EventType::from_word(name) {
            EventType::Other(_) => Members::read(data)
                .ok()
                .and_then(|members| members.text("type"))
                .map_or(EventType::Other(name.to_owned()), |word| {
                    EventType::from_word(&word)
                }),
            kind => kind,
        };
        match kind {
            EventType::Connected => self.connected(data, &mut decoder),
            EventType::Heartbeat => {}
            EventType::Error => {
                let message = Members::read(data).ok().and_then(|it| it.text("message"));
                let what = match message {
                    Some(message) => format!("the server says: {message}"),
                    None => "the server could not read something".to_owned(),
                };
                decoder.problem(what, data);
            }
            EventType::Other(_) => {
                decoder.problem("a frame of this name is not known here", data);
            }
            kind => self.event(&kind, id, data, at, &mut decoder),
        }
        self.batch(decoder)
    }

    fn connected(&mut self, data: &str, decoder: &mut Decoder) {
        let Some(connected) = decoder.read::<Connected>(data) else {
            return;
        };
        decoder.batch.restarted = connected.resume.as_deref() == Some("restarted");
        let again = matches!(connected.resume.as_deref(), Some("start" | "restarted"));
        if decoder.batch.restarted {
            self.begin_another_history();
        }
        self.begin_stream(again);
    }

    fn event(
        &mut self,
        kind: &EventType,
        id: &str,
        raw: &str,
        came: Millis,
        decoder: &mut Decoder,
    ) {
        let Some(event) = decoder.read::<PlaybookEvent>(raw) else {
            return;
        };
        if !event.run_id.is_empty() && event.run_id != self.run {
            return decoder.problem(format!("it is of another run, `{}`", event.run_id), raw);
        }
        self.events += 1;
        let said = Said {
            sent: decoder.optional_stamp("timestamp", Some(&event.timestamp), raw),
            step: event.step_key.filter(|key| !key.is_empty()),
            came,
            position: Position::read(id),
            payload: event.payload,
            raw,
        };
        match kind {
            EventType::RunUpdated | EventType::RunCompleted | EventType::RunFailed => {
                self.heard = self.events;
                self.run_event(kind, &said, decoder);
            }
            _ => match said.step.clone() {
                Some(key) => self.step_event(kind, &key, &said, decoder),
                None if *kind == EventType::StepLogAppended => {
                    if let Some(appended) = payload::<StepLogAppended>(&said, decoder) {
                        self.appended(None, appended, &said, decoder);
                    }
                }
                None => decoder.problem("which step's it is: `stepKey` is needed", raw),
            },
        }
    }
}

/// What an event carries; where it carries nothing, a problem.
pub(super) fn payload<T: DeserializeOwned>(said: &Said<'_>, decoder: &mut Decoder) -> Option<T> {
    match &said.payload {
        Some(payload) => decoder.read(payload.get()),
        None => {
            decoder.problem("missing field `payload`", said.raw);
            None
        }
    }
}
