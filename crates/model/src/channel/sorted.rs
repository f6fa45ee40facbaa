//! A list that stays in order whatever order things arrive in, and holds each thing once.

use std::cmp::Ordering;

/// What a sorted list holds.
pub trait Placed {
    /// The total order; `Equal` means: the same fact.
    fn place(&self, other: &Self) -> Ordering;
}

/// Facts in order. Appending in order costs nothing; a late fact costs one insertion.
#[derive(Clone, Debug)]
pub struct Sorted<T> {
    items: Vec<T>,
}

impl<T> Default for Sorted<T> {
    fn default() -> Self {
        Self { items: Vec::new() }
    }
}

/// What became of an insertion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inserted {
    /// At the end.
    Appended,
    /// Before others, at this index.
    Late(usize),
    /// It was there already.
    Duplicate,
    /// There was no room for it: counted, not kept.
    Dropped,
}

impl Inserted {
    /// Whether it was not held before.
    pub fn is_fresh(self) -> bool {
        matches!(self, Self::Appended | Self::Late(_))
    }
}

impl<T: Placed> Sorted<T> {
    /// Puts a fact where it belongs.
    #[inline]
    pub fn insert(&mut self, item: T) -> Inserted {
        match self.items.last().map(|last| last.place(&item)) {
            None | Some(Ordering::Less) => {
                self.items.push(item);
                Inserted::Appended
            }
            Some(Ordering::Equal) => Inserted::Duplicate,
            Some(Ordering::Greater) => self.insert_late(item),
        }
    }

    #[inline(never)]
    fn insert_late(&mut self, item: T) -> Inserted {
        match self.items.binary_search_by(|known| known.place(&item)) {
            Ok(_) => Inserted::Duplicate,
            Err(index) => {
                self.items.insert(index, item);
                Inserted::Late(index)
            }
        }
    }

    /// All facts, in order.
    pub fn as_slice(&self) -> &[T] {
        &self.items
    }

    /// Those for which `before` holds; it must hold for a prefix.
    pub fn prefix(&self, before: impl Fn(&T) -> bool) -> &[T] {
        &self.items[..self.items.partition_point(before)]
    }
}
