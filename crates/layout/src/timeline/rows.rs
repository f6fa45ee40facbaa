//! Which lanes show, and where: groups that can be closed, the lanes they hold, one below the other.

use std::ops::Range;

/// A lane, or a group of those that follow it. A list of them is a forest, each group before what it holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry {
    /// How many of the entries behind it belong to it, those of its groups included; 0 for a lane.
    pub holds: u32,
    /// Height of its row, in pixels.
    pub height: f64,
}

/// An entry that shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// Number of the entry.
    pub entry: u32,
    /// How many groups it lies in.
    pub depth: u16,
    /// Distance from the top of the first row, in pixels.
    pub top: f64,
    /// In pixels.
    pub height: f64,
}

/// The rows, from the top.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    rows: Vec<Row>,
    height: f64,
}

impl Rows {
    /// Rows for all entries but those in a group of which `closed` says so by its number. In `O(entries)`.
    pub fn arrange(entries: &[Entry], closed: &dyn Fn(u32) -> bool) -> Self {
        let mut rows = Self::default();
        // Where the groups end in which we are.
        let mut ends: Vec<usize> = Vec::new();
        let mut at = 0;
        while let Some(entry) = entries.get(at) {
            while ends.last().is_some_and(|end| *end <= at) {
                ends.pop();
            }
            let height = if entry.height.is_finite() {
                entry.height.max(1.0)
            } else {
                1.0
            };
            rows.rows.push(Row {
                entry: at as u32,
                depth: ends.len().min(usize::from(u16::MAX)) as u16,
                top: rows.height,
                height,
            });
            rows.height += height;
            let holds = entry.holds as usize;
            if holds > 0 && closed(at as u32) {
                at += holds;
            } else if holds > 0 {
                ends.push(at + holds + 1);
            }
            at += 1;
        }
        rows
    }

    /// All rows.
    pub fn all(&self) -> &[Row] {
        &self.rows
    }

    /// Height of all rows together, in pixels.
    pub fn height(&self) -> f64 {
        self.height
    }

    /// The rows that show, at least in part, of which the first `top` pixels are scrolled away.
    pub fn in_view(&self, top: f64, height: f64) -> Range<usize> {
        let first = self.rows.partition_point(|row| row.top + row.height <= top);
        let last = self.rows.partition_point(|row| row.top < top + height);
        first..last.max(first)
    }

    /// The row at a distance from the top of the first, in pixels.
    pub fn at(&self, y: f64) -> Option<usize> {
        let next = self.rows.partition_point(|row| row.top <= y);
        let row = next.checked_sub(1)?;
        let found = &self.rows[row];
        (y < found.top + found.height).then_some(row)
    }

    /// The row of an entry; where it is in a closed group, that group's.
    pub fn of(&self, entry: u32) -> Option<usize> {
        self.rows
            .partition_point(|row| row.entry <= entry)
            .checked_sub(1)
    }

    /// How far to scroll, from `top`, so that a row shows in `height` pixels; not farther than needed.
    pub fn reveal(&self, row: usize, top: f64, height: f64) -> f64 {
        match self.rows.get(row) {
            Some(row) if row.top < top => row.top,
            Some(row) => top.max(row.top + row.height - height),
            None => top,
        }
    }

    /// `top` where all rows can be seen by scrolling: not past the last.
    pub fn clamp(&self, top: f64, height: f64) -> f64 {
        let most = (self.height - height).max(0.0);
        if top.is_nan() {
            0.0
        } else {
            top.clamp(0.0, most)
        }
    }
}

/// From where to where a lane or all lanes of a group go, and the greatest rank in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hull {
    /// The first beginning, in milliseconds.
    pub from: i64,
    /// The last end, or `None` while something goes on.
    pub to: Option<i64>,
    /// The greatest rank.
    pub rank: u8,
}

impl Hull {
    /// Around both.
    pub fn and(self, other: Self) -> Self {
        Self {
            from: self.from.min(other.from),
            to: self.to.zip(other.to).map(|(a, b)| a.max(b)),
            rank: self.rank.max(other.rank),
        }
    }
}

