//! What is known of a step, and how what is seen of it becomes events: each fact is told once,
//! whoever tells it first, and in the order in which things happen to a step.

use super::super::decoder::Decoder;
use super::lines::Lines;
use model::channel::log::Level;
use model::item::{Detail, ErrorInfo, EventItem, EventKind, Provenance};
use model::{Item, JsonText, Millis, NodeState, Stamp, Text};

/// Failures that are told of attempts nobody saw; of more, the first are left out.
const UNSEEN_ATTEMPTS: u32 = 16;

/// Milliseconds by which two who state the same instant may differ.
const SLACK: i64 = 1_000;

/// What is known of a step.
#[derive(Debug)]
pub(super) struct Step {
    pub key: Text,
    pub label: Text,
    pub kind: Text,
    pub dependencies: Option<Vec<Text>>,
    /// The latest attempt, from 1; 0 before the first.
    attempt: u32,
    /// The backend's own number of it, from 1: a run that is resumed may count from the start again.
    stated: u32,
    /// Whether that is a guess, because an event began the attempt without its number.
    guessed: bool,
    /// When that attempt began, where that was told.
    pub begun: Option<Millis>,
    /// When it ended, where it did.
    pub over: Option<Millis>,
    /// When the first attempt began.
    pub first: Option<Millis>,
    /// The latest thing told, and the state that it put the step in.
    stands: Option<(Stamp, NodeState)>,
    pub lines: Lines,
    /// The attempt that `lines` were last seen of.
    pub lines_of: u32,
    /// Hash of inputs and outputs as they were told.
    pub io: Option<u64>,
    /// Hash of what the inspector shows beside them, as it was told.
    pub context: Option<u64>,
    /// What the last view said of an attempt that failed.
    failed: Option<Failed>,
    /// The number of the last event about it.
    pub heard: u64,
    /// The number of the newest view of it.
    pub asked: u64,
    /// Hash of the view of it that was taken in whole.
    pub seen: Option<u64>,
}

/// An attempt that failed, as views say it: should one say otherwise later, it is another attempt.
#[derive(Clone, Copy, Debug)]
struct Failed {
    /// Our number of it.
    of: u32,
    /// The backend's.
    stated: u32,
    ended: Option<Millis>,
}

/// How a step stands, as a view or an event says.
#[derive(Debug)]
pub(super) struct Sight {
    pub state: NodeState,
    /// The backend's number of the attempt, from 1.
    pub attempt: Option<u32>,
    pub created: Option<Millis>,
    pub started: Option<Millis>,
    pub ended: Option<Millis>,
    /// The same, where it is the step itself of which a view says so.
    pub completed: Option<Millis>,
    /// An instant at which it surely is so.
    pub at: Millis,
    /// Whether it is surely newer than all that is known, and so may take something back.
    pub fresh: bool,
    pub provenance: Provenance,
    /// For a person.
    pub message: Option<Text>,
    pub error: Option<ErrorInfo>,
    pub output: Option<JsonText>,
}

impl Step {
    pub(super) fn new(key: Text) -> Self {
        Self {
            label: key.clone(),
            kind: Text::default(),
            dependencies: None,
            attempt: 0,
            stated: 0,
            guessed: false,
            begun: None,
            over: None,
            first: None,
            stands: None,
            lines: Lines::default(),
            lines_of: 0,
            io: None,
            context: None,
            failed: None,
            heard: 0,
            asked: 0,
            seen: None,
            key,
        }
    }

    /// The latest attempt, from 1; 0 before the first.
    pub(super) fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The backend's number of an attempt that is going on.
    pub(super) fn open(&self) -> Option<u32> {
        (self.begun.is_some() && self.over.is_none()).then_some(self.stated)
    }

    /// The instant of the latest thing told.
    pub(super) fn told_until(&self) -> Option<Millis> {
        Some(self.stands?.0.at)
    }

