//! The whole run: how much was recorded when, what failed, and the window that is in view.

use super::{Picture, hatch};
use crate::view::timeline::facts::BUCKET;
use crate::view::timeline::shape::DENSITY;
use layout::timeline::Camera;

/// The strip and the band below it; the window's handles stand in the document, over the band.
pub fn paint(picture: &Picture<'_>) {
    let frame = picture.frame;
    let (gutter, wide) = (frame.gutter, frame.overview.width);
    picture.fill(&picture.palette.surface);
    picture.rect(0.0, 0.0, frame.width, picture.frame.ruler_top);
    picture.fill(&picture.palette.raised);
    picture.rect(gutter, DENSITY, wide, picture.frame.band);
    let scale = Camera::Whole.scale(&frame.bounds, wide);
    for quiet in picture.facts.quiet_within(&scale) {
        let (left, right) = (
            scale.px_from_time(quiet.from.0),
            scale.px_from_time(quiet.to.0),
        );
        hatch::paint(picture, (gutter + left, 0.0), (right - left, DENSITY));
    }
    picture.font(400, 10);
    picture.fill(&picture.palette.muted);
    picture.text_within("Whole run", 10.0, DENSITY / 2.0 + 1.0, gutter - 16.0);
    recorded(picture);
    failed(picture);
    if let Some((from, to)) = picture.range {
        let (left, right) = (scale.px_from_time(from), scale.px_from_time(to));
        picture.fill(&picture.palette.accent);
        picture.rect(gutter + left, DENSITY - 2.0, (right - left).max(1.0), 2.0);
    }
    window(picture);
    picture.fill(&picture.palette.line);
    picture.rect(0.0, picture.frame.ruler_top - 1.0, frame.width, 1.0);
}

/// Where the playhead is in the whole run.
pub fn playhead(picture: &Picture<'_>) {
    let (gutter, wide) = (picture.frame.gutter, picture.frame.overview.width);
    let scale = Camera::Whole.scale(&picture.frame.bounds, wide);
    let at = scale.px_from_time(picture.at.0).clamp(0.0, wide);
    picture.fill(&picture.palette.accent);
    picture.rect(gutter + at - 1.0, 0.0, 2.0, DENSITY);
}

fn recorded(picture: &Picture<'_>) {
    let counts = picture.facts.recorded();
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    picture.fill(&picture.palette.line_strong);
    for (bucket, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        // A square root keeps single events visible beside bursts.
        let tall = ((f64::from(*count) / f64::from(most)).sqrt() * (DENSITY - 3.0)).max(2.0);
        picture.rect(
            picture.frame.gutter + bucket as f64 * BUCKET,
            DENSITY - tall,
            BUCKET - 1.0,
            tall,
        );
    }
}

fn failed(picture: &Picture<'_>) {
    picture.fill(picture.palette.solid(model::NodeState::Failed));
    let counts = picture.facts.failed().iter().enumerate();
    for (bucket, _) in counts.filter(|(_, count)| **count > 0) {
        picture.rect(
            picture.frame.gutter + bucket as f64 * BUCKET,
            DENSITY - 4.0,
            BUCKET - 1.0,
            4.0,
        );
    }
}

/// What is out of view is dimmed.
fn window(picture: &Picture<'_>) {
    let frame = picture.frame;
    let (from, to) = frame.scale.visible();
    let scale = Camera::Whole.scale(&frame.bounds, frame.overview.width);
    let (left, right) = (
        scale.px_from_time(from).max(0.0),
        scale.px_from_time(to).min(scale.width()),
    );
    picture.fill(&picture.palette.surface);
    picture.context.set_global_alpha(0.66);
    picture.rect(frame.gutter, 0.0, left, DENSITY);
    picture.rect(frame.gutter + right, 0.0, scale.width() - right, DENSITY);
    picture.context.set_global_alpha(1.0);
}
