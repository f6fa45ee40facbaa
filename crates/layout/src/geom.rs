//! Points and rectangles in the plane, y growing downwards.

/// A place, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// Distance from the left.
    pub x: f64,
    /// Distance from the top.
    pub y: f64,
}

/// An axis-aligned rectangle: its top-left corner and its size, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Left side.
    pub x: f64,
    /// Top side.
    pub y: f64,
    /// Extent to the right, not negative.
    pub width: f64,
    /// Extent downwards, not negative.
    pub height: f64,
}

impl Point {
    /// The point at `(x, y)`.
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// Whether both coordinates are finite numbers.
    pub fn is_finite(self) -> bool {
        self.x.is_finite() && self.y.is_finite()
    }
}

impl Rect {
    /// The rectangle with its top-left corner at `(x, y)`.
    pub const fn new(x: f64, y: f64, width: f64, height: f64) -> Self {
        Self {
            x,
            y,
            width,
            height,
        }
    }

    /// Right side.
    pub fn right(&self) -> f64 {
        self.x + self.width
    }

    /// Bottom side.
    pub fn bottom(&self) -> f64 {
        self.y + self.height
    }

    /// The middle.
    pub fn centre(&self) -> Point {
        Point::new(self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    /// Whether the point lies inside or on the border.
    pub fn contains(&self, point: Point) -> bool {
        point.x >= self.x
            && point.x <= self.right()
            && point.y >= self.y
            && point.y <= self.bottom()
    }

    /// Whether the two share a point; touching borders count.
    pub fn intersects(&self, other: &Rect) -> bool {
        self.x <= other.right()
            && other.x <= self.right()
            && self.y <= other.bottom()
            && other.y <= self.bottom()
    }

    /// The smallest rectangle around both.
    pub fn union(&self, other: &Rect) -> Rect {
        let x = self.x.min(other.x);
        let y = self.y.min(other.y);
        Rect::new(
            x,
            y,
            self.right().max(other.right()) - x,
            self.bottom().max(other.bottom()) - y,
        )
    }

    /// The same rectangle grown by `by` pixels on every side.
    pub fn inflate(&self, by: f64) -> Rect {
        Rect::new(
            self.x - by,
            self.y - by,
            self.width + 2.0 * by,
            self.height + 2.0 * by,
        )
    }

    /// The same rectangle moved.
    pub fn translate(&self, dx: f64, dy: f64) -> Rect {
        Rect::new(self.x + dx, self.y + dy, self.width, self.height)
    }

    /// The smallest rectangle around all points, or `None` when there are none.
    pub fn around(points: impl IntoIterator<Item = Point>) -> Option<Rect> {
        let mut points = points.into_iter();
        let first = points.next()?;
        let (mut low, mut high) = (first, first);
        for point in points {
            low = Point::new(low.x.min(point.x), low.y.min(point.y));
            high = Point::new(high.x.max(point.x), high.y.max(point.y));
        }
        Some(Rect::new(low.x, low.y, high.x - low.x, high.y - low.y))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn around_encloses_every_point() {
        let points = [
            Point::new(3.0, 1.0),
            Point::new(-1.0, 4.0),
            Point::new(0.0, 0.0),
        ];
        assert_eq!(Rect::around(points), Some(Rect::new(-1.0, 0.0, 4.0, 4.0)));
        assert_eq!(Rect::around([]), None);
    }

    #[test]
    fn rectangles_that_touch_intersect_and_those_apart_do_not() {
        let rect = Rect::new(0.0, 0.0, 10.0, 10.0);
        assert!(rect.intersects(&Rect::new(10.0, 10.0, 1.0, 1.0)));
        assert!(!rect.intersects(&Rect::new(10.1, 0.0, 1.0, 1.0)));
    }
}