    /// Takes a sight in: tells what is new.
    pub(super) fn advance(&mut self, sight: &Sight, decoder: &mut Decoder) {
        self.settle(sight);
        let Some(number) = self.number_of(sight) else {
            return;
        };
        let waits = matches!(
            sight.state,
            NodeState::Queued | NodeState::Waiting | NodeState::Blocked
        );
        let never = waits || sight.state == NodeState::Skipped;
        let started = sight.started.filter(|_| !never);
        // A start that is not after that of the attempt before is of that attempt.
        let begins_at =
            started.filter(|at| number == self.attempt || self.begun.or(self.over) < Some(*at));
        self.fail_before(number, begins_at.unwrap_or(sight.at), sight, decoder);
        let of_attempt = matches!(
            sight.state,
            NodeState::Running | NodeState::Success | NodeState::Failed
        );
        if of_attempt || started.is_some() {
            self.begin(number, begins_at, sight, decoder);
        }
        match sight.state {
            NodeState::Success => self.end(EventKind::Completed, sight, decoder),
            NodeState::Failed => self.end(EventKind::Failed, sight, decoder),
            NodeState::Skipped => self.end(EventKind::Skipped, sight, decoder),
            NodeState::Canceled => {
                let ending = self.begun.is_some() && self.over.is_none();
                let at = sight.ended.unwrap_or(sight.at);
                self.state_it(at, ending, sight, decoder);
            }
            state if waits || state == NodeState::Idle => {
                let known = self.stands.is_some();
                let at = sight.created.filter(|_| !known).unwrap_or(sight.at);
                self.state_it(at, !known, sight, decoder);
            }
            _ => {}
        }
        if let (NodeState::Failed, true, Some(stated)) = (sight.state, sight.fresh, sight.attempt)
            && sight.provenance == Provenance::Inferred
        {
            self.failed = Some(Failed {
                of: self.attempt,
                stated,
                ended: sight.completed,
            });
        }
    }

    /// A view knows better than a guess, but for one that is older.
    fn settle(&mut self, sight: &Sight) {
        if let Some(stated) = sight.attempt.filter(|_| self.guessed && sight.fresh) {
            self.stated = self.stated.min(stated.max(1));
            self.guessed = false;
        }
    }

    /// Our number of the attempt that a sight is about; none where it is about one that is past.
    fn number_of(&self, sight: &Sight) -> Option<u32> {
        // Some count attempts from 1 in events and from 0 in views; when it began says which it is.
        let said = sight.provenance == Provenance::Observed;
        let same = said && sight.started.is_some() && sight.started == self.begun;
        // An end before the attempt began is that of one before.
        if said
            && sight
                .ended
                .is_some_and(|ended| self.begun.is_some_and(|begun| ended < begun))
        {
            return None;
        }
        let stated = sight.attempt.filter(|_| !same).unwrap_or(self.stated);
        let stated = stated.max(1);
        if self.attempt == 0 {
            Some(stated)
        } else if stated > self.stated {
            Some(self.attempt.saturating_add(stated - self.stated))
        } else if self.is_again(sight) {
            Some(self.attempt.saturating_add(1))
        } else {
            (stated == self.stated || sight.fresh).then_some(self.attempt)
        }
    }

    /// Whether a step whose latest attempt has ended runs once more without a higher number.
    fn is_again(&self, sight: &Sight) -> bool {
        let Some(over) = self.over else {
            // Nobody said that it failed; that it starts, much later, says so.
            let said = sight.provenance == Provenance::Observed && sight.attempt.is_none();
            let times = sight.started.zip(self.begun);
            return said && times.is_some_and(|(started, begun)| (started - begun).0 > SLACK);
        };
        let later = sight.started.is_some_and(|started| started > over);
        let runs = sight.state == NodeState::Running;
        later || (runs && sight.fresh) || self.has_ended_again(sight)
    }

    /// Whether a step that a view showed as failed has ended once more since, unseen: it says another
    /// end, or counts its attempts from the start again. Only views are compared, and of one backend:
    /// an event's instant of the same end may be another.
    fn has_ended_again(&self, sight: &Sight) -> bool {
        let ended = matches!(sight.state, NodeState::Failed | NodeState::Success);
        let stands = self.stands.map(|(_, state)| state);
        let failed = self.failed.filter(|it| it.of == self.attempt);
        let Some(failed) = failed.filter(|_| stands != Some(NodeState::Success)) else {
            return false;
        };
        let said = sight.provenance == Provenance::Inferred && sight.fresh && ended;
        let later = failed.ended.is_some() && sight.completed > failed.ended;
        let anew = sight.attempt.is_some_and(|stated| stated < failed.stated);
        said && (later || anew)
    }

    /// Attempts before `number` have failed, whether anybody saw them or not.
    fn fail_before(&mut self, number: u32, at: Millis, sight: &Sight, decoder: &mut Decoder) {
        let behind = number.saturating_sub(UNSEEN_ATTEMPTS);
        while self.attempt + 1 < number || (self.attempt + 1 == number && self.is_open()) {
            if !self.is_open() {
                self.next_attempt((self.attempt + 1).max(behind), sight);
            }
            // What went wrong is said of the latest failure.
            let latest = self.attempt + 1 == number && sight.state != NodeState::Failed;
            let detail = Detail {
                error: sight.error.clone().filter(|_| latest).map(Box::new),
                ..Detail::default()
            };
            let stamp = self.tell(EventKind::Failed, at, Provenance::Inferred, detail, decoder);
            self.over = Some(stamp.at);
        }
    }

