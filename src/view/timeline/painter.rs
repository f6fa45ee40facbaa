//! Paints the timeline: ruler and density, a lane a node, its attempts as bars, the playhead over all.

use crate::dom::canvas::{self, Context, token};
use crate::view::parts::time::clock;
use crate::view::timeline::Lanes;
use layout::timeline::{Interval, LaneShape, Tick, TimeScale, bars, density, lanes_in_view, ticks};
use model::playhead::Extent;
use model::{Millis, NodeState};

/// Height of the ruler with its density, in pixels.
pub const RULER: f64 = 30.0;
/// Height of a lane, in pixels.
pub const LANE: f64 = 20.0;
/// Free at the right, in pixels; equal to the slider's inset.
const INSET: f64 = 12.0;
/// Width of a bucket of the density strip, in pixels.
const BUCKET: f64 = 3.0;

/// Colours and fonts, read once a theme.
pub struct Palette {
    states: Vec<String>,
    surface: String,
    line: String,
    muted: String,
    accent: String,
    accent_soft: String,
    font: String,
}

impl Palette {
    /// The colours as the theme has them now.
    pub fn read() -> Self {
        let name = |state: &NodeState| match state {
            NodeState::AwaitingInput => "awaiting".to_owned(),
            state => state.as_str().to_owned(),
        };
        Self {
            states: NodeState::ALL
                .iter()
                .map(|state| token(&format!("--{}", name(state))))
                .collect(),
            surface: token("--surface"),
            line: token("--line"),
            muted: token("--muted"),
            accent: token("--accent"),
            accent_soft: token("--accent-soft"),
            font: token("--font"),
        }
    }
}

/// What a frame shows.
pub struct Picture<'a> {
    pub lanes: &'a Lanes,
    pub extent: Extent,
    pub at: Millis,
    /// How far the lanes are scrolled, in pixels.
    pub top: f64,
    pub selected: Option<&'a str>,
}

/// Where time lies, for clicks.
pub struct Strip {
    /// Width of the labels, in pixels.
    pub gutter: f64,
    /// Time to pixels right of the gutter.
    pub scale: TimeScale,
}

/// Paints a frame of `(width, height)` pixels.
pub fn paint(
    context: &Context,
    palette: &Palette,
    (width, height): (f64, f64),
    picture: &Picture<'_>,
) -> Strip {
    let gutter: f64 = if width < 700.0 { 92.0 } else { 150.0 };
    let extent = picture.extent;
    let scale = TimeScale::fit(
        extent.start.0,
        extent.end.0.max(extent.start.0 + 1),
        (width - gutter - INSET).max(1.0),
    );
    let strip = Strip { gutter, scale };
    context.set_text_baseline("middle");
    let marks = ticks(&strip.scale, extent.start.0, 70.0);
    context.set_fill_style_str(&palette.line);
    for tick in &marks {
        context.fill_rect(gutter + tick.px, RULER, 1.0, height - RULER);
    }
    lanes(context, palette, &strip, picture, width, height);
    ruler(context, palette, &strip, picture, &marks, width);
    playhead(context, palette, &strip, picture, height);
    strip
}

fn ruler(
    context: &Context,
    palette: &Palette,
    strip: &Strip,
    picture: &Picture<'_>,
    marks: &[Tick],
    width: f64,
) {
    context.set_fill_style_str(&palette.surface);
    context.fill_rect(0.0, 0.0, width, RULER);
    let counts = density(&picture.lanes.times, &strip.scale, BUCKET);
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    context.set_fill_style_str(&palette.accent_soft);
    for (bucket, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        // A square root keeps single events visible beside bursts.
        let tall = (f64::from(*count) / f64::from(most)).sqrt() * (RULER - 14.0);
        context.fill_rect(
            strip.gutter + bucket as f64 * BUCKET,
            RULER - tall.max(2.0),
            BUCKET - 1.0,
            tall.max(2.0),
        );
    }
    context.set_font(&format!("10px {}", palette.font));
    for tick in marks {
        let x = strip.gutter + tick.px;
        context.set_fill_style_str(&palette.line);
        context.fill_rect(x, 0.0, 1.0, RULER);
        context.set_fill_style_str(&palette.muted);
        context.fill_text(&tick.to_string(), x + 4.0, 8.0).ok();
    }
    context.set_fill_style_str(&palette.line);
    context.fill_rect(0.0, RULER - 1.0, width, 1.0);
}