/// The hull of every entry, from those of the lanes (groups have none of their own). In `O(entries)`.
pub fn hulls(entries: &[Entry], of_lane: &dyn Fn(u32) -> Option<Hull>) -> Vec<Option<Hull>> {
    let mut hulls: Vec<Option<Hull>> = vec![None; entries.len()];
    for at in (0..entries.len()).rev() {
        let end = (at + 1 + entries[at].holds as usize).min(entries.len());
        if entries[at].holds == 0 {
            hulls[at] = of_lane(at as u32);
            continue;
        }
        let mut child = at + 1;
        while child < end {
            hulls[at] = match (hulls[at], hulls[child]) {
                (Some(a), Some(b)) => Some(a.and(b)),
                (a, b) => a.or(b),
            };
            child += 1 + entries[child].holds as usize;
        }
    }
    hulls
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entries(holds: &[u32]) -> Vec<Entry> {
        holds
            .iter()
            .map(|holds| Entry {
                holds: *holds,
                height: 20.0,
            })
            .collect()
    }

    /// `0 lane, 1 group (2 lane, 3 group (4 lane, 5 lane), 6 lane), 7 lane`.
    const DRAWN: [u32; 8] = [0, 5, 0, 2, 0, 0, 0, 0];

    #[test]
    fn closed_groups_hide_what_they_hold() {
        for (closed, shown) in [
            (&[][..], "0.0 1.0 2.1 3.1 4.2 5.2 6.1 7.0"),
            (&[3], "0.0 1.0 2.1 3.1 6.1 7.0"),
            (&[1], "0.0 1.0 7.0"),
            (&[1, 3], "0.0 1.0 7.0"),
            (&[0, 7], "0.0 1.0 2.1 3.1 4.2 5.2 6.1 7.0"),
        ] {
            let rows = Rows::arrange(&entries(&DRAWN), &|entry| closed.contains(&entry));
            let text: Vec<_> = rows
                .all()
                .iter()
                .map(|row| format!("{}.{}", row.entry, row.depth))
                .collect();
            assert_eq!(text.join(" "), shown, "{closed:?}");
        }
    }

    #[test]
    fn a_hidden_entry_stands_at_its_group() {
        let rows = Rows::arrange(&entries(&DRAWN), &|entry| entry == 3);
        for (entry, row) in [(0, 0), (3, 3), (4, 3), (5, 3), (6, 4), (7, 5)] {
            assert_eq!(rows.of(entry), Some(row), "{entry}");
        }
        assert_eq!(Rows::default().of(3), None);
    }

    #[test]
    fn places_and_rows_find_each_other() {
        let mut drawn = entries(&[0, 0, 0]);
        drawn[1].height = 10.0;
        let rows = Rows::arrange(&drawn, &|_| false);
        assert_eq!(rows.height(), 50.0);
        for (y, row) in [
            (-1.0, None),
            (0.0, Some(0)),
            (19.9, Some(0)),
            (20.0, Some(1)),
            (30.0, Some(2)),
            (50.0, None),
        ] {
            assert_eq!(rows.at(y), row, "{y}");
        }
        assert_eq!(rows.in_view(20.0, 10.0), 1..2);
        assert_eq!(rows.in_view(19.0, 12.0), 0..3);
        assert_eq!(rows.in_view(90.0, 12.0), 3..3);
        assert_eq!(rows.clamp(90.0, 30.0), 20.0);
        assert_eq!(rows.clamp(f64::NAN, 30.0), 0.0);
        assert_eq!(rows.clamp(-4.0, 300.0), 0.0);
        assert_eq!(
            (
                rows.reveal(0, 15.0, 20.0),
                rows.reveal(2, 0.0, 20.0),
                rows.reveal(1, 15.0, 20.0)
            ),
            (0.0, 30.0, 15.0)
        );
    }

    #[test]
    fn a_group_reaches_as_far_as_its_lanes_and_is_as_bad_as_the_worst() {
        let lane = |entry: u32| match entry {
            2 => Some(Hull {
                from: 30,
                to: Some(40),
                rank: 1,
            }),
            4 => Some(Hull {
                from: 10,
                to: Some(20),
                rank: 5,
            }),
            5 => Some(Hull {
                from: 15,
                to: None,
                rank: 2,
            }),
            _ => None,
        };
        let hulls = hulls(&entries(&DRAWN), &lane);
        assert_eq!(
            hulls[3],
            Some(Hull {
                from: 10,
                to: None,
                rank: 5
            })
        );
        assert_eq!(
            hulls[1],
            Some(Hull {
                from: 10,
                to: None,
                rank: 5
            })
        );
        assert_eq!((hulls[0], hulls[6]), (None, None));
    }

    #[test]
    fn a_forest_that_claims_too_much_is_cut_at_its_end() {
        let rows = Rows::arrange(&entries(&[9, 0, 900]), &|entry| entry == 2);
        assert_eq!(rows.all().len(), 3);
        assert_eq!(super::hulls(&entries(&[9, 0, 900]), &|_| None).len(), 3);
    }

    proptest! {
        #[test]
        fn rows_tile_and_the_search_equals_the_walk(
            holds in prop::collection::vec(0_u32..6, 0..60),
            heights in prop::collection::vec(1.0..40.0_f64, 60),
            closed in prop::collection::vec(any::<bool>(), 60),
            top in 0.0..900.0,
            height in 1.0..300.0,
        ) {
            let entries: Vec<_> = holds.iter().zip(heights).map(|(holds, height)| Entry { holds: *holds, height }).collect();
            let rows = Rows::arrange(&entries, &|entry| closed[entry as usize]);
            prop_assert!(rows.all().windows(2).all(|two| two[0].entry < two[1].entry && (two[0].top + two[0].height - two[1].top).abs() < 1e-6));
            let seen: Vec<_> = (0..rows.all().len())
                .filter(|n| rows.all()[*n].top < top + height && rows.all()[*n].top + rows.all()[*n].height > top)
                .collect();
            prop_assert_eq!(rows.in_view(top, height).collect::<Vec<_>>(), seen);
        }
    }
}
