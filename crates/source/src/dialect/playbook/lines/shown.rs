//! What a view shows of a step's lines: which of them are new, and where they stand.

use super::compare::{Compared, compare};
use super::{Lines, News, Told, View, after, hash, moved};
use model::Stamp;
use std::collections::HashMap;

/// How far a line is looked for among those that no view has shown.
const REACH: usize = 1_024;

impl Lines {
    /// The lines that a view shows: those that are new, in the order of the view.
    pub(in super::super) fn show(&mut self, view: &View<'_>) -> News {
        let mut news = News::default();
        let hashes: Vec<u64> = view.lines.iter().map(|line| hash(line)).collect();
        if hashes.is_empty() {
            return news;
        }
        if self.another {
            return self.show_another(&hashes, view);
        }
        let shown = self.shown.len();
        let mut new: Vec<usize> = Vec::new();
        let mut kept = 0;
        let mut between = 0;
        let mut base = None;
        let mut among = false;
        if let Some(count) = view.count.filter(|count| *count >= hashes.len() as u64) {
            let start = count - hashes.len() as u64;
            base = Some(start);
            if self.end() == 0 {
                (self.first, news.lost) = (start, start);
            }
            match start.checked_sub(self.first + shown as u64) {
                Some(lines) => {
                    between = lines;
                    kept = shown;
                }
                None => kept = start.saturating_sub(self.first) as usize,
            }
        }
        match compare(&self.shown[kept..], &hashes, view.anew) {
            Compared::Nothing => return news,
            Compared::From(from) => new.extend(from..hashes.len()),
            Compared::Rolled(from) => {
                new.extend(from..hashes.len());
                self.first += (shown - kept - from) as u64;
            }
            Compared::Among(some) => {
                among = true;
                new = some;
            }
            Compared::Another if !view.fresh => return news,
            Compared::Another => {
                new.extend(0..hashes.len());
                news.replaced = !view.anew;
                self.begin_anew();
                kept = 0;
            }
        }
        news.lost += self.skip(between);
        let (known, upto) = self.align(new.iter().map(|index| hashes[*index]), view.fresh);
        if upto < new.len() && among {
            return news;
        }
        let base = base.unwrap_or(self.first);
        for (index, known) in new.iter().zip(known).take(upto) {
            let hash = hashes[*index];
            if !(known && self.confirm(hash)) {
                news.told.push(self.insert((*index, base), hash, view));
            }
        }
        if between == 0 {
            self.shown.truncate(kept);
        }
        let upto = new.get(upto).map_or(hashes.len(), |index| *index);
        self.shown.extend(&hashes[..upto]);
        news
    }

    /// Which of the lines that views did not show before an event has told, and up to which of them
    /// that is sure. Events tell lines in order but may miss some; a view that is surely newer shows
    /// all that they told, perhaps in another order.
    fn align(&self, lines: impl Iterator<Item = u64> + Clone, fresh: bool) -> (Vec<bool>, usize) {
        let mut pending = self.pending.iter().map(|(hash, _)| *hash).peekable();
        let in_order = |hash| pending.next_if_eq(&hash).is_some();
        let mut known: Vec<bool> = lines.clone().map(in_order).collect();
        let mut left: HashMap<u64, usize> = HashMap::new();
        pending.for_each(|hash| *left.entry(hash).or_default() += 1);
        for (index, hash) in lines.enumerate() {
            match left.get_mut(&hash).filter(|count| **count > 0) {
                Some(_) if !known[index] && !fresh => return (known, index),
                Some(count) if !known[index] => {
                    *count -= 1;
                    known[index] = true;
                }
                _ => {}
            }
        }
        let all = known.len();
        (known, all)
    }

    /// The first view of another history: lines may be gone anywhere. What was told stays; told now is
    /// what was not, after all that was.
    fn show_another(&mut self, hashes: &[u64], view: &View<'_>) -> News {
        let mut news = News::default();
        if !view.in_order {
            return news;
        }
        self.another = false;
        let mut known = std::mem::take(&mut self.shown);
        let shown = known.len();
        known.extend(self.pending.iter().map(|(hash, _)| *hash));
        let places = moved::places(&known, hashes);
        // What was heard since the view was asked for may come after all that it shows.
        let last = places.iter().flatten().max();
        let seen = last.map_or(0, |last| (last + 1).saturating_sub(shown));
        let seen = if view.fresh { self.pending.len() } else { seen };
        if let Some((_, stamp)) = self.pending.drain(..seen).next_back() {
            self.shown_until = self.shown_until.max(stamp);
        }
        self.next = self.next.max(self.first + known.len() as u64);
        let lines = hashes.len() as u64;
        self.first = view.count.unwrap_or(lines).saturating_sub(lines);
        for (index, place) in places.iter().enumerate() {
            if place.is_none() {
                let told = self.insert((index, self.first), hashes[index], view);
                news.told.push(told);
            }
        }
        news.replaced = news.told.len() == hashes.len() && !view.anew;
        self.shown = hashes.to_vec();
        news
    }

    /// Another log begins; its lines are counted on.
    fn begin_anew(&mut self) {
        self.first += self.shown.len() as u64;
        self.shown.clear();
    }

    /// Lines of which the view no longer shows anything; returns how many of them no event told.
    fn skip(&mut self, lines: u64) -> u64 {
        let told = self.pending.len().min(lines as usize);
        for (hash, stamp) in self.pending.drain(..told) {
            self.shown.push(hash);
            self.shown_until = stamp;
        }
        let lost = lines - told as u64;
        if lost > 0 {
            self.begin_anew();
            self.first += lost;
        }
        lost
    }

    /// A line that an event told is shown by a view; whether there is one.
    fn confirm(&mut self, hash: u64) -> bool {
        let mut reach = self.pending.iter().take(REACH);
        let found = reach.position(|(pending, _)| *pending == hash);
        let stamp = found.and_then(|found| self.pending.remove(found));
        if let Some((_, stamp)) = stamp {
            self.shown_until = self.shown_until.max(stamp);
        }
        stamp.is_some()
    }

    /// A line that only a view tells.
    fn insert(&mut self, (index, base): (usize, u64), hash: u64, view: &View<'_>) -> Told {
        self.unheard.told(hash, view.position);
        let (number, stamp) = match self.pending.front() {
            // It stands between two lines that were told: right after the first of them.
            Some((_, next)) => {
                self.inserted += 1;
                let last = match self.shown_until == Stamp::default() {
                    true => Stamp {
                        sequence: 0,
                        ..*next
                    },
                    false => self.shown_until,
                };
                let stamp = Stamp {
                    sequence: last.sequence + 1,
                    ..last
                };
                ((self.next, self.inserted), stamp)
            }
            None => {
                let number = self.next.max(base + index as u64);
                self.next = number + 1;
                let stamp = after(self.shown_until, Stamp::at(view.at), number);
                ((number, 0), stamp)
            }
        };
        self.shown_until = stamp;
        Told {
            index,
            number,
            stamp,
        }
    }
}
