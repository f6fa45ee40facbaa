//! What is known of the lines of a block beside their text: a few numbers each, kept as differences
//! in as few bytes as the block needs.

/// The numbers of a line.
pub const FIELDS: usize = 7;
/// One line's numbers.
pub type Row = [u64; FIELDS];

/// Rows of equal length. A field is kept as its signed difference from a base, in as many bytes as
/// the widest difference of the block takes: none where all are the same.
///
/// ```text
/// at 1700000000000, 1700000000004, 1700000000009  →  base 1700000000000, width 1, 00 04 09
/// ```
#[derive(Clone, Debug, Default)]
pub struct Rows {
    bases: Row,
    widths: [u8; FIELDS],
    /// Where in a row each field begins; then the length of a row.
    offsets: [u8; FIELDS + 1],
    length: usize,
    bytes: Vec<u8>,
}

impl Rows {
    /// No rows yet, and room for so many bytes of them.
    pub fn with_room(bytes: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(bytes),
            ..Self::default()
        }
    }

    /// Bytes of all rows.
    pub fn bytes(&self) -> usize {
        self.bytes.len()
    }

    pub fn len(&self) -> usize {
        self.length
    }

    /// Bytes of memory taken.
    pub fn weight(&self) -> usize {
        self.bytes.capacity()
    }

    pub fn get(&self, row: usize) -> Row {
        std::array::from_fn(|field| self.field(row, field))
    }

    #[inline]
    pub fn field(&self, row: usize, field: usize) -> u64 {
        let offset = row * self.stride() + self.offsets[field] as usize;
        let width = self.widths[field];
        if width == 0 {
            return self.bases[field];
        }
        let rest = &self.bytes[offset..];
        let bytes = match rest.first_chunk() {
            Some(bytes) => *bytes,
            None => at_the_end(rest),
        };
        let beyond = 64 - 8 * u32::from(width);
        let difference = (i64::from_le_bytes(bytes) << beyond) >> beyond;
        self.bases[field].wrapping_add(difference as u64)
    }

    pub fn insert(&mut self, index: usize, row: &Row) {
        if self.length == 0 {
            self.bases = *row;
        }
        self.make_room(row);
        let (packed, stride) = (self.packed(row), self.stride());
        let at = index * stride;
        if at == self.bytes.len() {
            self.bytes.extend_from_slice(&packed[..stride]);
        } else {
            self.bytes.splice(at..at, packed[..stride].iter().copied());
        }
        self.length += 1;
    }

    /// Adds to one field of all rows from `first` on; the field must grow from row to row.
    pub fn shift(&mut self, first: usize, field: usize, by: u64) {
        if first == 0 {
            self.bases[field] = self.bases[field].wrapping_add(by);
            return;
        }
        let Some(last) = self.length.checked_sub(1).filter(|last| first <= *last) else {
            return;
        };
        let mut widest = self.get(last);
        widest[field] = widest[field].wrapping_add(by);
        self.make_room(&widest);
        let (base, width) = (self.bases[field], self.widths[field] as usize);
        for row in first..self.length {
            let moved = self.field(row, field).wrapping_add(by);
            let offset = row * self.stride() + self.offsets[field] as usize;
            let difference = moved.wrapping_sub(base).to_le_bytes();
            self.bytes[offset..offset + width].copy_from_slice(&difference[..width]);
        }
    }

    /// Takes the rows from `index` on away.
    pub fn split_off(&mut self, index: usize) -> Self {
        let part = |rows: std::ops::Range<usize>| {
            let mut part = Self::default();
            for row in rows {
                part.insert(part.length, &self.get(row));
            }
            part.shrink();
            part
        };
        let (kept, taken) = (part(0..index), part(index..self.length));
        *self = kept;
        taken
    }

    pub fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
    }

    /// Widens the fields which this row would not fit.
    fn make_room(&mut self, row: &Row) {
        let mut widths = self.widths;
        for (field, width) in widths.iter_mut().enumerate() {
            *width = (*width).max(width_of(row[field].wrapping_sub(self.bases[field])));
        }
        if widths != self.widths {
            self.widen(widths);
        }
    }

    #[inline(never)]
    fn widen(&mut self, widths: [u8; FIELDS]) {
        let mut wide = Self {
            bases: self.bases,
            widths,
            ..Self::default()
        };
        for (field, width) in widths.iter().enumerate() {
            wide.offsets[field + 1] = wide.offsets[field] + width;
        }
        wide.bytes
            .reserve_exact(self.bytes.capacity().max(2 * self.length * wide.stride()));
        for row in 0..self.length {
            let packed = wide.packed(&self.get(row));
            wide.bytes.extend_from_slice(&packed[..wide.stride()]);
        }
        wide.length = self.length;
        *self = wide;
    }

    /// A row as it is kept; what stands behind it means nothing.
    #[inline]
    fn packed(&self, row: &Row) -> [u8; 8 * (FIELDS + 1)] {
        let mut packed = [0; 8 * (FIELDS + 1)];
        for (field, value) in row.iter().enumerate() {
            // All eight bytes: the next field overwrites those that are too many.
            let offset = self.offsets[field] as usize;
            let difference = value.wrapping_sub(self.bases[field]).to_le_bytes();
            packed[offset..offset + 8].copy_from_slice(&difference);
        }
        packed
    }

    #[inline]
    fn stride(&self) -> usize {
        self.offsets[FIELDS] as usize
    }
}

