//! The whole run at a glance, and in it the window that is in view: taken by an edge, by its middle, or set down anew.

use super::camera::{Bounds, Camera};

/// What of the window a pointer took hold of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grip {
    /// The edge where it begins.
    Left,
    /// The edge where it ends.
    Right,
    /// All of it.
    Middle,
    /// The time before and after it.
    Outside,
}

/// The strip: all of the run over `width` pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overview {
    /// The run's time.
    pub bounds: Bounds,
    /// In pixels.
    pub width: f64,
}

/// The least width of the window as it is drawn and taken hold of, in pixels.
const MIN_WINDOW: f64 = 6.0;

impl Overview {
    /// Where the window begins and ends, in pixels, not narrower than can be seen.
    pub fn window(&self, camera: Camera) -> (f64, f64) {
        let (from, to) = camera.view(&self.bounds);
        let (left, right) = (self.px(from), self.px(to));
        let missing = (MIN_WINDOW - (right - left)).max(0.0);
        let left = (left - missing / 2.0).min(self.width - MIN_WINDOW).max(0.0);
        (
            left,
            (right + missing / 2.0)
                .max(left + MIN_WINDOW)
                .min(self.width.max(MIN_WINDOW)),
        )
    }

    /// What a pointer at `px` takes hold of; an edge is as wide as `tolerance` to both sides. Where both edges are in
    /// reach it is the nearer, and in a narrow window its middle third stays free to be taken.
    pub fn grip(&self, camera: Camera, px: f64, tolerance: f64) -> Grip {
        let (left, right) = self.window(camera);
        let inner = tolerance.min((right - left) / 3.0);
        if px < left - tolerance || px > right + tolerance {
            Grip::Outside
        } else if px <= left + inner {
            Grip::Left
        } else if px >= right - inner {
            Grip::Right
        } else {
            Grip::Middle
        }
    }

    /// The view when what was taken at the time of `held` is moved by `dx` pixels. Edges do not cross; a window pushed
    /// against an end of the run keeps its width.
    pub fn drag(&self, held: Camera, grip: Grip, dx: f64) -> Camera {
        let (from, to) = held.view(&self.bounds);
        let millis = dx * self.millis_per_px();
        let least = (self.millis_per_px() * MIN_WINDOW).min((to - from) * 0.999);
        match grip {
            Grip::Left => Camera::look(
                (from + millis)
                    .min(to - least)
                    .max(self.bounds.start as f64),
                to,
                &self.bounds,
            ),
            Grip::Right => match to + millis {
                end if end >= self.time(self.width) && held != Camera::Whole => Camera::Whole
                    .zoom_about(
                        &self.bounds,
                        1.0,
                        self.millis() / (self.time(self.width) - from),
                    ),
                end => Camera::look(
                    from,
                    end.max(from + least).min(self.time(self.width)),
                    &self.bounds,
                ),
            },
            Grip::Middle => held.pan(&self.bounds, millis),
            Grip::Outside => held,
        }
    }

    /// The view with its middle at `px`.
    pub fn recentre(&self, camera: Camera, px: f64) -> Camera {
        let (from, to) = camera.view(&self.bounds);
        camera.pan(&self.bounds, self.time(px) - f64::midpoint(from, to))
    }

    /// The view with one edge, or all of it, moved by a share of what is in view, as keys do.
    pub fn nudge(&self, camera: Camera, grip: Grip, share: f64) -> Camera {
        let (from, to) = camera.view(&self.bounds);
        self.drag(camera, grip, (to - from) * share / self.millis_per_px())
    }

    /// Milliseconds a pixel stands for.
    pub fn millis_per_px(&self) -> f64 {
        self.millis() / self.width.max(1.0)
    }

    fn millis(&self) -> f64 {
        let (from, to) = Camera::Whole.view(&self.bounds);
        to - from
    }

    fn px(&self, time: f64) -> f64 {
        (time - self.bounds.start as f64) / self.millis_per_px()
    }

