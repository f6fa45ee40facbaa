//! What is to be fetched beside the trace: wished for by what events hint at, served in rounds of
//! about a second, each subject at most once a round and never twice at a time.

use std::collections::BTreeMap;

/// Requests of one round, at most; the rest wait for the next.
pub(super) const MOST_A_ROUND: usize = 12;
/// Rows are written by others than those who tell the events, often later: they are looked for once
/// more after so many rounds.
pub(super) const AGAIN_ROUNDS: u64 = 5;
/// A question that has not been answered for so many rounds may be put again.
const LOST_ROUNDS: u64 = 30;

/// Something that the run can do without.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::conversation) enum Wish {
    Graph,
    Trace,
    Logs,
    Dataflows,
    NodeIo,
    Artifacts,
    HumanInputs,
    /// Which terminals are archived.
    Archive,
    /// What the run gave.
    Result,
    /// The stored parts of one of the agents' runs.
    Agent(String),
}

/// All wishes that are open.
#[derive(Debug, Default)]
pub(super) struct Wishes {
    round: u64,
    open: BTreeMap<Wish, Open>,
    /// Those that were asked in this round, or have not been answered yet.
    asked: BTreeMap<Wish, Asked>,
}

#[derive(Clone, Copy, Debug)]
struct Asked {
    round: u64,
    answered: bool,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    due: u64,
    again: bool,
}

impl Wishes {
    /// Another round: about a second has passed.
    pub(super) fn next_round(&mut self) -> u64 {
        self.round += 1;
        self.round
    }

    /// In this round.
    pub(super) fn now(&mut self, wish: Wish) {
        self.after(wish, 0);
    }

    /// After so many rounds. Where it was wished for later, it is looked for then too.
    pub(super) fn after(&mut self, wish: Wish, rounds: u64) {
        let due = self.round + rounds;
        let open = self.open.entry(wish).or_insert(Open { due, again: false });
        if due < open.due {
            *open = Open { due, again: true };
        }
    }

    /// It is not wished for any more.
    pub(super) fn forget(&mut self, wish: &Wish) {
        self.open.remove(wish);
    }

    /// In this round, and once more a little later.
    pub(super) fn now_and_again(&mut self, wish: Wish) {
        let due = self.round;
        self.open.insert(wish, Open { due, again: true });
    }

    /// What is due and not under way, the longest due first; it counts as asked.
    pub(super) fn take(&mut self) -> Vec<Wish> {
        let round = self.round;
        self.asked.retain(|_, asked| {
            let over = if asked.answered { 1 } else { LOST_ROUNDS };
            round < asked.round + over
        });
        let mut due: Vec<_> = self
            .open
            .iter()
            .filter(|(wish, open)| open.due <= round && !self.asked.contains_key(wish))
            .map(|(wish, open)| (open.due, wish.clone()))
            .collect();
        due.sort();
        due.truncate(MOST_A_ROUND);
        due.into_iter()
            .map(|(_, wish)| {
                self.asking(&wish);
                wish
            })
            .collect()
    }

    /// It is being asked: a wish for it that was due is granted.
    pub(super) fn asking(&mut self, wish: &Wish) {
        let asked = Asked {
            round: self.round,
            answered: false,
        };
        self.asked.insert(wish.clone(), asked);
        if let Some(open) = self.open.get_mut(wish)
            && open.due <= self.round
        {
            match open.again {
                true => {
                    *open = Open {
                        due: self.round + AGAIN_ROUNDS,
                        again: false,
                    };
                }
                false => {
                    self.open.remove(wish);
                }
            }
        }
    }

    /// It has been answered, well or not.
    pub(super) fn answered(&mut self, wish: &Wish) {
        if let Some(asked) = self.asked.get_mut(wish) {
            asked.answered = true;
        }
    }
}