    fn is_open(&self) -> bool {
        self.attempt > 0 && self.over.is_none()
    }

    fn next_attempt(&mut self, number: u32, sight: &Sight) {
        let steps = number - self.attempt;
        self.attempt = number;
        self.stated = match sight.attempt {
            Some(stated) if stated > self.stated => self.stated.saturating_add(steps).min(stated),
            Some(stated) => stated,
            None => self.stated.saturating_add(1),
        };
        self.guessed = sight.attempt.is_none();
        (self.begun, self.over) = (None, None);
    }

    fn begin(&mut self, number: u32, at: Option<Millis>, sight: &Sight, decoder: &mut Decoder) {
        if number > self.attempt {
            self.next_attempt(number, sight);
        }
        if self.begun.is_some() || self.over.is_some() {
            return;
        }
        let runs = sight.state == NodeState::Running;
        // An attempt that ended, and nobody says when it began, has an end alone.
        if let Some(at) = at.or(runs.then_some(sight.at)) {
            let detail = Detail::default();
            let stamp = self.tell(EventKind::Started, at, sight.provenance, detail, decoder);
            self.begun = Some(stamp.at);
            self.first = self.first.or(self.begun);
        }
    }

    fn end(&mut self, kind: EventKind, sight: &Sight, decoder: &mut Decoder) {
        let same = self.stands.map(|(_, state)| state) == kind.state();
        if self.over.is_some() && (same || !sight.fresh) {
            return;
        }
        let detail = Detail {
            message: sight.message.clone(),
            error: sight
                .error
                .clone()
                .filter(|_| kind == EventKind::Failed)
                .map(Box::new),
            output: sight.output.clone(),
            ..Detail::default()
        };
        let at = sight.ended.unwrap_or(sight.at);
        let stamp = self.tell(kind, at, sight.provenance, detail, decoder);
        self.over = Some(stamp.at);
    }

    /// Tells a state that no lifecycle word brings about. `additive`: it takes nothing back.
    fn state_it(&mut self, at: Millis, additive: bool, sight: &Sight, decoder: &mut Decoder) {
        let same = self.stands.is_some_and(|(_, state)| state == sight.state);
        if same || !(additive || sight.fresh) {
            return;
        }
        let kind = EventKind::Stated(sight.state);
        let detail = Detail::default();
        let stamp = self.tell(kind, at, sight.provenance, detail, decoder);
        if self.attempt > 0 && self.over.is_none() {
            self.over = Some(stamp.at);
        }
    }

    /// Tells something, not before what was told already.
    fn tell(
        &mut self,
        kind: EventKind,
        at: Millis,
        provenance: Provenance,
        detail: Detail,
        decoder: &mut Decoder,
    ) -> Stamp {
        let (attempt, rank, word) = match &kind {
            EventKind::Started => (self.attempt, 1, "started"),
            EventKind::Completed => (self.attempt, 2, "completed"),
            EventKind::Failed => (self.attempt, 3, "failed"),
            EventKind::Skipped => (self.attempt, 4, "skipped"),
            EventKind::Stated(state) => (self.attempt, 8, state.as_str()),
            _ => (self.attempt, 9, "other"),
        };
        // At one instant the order is that in which things happen.
        let sequence = u64::from(attempt) << 16 | rank << 8;
        let mut stamp = Stamp {
            sequence,
            ..Stamp::at(at)
        };
        if let Some((last, _)) = self.stands.filter(|(last, _)| stamp <= *last) {
            stamp = Stamp {
                sequence: sequence.max(last.sequence + 1),
                ..last
            };
        }
        let id = match &kind {
            EventKind::Stated(_) => format!("{}@{attempt}:{word}:{}", self.key, stamp.at.0),
            _ => format!("{}@{attempt}:{word}", self.key),
        };
        if let Some(state) = kind.state() {
            self.stands = Some((stamp, state));
        }
        let level = match kind {
            EventKind::Failed => Level::Error,
            _ => Level::Info,
        };
        decoder.push(Item::Event(EventItem {
            id: id.into(),
            node: self.key.clone(),
            stamp,
            kind,
            level,
            attempt,
            provenance,
            detail: (detail != Detail::default()).then(|| Box::new(detail)),
        }));
        stamp
    }
}