    fn time(&self, px: f64) -> f64 {
        self.bounds.start as f64 + px * self.millis_per_px()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// 10 ms a pixel.
    const STRIP: Overview = Overview {
        bounds: Bounds {
            start: 0,
            end: 10_000,
        },
        width: 1_000.0,
    };
    const WINDOW: Camera = Camera::Fixed {
        from: 2_000.0,
        to: 4_000.0,
    };
    const NARROW: Camera = Camera::Fixed {
        from: 2_000.0,
        to: 2_010.0,
    };

    #[test]
    fn a_pointer_takes_what_is_under_it() {
        for (camera, px, tolerance, grip) in [
            (WINDOW, 195.0, 4.0, Grip::Outside),
            (WINDOW, 196.0, 4.0, Grip::Left),
            (WINDOW, 204.0, 4.0, Grip::Left),
            (WINDOW, 205.0, 4.0, Grip::Middle),
            (WINDOW, 397.0, 4.0, Grip::Right),
            (WINDOW, 404.0, 4.0, Grip::Right),
            (WINDOW, 405.0, 4.0, Grip::Outside),
            (WINDOW, 415.0, 22.0, Grip::Right),
            // As wide as can be seen, not as it is; its middle can be taken still.
            (NARROW, 200.5, 22.0, Grip::Middle),
            (NARROW, 197.0, 22.0, Grip::Left),
            (NARROW, 204.0, 22.0, Grip::Right),
            (Camera::Whole, 500.0, 4.0, Grip::Middle),
        ] {
            assert_eq!(STRIP.grip(camera, px, tolerance), grip, "{camera:?} {px}");
        }
        assert_eq!(STRIP.window(NARROW), (197.5, 203.5));
    }

    #[test]
    fn drags_move_edges_and_window() {
        for (grip, dx, view) in [
            (Grip::Left, 50.0, (2_500.0, 4_000.0)),
            (Grip::Left, -500.0, (0.0, 4_000.0)),
            (Grip::Left, 900.0, (3_940.0, 4_000.0)),
            (Grip::Right, 100.0, (2_000.0, 5_000.0)),
            (Grip::Right, -900.0, (2_000.0, 2_060.0)),
            (Grip::Right, 900.0, (2_000.0, 10_000.0)),
            (Grip::Middle, 100.0, (3_000.0, 5_000.0)),
            (Grip::Middle, -900.0, (0.0, 2_000.0)),
            (Grip::Outside, 100.0, (2_000.0, 4_000.0)),
        ] {
            assert_eq!(
                STRIP.drag(WINDOW, grip, dx).view(&STRIP.bounds),
                view,
                "{grip:?} {dx}"
            );
        }
        assert_eq!(
            STRIP.drag(WINDOW, Grip::Middle, 900.0),
            Camera::Following { span: 2_000.0 }
        );
        assert_eq!(
            STRIP.drag(WINDOW, Grip::Right, 900.0),
            Camera::Following { span: 8_000.0 }
        );
        // From the whole run an edge can be drawn in.
        assert_eq!(
            STRIP
                .drag(Camera::Whole, Grip::Right, -500.0)
                .view(&STRIP.bounds),
            (0.0, 5_000.0)
        );
    }

    #[test]
    fn a_click_sets_the_middle_and_keys_move_by_a_part() {
        assert_eq!(
            STRIP.recentre(WINDOW, 700.0).view(&STRIP.bounds),
            (6_000.0, 8_000.0)
        );
        assert_eq!(
            STRIP.recentre(WINDOW, 10.0).view(&STRIP.bounds),
            (0.0, 2_000.0)
        );
        assert_eq!(
            STRIP.nudge(WINDOW, Grip::Middle, 0.1).view(&STRIP.bounds),
            (2_200.0, 4_200.0)
        );
        assert_eq!(
            STRIP.nudge(WINDOW, Grip::Left, -0.1).view(&STRIP.bounds),
            (1_800.0, 4_000.0)
        );
    }

    proptest! {
        #[test]
        fn no_drag_leaves_the_run(
            end in 0_i64..100_000,
            width in 1.0..2_000.0_f64,
            moves in prop::collection::vec((0_usize..4, -3_000.0..3_000.0_f64), 1..20),
        ) {
            let strip = Overview { bounds: Bounds { start: 0, end }, width };
            let mut camera = Camera::Whole;
            for (grip, dx) in moves {
                camera = strip.drag(camera, [Grip::Left, Grip::Right, Grip::Middle, Grip::Outside][grip], dx);
                let (from, to) = camera.view(&strip.bounds);
                prop_assert!(from >= -1e-6 && to <= (end as f64).max(10.0) + 1e-6 && to - from >= 9.999);
                let (left, right) = strip.window(camera);
                prop_assert!(left >= 0.0 && right - left >= 5.999);
            }
        }
    }
}