/// The last bytes of the rows, where there are fewer than eight.
#[inline(never)]
fn at_the_end(rest: &[u8]) -> [u8; 8] {
    let mut bytes = [0; 8];
    bytes[..rest.len()].copy_from_slice(rest);
    bytes
}

/// How many bytes a signed difference takes.
#[inline]
fn width_of(difference: u64) -> u8 {
    let difference = difference as i64;
    let bits = 64 - (difference ^ (difference >> 63)).leading_zeros();
    match difference {
        0 => 0,
        _ => (bits / 8 + 1) as u8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn widths() {
        for (difference, width) in [
            (0, 0),
            (1, 1),
            (127, 1),
            (128, 2),
            (-128, 1),
            (-129, 2),
            (32_767, 2),
            (32_768, 3),
            (i64::MAX, 8),
            (i64::MIN, 8),
        ] {
            assert_eq!(width_of(difference as u64), width, "{difference}");
        }
    }

    fn value() -> impl Strategy<Value = u64> {
        prop_oneof![0_u64..4, 0_u64..100_000, any::<u64>()]
    }

    proptest! {
        #[test]
        fn rows_are_as_they_were_put(
            puts in prop::collection::vec((any::<prop::sample::Index>(), prop::array::uniform7(value())), 1..60),
            shift in (any::<prop::sample::Index>(), 0..FIELDS, 0_u64..100_000),
            split in any::<prop::sample::Index>(),
        ) {
            let (mut rows, mut naive) = (Rows::default(), Vec::new());
            for (index, row) in puts {
                let index = index.index(naive.len() + 1);
                rows.insert(index, &row);
                naive.insert(index, row);
            }
            // Ends of lines grow from row to row, and only they are shifted.
            let (first, field, by) = shift;
            let first = first.index(naive.len());
            for (row, values) in naive.iter_mut().enumerate() {
                values[field] = row as u64 * 90;
            }
            let mut sorted = Rows::default();
            for row in &naive {
                sorted.insert(sorted.len(), row);
            }
            sorted.shift(first, field, by);
            for row in &mut naive[first..] {
                row[field] += by;
            }
            let split = split.index(naive.len() + 1);
            let rest = sorted.split_off(split);
            let held = (0..sorted.len()).map(|row| sorted.get(row)).chain((0..rest.len()).map(|row| rest.get(row)));
            prop_assert_eq!(held.collect::<Vec<_>>(), naive);
            prop_assert_eq!(rows.len(), sorted.len() + rest.len());
        }
    }
}