fn lanes(
    context: &Context,
    palette: &Palette,
    strip: &Strip,
    picture: &Picture<'_>,
    width: f64,
    height: f64,
) {
    let shape = LaneShape {
        pitch: LANE,
        bar: 12.0,
        min_width: 3.0,
    };
    let visible = lanes_in_view(&shape, picture.top, height - RULER);
    context.set_font(&format!("11px {}", palette.font));
    for lane in visible.clone() {
        let Some((_, reference, label)) = picture.lanes.nodes.get(lane as usize) else {
            break;
        };
        let y = RULER + f64::from(lane) * LANE - picture.top;
        if picture.selected == Some(reference) {
            context.set_fill_style_str(&palette.accent_soft);
            context.fill_rect(0.0, y, width, LANE);
        }
        context.set_fill_style_str(&palette.muted);
        // The canvas squeezes what is a little too long; much too long is cut.
        let label: String = label.chars().take(28).collect();
        context
            .fill_text_with_max_width(&label, 12.0, y + LANE / 2.0, strip.gutter - 20.0)
            .ok();
    }
    let lane = |node: model::NodeIx| picture.lanes.lane_of.get(node.index()).copied().flatten();
    let drawn: Vec<_> = picture
        .lanes
        .attempts
        .iter()
        .filter_map(|attempt| Some((attempt, lane(attempt.node)?)))
        .collect();
    let intervals: Vec<_> = drawn
        .iter()
        .map(|(attempt, lane)| Interval {
            lane: *lane,
            from: attempt.from.0,
            to: attempt.to.map(|to| to.0),
        })
        .collect();
    for bar in bars(
        &intervals,
        &strip.scale,
        &shape,
        visible,
        picture.extent.end.0,
    ) {
        let (attempt, _) = drawn[bar.interval as usize];
        let ended = attempt.to.is_some() || !picture.extent.growing;
        let state = match attempt.outcome {
            outcome if outcome.is_active() && ended => NodeState::Canceled,
            outcome => outcome,
        };
        context.set_fill_style_str(&palette.states[state as usize]);
        context.set_global_alpha(if attempt.from > picture.at { 0.35 } else { 1.0 });
        context.begin_path();
        canvas::round_rect(
            context,
            strip.gutter + bar.rect.x,
            RULER + bar.rect.y - picture.top,
            bar.rect.width,
            bar.rect.height,
            3.0,
        );
        context.fill();
    }
    context.set_global_alpha(1.0);
}

fn playhead(
    context: &Context,
    palette: &Palette,
    strip: &Strip,
    picture: &Picture<'_>,
    height: f64,
) {
    let px = strip
        .scale
        .px_from_time(picture.at.0)
        .clamp(0.0, strip.scale.width());
    let x = strip.gutter + px;
    context.set_fill_style_str(&palette.accent);
    context.fill_rect(x - 1.0, 0.0, 2.0, height);
    let text = clock((picture.at - picture.extent.start).0);
    context.set_font(&format!("600 10px {}", palette.font));
    let wide = canvas::text_width(context, &text) + 12.0;
    let left = (x - wide / 2.0).clamp(
        strip.gutter,
        (strip.gutter + strip.scale.width() - wide).max(strip.gutter),
    );
    context.begin_path();
    canvas::round_rect(context, left, 13.0, wide, 15.0, 7.0);
    context.fill();
    context.set_fill_style_str(&palette.surface);
    context.fill_text(&text, left + 6.0, 21.0).ok();
}
