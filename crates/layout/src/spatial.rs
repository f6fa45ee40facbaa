//! Finds rectangles by place: what to paint in view, what lies under the pointer.

use std::ops::RangeInclusive;

use crate::geom::{Point, Rect};

/// A rectangle over more cells than this is kept in a list of its own, so that a few long edges cannot fill the grid.
const MAX_CELLS_EACH: usize = 64;

/// A uniform grid over rectangles, known by their index.
///
/// For edges, index their bounds and then ask [`EdgePath::distance_to`](crate::dag::EdgePath::distance_to) of the few found.
#[derive(Clone, Debug, Default)]
pub struct SpatialIndex {
    rects: Vec<Option<Rect>>,
    bounds: Rect,
    columns: usize,
    rows: usize,
    /// For each cell, row by row, where its entries start; one more at the end.
    start: Vec<u32>,
    entries: Vec<u32>,
    /// Those over too many cells, ascending.
    large: Vec<u32>,
}

/// The cells a rectangle covers.
struct Cells {
    columns: RangeInclusive<usize>,
    rows: RangeInclusive<usize>,
}

impl SpatialIndex {
    /// Indexes the rectangles; `None`, and any that is not made of finite numbers, keeps its index but is never found.
    pub fn new(rects: impl IntoIterator<Item = Option<Rect>>) -> Self {
        let rects: Vec<Option<Rect>> = rects
            .into_iter()
            .map(|rect| rect.filter(is_finite))
            .collect();
        let Some(bounds) = rects
            .iter()
            .flatten()
            .copied()
            .reduce(|all, rect| all.union(&rect))
        else {
            return Self {
                rects,
                ..Self::default()
            };
        };
        let (columns, rows) = shape(bounds, rects.len());
        let mut index = Self {
            rects,
            bounds,
            columns,
            rows,
            ..Self::default()
        };
        index.fill();
        index
    }

    /// The rectangles that share a point with `area`, ascending.
    pub fn query(&self, area: Rect) -> Vec<u32> {
        if self.columns == 0 || !is_finite(&area) || !area.intersects(&self.bounds) {
            return Vec::new();
        }
        let asked = self.cells(&area);
        let mut found: Vec<u32> = Vec::new();
        for row in asked.rows.clone() {
            for column in asked.columns.clone() {
                for &i in self.cell(column, row) {
                    // A rectangle over several cells counts in the first that was asked for.
                    let is_first = self.rects[i as usize].is_some_and(|rect| {
                        let own = self.cells(&rect);
                        column == *own.columns.start().max(asked.columns.start())
                            && row == *own.rows.start().max(asked.rows.start())
                            && rect.intersects(&area)
                    });
                    if is_first {
                        found.push(i);
                    }
                }
            }
        }
        let touches = |&&i: &&u32| self.rects[i as usize].is_some_and(|r| r.intersects(&area));
        found.extend(self.large.iter().filter(touches));
        found.sort_unstable();
        found
    }

    /// The last rectangle, and so the one painted on top, that contains `point`.
    pub fn hit(&self, point: Point) -> Option<u32> {
        self.query(Rect::new(point.x, point.y, 0.0, 0.0)).pop()
    }

    fn fill(&mut self) {
        let mut placed: Vec<(usize, u32)> = Vec::with_capacity(self.rects.len());
        for (i, rect) in (0u32..).zip(&self.rects) {
            let Some(rect) = rect else { continue };
            let cells = self.cells(rect);
            if cells.rows.clone().count() * cells.columns.clone().count() > MAX_CELLS_EACH {
                self.large.push(i);
                continue;
            }
            for row in cells.rows {
                placed.extend(
                    cells
                        .columns
                        .clone()
                        .map(|column| (row * self.columns + column, i)),
                );
            }
        }
        self.start = vec![0; self.columns * self.rows + 1];
        for &(cell, _) in &placed {
            self.start[cell + 1] += 1;
        }
        for cell in 1..self.start.len() {
            self.start[cell] += self.start[cell - 1];
        }
        placed.sort_unstable();
        self.entries = placed.into_iter().map(|(_, i)| i).collect();
    }

    fn cell(&self, column: usize, row: usize) -> &[u32] {
        let cell = row * self.columns + column;
        &self.entries[self.start[cell] as usize..self.start[cell + 1] as usize]
    }

    fn cells(&self, rect: &Rect) -> Cells {
        let slot = |at: f64, from: f64, length: f64, count: usize| {
            // The cast saturates: what lies outside falls into the outermost cells.
            (((at - from) / length.max(f64::MIN_POSITIVE) * count as f64) as usize).min(count - 1)
        };
        let column = |x| slot(x, self.bounds.x, self.bounds.width, self.columns);
        let row = |y| slot(y, self.bounds.y, self.bounds.height, self.rows);
        Cells {
            columns: column(rect.x)..=column(rect.right()),
            rows: row(rect.y)..=row(rect.bottom()),
        }
    }
}

/// About as many cells as rectangles, near square.
fn shape(bounds: Rect, count: usize) -> (usize, usize) {
    let count = count.max(1) as f64;
    let columns = (count * bounds.width.max(1.0) / bounds.height.max(1.0)).sqrt();
    let columns = columns.clamp(1.0, count);
    (columns.ceil() as usize, (count / columns).ceil() as usize)
}

fn is_finite(rect: &Rect) -> bool {
    [rect.x, rect.y, rect.width, rect.height]
        .into_iter()
        .all(f64::is_finite)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_topmost_rectangle_is_hit() {
        let rects = [
            Rect::new(0.0, 0.0, 10.0, 10.0),
            Rect::new(5.0, 5.0, 10.0, 10.0),
        ];
        let index = SpatialIndex::new(rects.map(Some));
        for (point, expected) in [
            (Point::new(1.0, 1.0), Some(0)),
            (Point::new(7.0, 7.0), Some(1)),
            (Point::new(14.0, 14.0), Some(1)),
            (Point::new(14.0, 1.0), None),
            (Point::new(f64::NAN, 1.0), None),
        ] {
            assert_eq!(index.hit(point), expected, "{point:?}");
        }
    }

    #[test]
    fn nothing_is_found_where_nothing_is() {
        assert!(
            SpatialIndex::new([])
                .query(Rect::new(0.0, 0.0, 1.0, 1.0))
                .is_empty()
        );
        let unusable = [None, Some(Rect::new(f64::NAN, 0.0, 1.0, 1.0))];
        assert_eq!(SpatialIndex::new(unusable).hit(Point::new(0.0, 0.0)), None);
    }

    fn any_rect() -> impl Strategy<Value = Rect> {
        let length = prop_oneof![Just(0.0), 0.0..40.0, 0.0..900.0];
        (-500.0..500.0, -500.0..500.0, length.clone(), length)
            .prop_map(|(x, y, width, height)| Rect::new(x, y, width, height))
    }

    proptest! {
        #[test]
        fn query_finds_what_a_look_at_each_finds(
            rects in prop::collection::vec(any_rect(), 0..120),
            area in any_rect(),
        ) {
            let index = SpatialIndex::new(rects.iter().copied().map(Some));
            let expected: Vec<u32> = (0u32..)
                .zip(&rects)
                .filter(|(_, rect)| rect.intersects(&area))
                .map(|(i, _)| i)
                .collect();
            prop_assert_eq!(index.query(area), expected);
        }
    }
}
