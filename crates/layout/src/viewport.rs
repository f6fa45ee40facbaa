//! Pan and zoom of a canvas: which part of the world is on screen, and how large.

use crate::geom::{Point, Rect};

/// Pan and zoom. A value: every change gives a new one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Viewport {
    /// The world's point in the screen's top-left corner.
    origin: Point,
    /// Screen pixels for one of the world's; positive and finite.
    zoom: f64,
    limits: ZoomLimits,
}

/// The range zooming stays in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ZoomLimits {
    /// The farthest out, above zero.
    pub min: f64,
    /// The nearest in, not below `min`.
    pub max: f64,
}

/// The size of the canvas, in CSS pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ScreenSize {
    /// From left to right.
    pub width: f64,
    /// From top to bottom.
    pub height: f64,
}

impl Viewport {
    /// The world as it is, its origin in the corner. Limits that make no sense fall back to the default.
    pub fn new(limits: ZoomLimits) -> Self {
        let sound = limits.min > 0.0 && limits.max >= limits.min && limits.max.is_finite();
        let limits = if sound { limits } else { ZoomLimits::default() };
        Self {
            origin: Point::default(),
            zoom: 1.0_f64.clamp(limits.min, limits.max),
            limits,
        }
    }

    /// Screen pixels for one of the world's.
    pub fn zoom(&self) -> f64 {
        self.zoom
    }

    /// Where a point of the world appears.
    pub fn screen_from_world(&self, world: Point) -> Point {
        let (dx, dy) = (world.x - self.origin.x, world.y - self.origin.y);
        Point::new(dx * self.zoom, dy * self.zoom)
    }

    /// What point of the world appears there.
    pub fn world_from_screen(&self, screen: Point) -> Point {
        Point::new(
            screen.x / self.zoom + self.origin.x,
            screen.y / self.zoom + self.origin.y,
        )
    }

    /// The part of the world on a screen of this size; what lies outside need not be painted.
    pub fn visible(&self, screen: ScreenSize) -> Rect {
        let (width, height) = (screen.width / self.zoom, screen.height / self.zoom);
        Rect::new(self.origin.x, self.origin.y, width, height)
    }

    /// Zooms by `factor`, within the limits; what is under `pointer` (on screen) stays there. A factor that is not a positive
    /// number changes nothing.
    pub fn zoom_about(self, pointer: Point, factor: f64) -> Self {
        if !(factor > 0.0 && factor.is_finite() && pointer.is_finite()) {
            return self;
        }
        let zoom = (self.zoom * factor).clamp(self.limits.min, self.limits.max);
        let fixed = self.world_from_screen(pointer);
        let origin = Point::new(fixed.x - pointer.x / zoom, fixed.y - pointer.y / zoom);
        Self {
            origin,
            zoom,
            ..self
        }
    }

    /// Moves the picture by `(dx, dy)` screen pixels, as a drag does.
    pub fn pan(self, dx: f64, dy: f64) -> Self {
        if !Point::new(dx, dy).is_finite() {
            return self;
        }
        let origin = Point::new(
            self.origin.x - dx / self.zoom,
            self.origin.y - dy / self.zoom,
        );
        Self { origin, ..self }
    }

    /// Brings a point of the world to the middle of the screen, at the same zoom.
    pub fn centre_on(self, world: Point, screen: ScreenSize) -> Self {
        if !world.is_finite() {
            return self;
        }
        let origin = Point::new(
            world.x - screen.width / self.zoom / 2.0,
            world.y - screen.height / self.zoom / 2.0,
        );
        Self { origin, ..self }
    }

    /// Shows all of `bounds`, in the middle, with `padding` screen pixels around; as near as the limits allow, and never larger
    /// than life.
    pub fn fit(self, bounds: Rect, screen: ScreenSize, padding: f64) -> Self {
        let room = |length: f64| (length - 2.0 * padding).max(1.0);
        let across = room(screen.width) / bounds.width.max(f64::MIN_POSITIVE);
        let down = room(screen.height) / bounds.height.max(f64::MIN_POSITIVE);
        let nearest = self.limits.max.min(1.0).max(self.limits.min);
        let zoom = across.min(down).clamp(self.limits.min, nearest);
        Self { zoom, ..self }.centre_on(bounds.centre(), screen)
    }
}

impl Default for Viewport {
    fn default() -> Self {
        Self::new(ZoomLimits::default())
    }
}

impl Default for ZoomLimits {
    fn default() -> Self {
        // 10,000 nodes in a square layout still fit a small screen at 1 : 100.
        Self {
            min: 0.01,
            max: 4.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SCREEN: ScreenSize = ScreenSize {
        width: 800.0,
        height: 600.0,
    };

    fn near(a: Point, b: Point) -> bool {
        (a.x - b.x).abs() < 1e-6 && (a.y - b.y).abs() < 1e-6
    }

    #[test]
    fn fit_shows_all_of_the_bounds_in_the_middle() {
        for bounds in [
            Rect::new(-50.0, 20.0, 4000.0, 100.0),
            Rect::new(0.0, 0.0, 10.0, 9000.0),
            Rect::new(5.0, 5.0, 0.0, 0.0),
        ] {
            let viewport = Viewport::default().fit(bounds, SCREEN, 20.0);
            let seen = viewport.visible(SCREEN);
            assert!(near(seen.centre(), bounds.centre()), "{seen:?}");
            assert!(seen.contains(Point::new(bounds.x, bounds.y)), "{seen:?}");
            assert!(
                seen.contains(Point::new(bounds.right(), bounds.bottom())),
                "{seen:?}"
            );
            assert!(viewport.zoom() <= 1.0);
        }
    }

    #[test]
    fn zoom_stops_at_its_limits() {
        let limits = ZoomLimits { min: 0.5, max: 2.0 };
        let pointer = Point::new(10.0, 10.0);
        assert_eq!(Viewport::new(limits).zoom_about(pointer, 100.0).zoom(), 2.0);
        assert_eq!(Viewport::new(limits).zoom_about(pointer, 0.001).zoom(), 0.5);
    }

    #[test]
    fn senseless_input_changes_nothing() {
        let viewport = Viewport::default().pan(3.0, 4.0);
        let pointer = Point::default();
        for factor in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(viewport.zoom_about(pointer, factor), viewport);
        }
        assert_eq!(viewport.pan(f64::NAN, 0.0), viewport);
        let senseless = ZoomLimits {
            min: -1.0,
            max: f64::NAN,
        };
        assert_eq!(Viewport::new(senseless), Viewport::default());
    }

    #[test]
    fn pan_moves_the_picture_with_the_hand() {
        let viewport = Viewport::default()
            .zoom_about(Point::default(), 2.0)
            .pan(30.0, -10.0);
        assert!(near(
            viewport.screen_from_world(Point::default()),
            Point::new(30.0, -10.0)
        ));
    }

    proptest! {
        #[test]
        fn both_ways_agree_and_the_pointer_stays(
            x in -1e4..1e4, y in -1e4..1e4, factor in 0.1..10.0, dx in -500.0..500.0,
        ) {
            let pointer = Point::new(x, y);
            let viewport = Viewport::default().pan(dx, -dx).zoom_about(Point::new(dx, 1.0), 0.3);
            let under = viewport.world_from_screen(pointer);
            prop_assert!(near(viewport.screen_from_world(under), pointer));
            let zoomed = viewport.zoom_about(pointer, factor);
            prop_assert!(near(zoomed.screen_from_world(under), pointer));
        }
    }
}
