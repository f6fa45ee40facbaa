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
    length: usize,
    bytes: Vec<u8>,
}

impl Rows {
    pub fn len(&self) -> usize {
        self.length
    }

    /// Bytes of memory taken.
    pub fn weight(&self) -> usize {
        self.bytes.capacity()
    }

    pub fn get(&self, row: usize) -> Row {
        let mut offset = row * self.stride();
        std::array::from_fn(|field| {
            let width = self.widths[field] as usize;
            let value = self.bases[field].wrapping_add(self.read(offset, width));
            offset += width;
            value
        })
    }

    #[inline]
    pub fn field(&self, row: usize, field: usize) -> u64 {
        let offset = row * self.stride() + self.offset(field);
        self.bases[field].wrapping_add(self.read(offset, self.widths[field] as usize))
    }

    pub fn insert(&mut self, index: usize, row: &Row) {
        if self.length == 0 {
            self.bases = *row;
        }
        self.make_room(row);
        let (stride, at) = (self.stride(), index * self.stride());
        if at == self.bytes.len() {
            self.bytes.resize(at + stride, 0);
        } else {
            self.bytes.splice(at..at, std::iter::repeat_n(0, stride));
        }
        self.length += 1;
        self.write(index, row);
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
        let (stride, width) = (self.stride(), self.widths[field] as usize);
        let mut offset = first * stride + self.offset(field);
        for _ in first..self.length {
            let moved = self.read(offset, width).wrapping_add(by).to_le_bytes();
            self.bytes[offset..offset + width].copy_from_slice(&moved[..width]);
            offset += stride;
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
        let narrow = self.clone();
        self.widths = widths;
        self.bytes.clear();
        self.bytes.resize(self.length * self.stride(), 0);
        for row in 0..self.length {
            self.write(row, &narrow.get(row));
        }
    }

    fn write(&mut self, row: usize, values: &Row) {
        let mut offset = row * self.stride();
        for (field, value) in values.iter().enumerate() {
            let width = self.widths[field] as usize;
            let bytes = value.wrapping_sub(self.bases[field]).to_le_bytes();
            self.bytes[offset..offset + width].copy_from_slice(&bytes[..width]);
            offset += width;
        }
    }

    #[inline]
    fn read(&self, offset: usize, width: usize) -> u64 {
        let Some(last) = width.checked_sub(1) else {
            return 0;
        };
        let bytes = &self.bytes[offset..offset + width];
        let above = bytes[..last].iter().rev();
        let sign = i64::from(bytes[last] as i8) as u64;
        above.fold(sign, |value, byte| value << 8 | u64::from(*byte))
    }

    #[inline]
    fn stride(&self) -> usize {
        self.offset(FIELDS)
    }

    #[inline]
    fn offset(&self, field: usize) -> usize {
        self.widths[..field]
            .iter()
            .map(|width| *width as usize)
            .sum()
    }
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
