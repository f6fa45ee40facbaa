//! The rows in view: as many as fit, written anew once a frame, and scrolled to the end while the reader follows it.

use crate::dom::canvas::Resized;
use crate::dom::frame::{self, Turn, Wants};
use crate::state::reactive::effect;
use crate::view::logs::rows::{Line, Rows};
use crate::view::logs::slot::{Row, Slot};
use crate::view::parts::icon::{Icon, IconView};
use crate::view::parts::live::{on, showing};
use leptos::html;
use leptos::prelude::*;
use std::ops::Range;

/// Height of a row, in pixels.
const ROW: f64 = 20.0;
/// Rows kept above and below those in view.
const OVERSCAN: usize = 3;

/// What of the rows is in view, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Sight {
    top: f64,
    height: f64,
}

impl Sight {
    /// So many rows it takes at most.
    fn rows(self) -> usize {
        (self.height / ROW).ceil() as usize + 1 + 2 * OVERSCAN
    }
}

/// What stands in the document, and how it is shown. A handle: copying it copies nothing.
#[derive(Clone, Copy)]
struct Pool {
    rows: Rows,
    scroll: NodeRef<html::Div>,
    /// As tall as all rows.
    space: NodeRef<html::Div>,
    /// Those in the document.
    page: NodeRef<html::Div>,
    slots: StoredValue<Vec<Slot>>,
    /// How many slots there are.
    size: RwSignal<usize>,
    sight: StoredValue<Sight>,
    /// Whether the reader is at the end, and stays there.
    follows: RwSignal<bool>,
    /// The widest of the rows, as their [`Line::columns`].
    columns: StoredValue<usize>,
    stale: StoredValue<bool>,
}

/// The rows. They follow the end until the reader scrolls away from it.
#[component]
pub fn Lines(rows: Rows) -> impl IntoView {
    let sight = Sight {
        top: 0.0,
        height: 400.0,
    };
    let pool = Pool {
        rows,
        scroll: NodeRef::new(),
        space: NodeRef::new(),
        page: NodeRef::new(),
        slots: StoredValue::new(Vec::new()),
        size: RwSignal::new(sight.rows()),
        sight: StoredValue::new(sight),
        follows: RwSignal::new(true),
        columns: StoredValue::new(0),
        stale: StoredValue::new(true),
    };
    mount(pool);
    let row = move |_| {
        let slot = Slot::new();
        pool.slots.update_value(|slots| slots.push(slot));
        pool.paint_soon();
        view! { <Row place=slot rows /> }
    };
    let follows = pool.follows;
    view! {
        <div class="logs__view">
            <div class="logs__scroll" role="log" aria-label="Logs" tabindex="0" node_ref=pool.scroll on:scroll=on(move |_| pool.scrolled())>
                <div class="logs__space" node_ref=pool.space>
                    <div class="logs__page" node_ref=pool.page>
                        <For each=move || 0..pool.size.get() key=|slot| *slot children=row />
                    </div>
                </div>
            </div>
            {showing(move || !follows.get(), move || view! { <button class="button logs__follow" on:click=on(move |_| follows.set(true))>
                    <IconView icon=Icon::Down />
                    "Follow the end"
                </button> })}
        </div>
    }
}

/// Ties the rows to the frame loop.
fn mount(pool: Pool) {
    let resized = StoredValue::new_local(None);
    effect(move || {
        if let Some(scroll) = pool.scroll.get() {
            resized.set_value(Some(Resized::watch(&scroll, move || pool.look())));
        }
    });
    let turn = StoredValue::new_local(Some(frame::subscribe(Turn::Paint, move |_| {
        pool.paint();
        Wants::Rest
    })));
    on_cleanup(move || {
        turn.try_set_value(None);
    });
    effect(move || {
        pool.rows.len();
        pool.follows.get();
        pool.paint_soon();
    });
}

impl Pool {
    /// Has the rows written in the next frame. Frames that others ask for leave them as they are.
    fn paint_soon(&self) {
        self.stale.set_value(true);
        frame::request();
    }

    /// Sees what is in view now.
    fn look(&self) {
        let Some(scroll) = self.scroll.try_get_untracked().flatten() else {
            return;
        };
        let now = Sight {
            top: f64::from(scroll.scroll_top()),
            height: f64::from(scroll.client_height()),
        };
        if self.sight.get_value() != now {
            self.sight.set_value(now);
            if self.size.get_untracked() < now.rows() {
                self.size.set(now.rows());
            }
            self.paint_soon();
        }
    }

    fn scrolled(&self) {
        self.look();
        let Sight { top, height } = self.sight.get_value();
        let follows = top + height >= self.rows.len_untracked() as f64 * ROW - ROW;
        if self.follows.get_untracked() != follows {
            self.follows.set(follows);
        }
    }

    /// All that is written to the document is written before the scroll position, which lays it out.
    fn paint(&self) {
        if !self.stale.try_get_value().unwrap_or(false) {
            return;
        }
        let refs = (self.space.get_untracked(), self.page.get_untracked());
        let (Some(scroll), (Some(space), Some(page))) = (self.scroll.get_untracked(), refs) else {
            return;
        };
        self.stale.set_value(false);
        let (count, follows) = (self.rows.len_untracked(), self.follows.get_untracked());
        let shown = window(self.sight.get_value(), count, follows);
        space.style(("height", format!("{}px", count as f64 * ROW)));
        page.style(("top", format!("{}px", shown.start as f64 * ROW)));
        let mut columns = 0;
        self.slots.with_value(|slots| {
            for (slot, row) in slots.iter().zip(shown.start..) {
                let line = shown.contains(&row).then(|| self.rows.line(row)).flatten();
                columns = columns.max(line.as_ref().map_or(0, Line::columns));
                slot.say(line);
            }
        });
        if self.columns.get_value() != columns {
            self.columns.set_value(columns);
            page.style(("--columns", columns.to_string()));
        }
        if follows {
            scroll.set_scroll_top((count as f64 * ROW) as i32);
        }
    }
}

/// The rows that are in the document.
fn window(sight: Sight, count: usize, follows: bool) -> Range<usize> {
    let top = match follows {
        true => (count as f64 * ROW - sight.height).max(0.0),
        false => sight.top,
    };
    let first = (top / ROW) as usize;
    let last = ((top + sight.height) / ROW) as usize;
    first.saturating_sub(OVERSCAN).min(count)..last.saturating_add(1 + OVERSCAN).min(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_is_what_is_in_view_and_a_little_more() {
        for (top, height, count, follows, rows) in [
            (0.0, 400.0, 0, true, 0..0),
            (0.0, 400.0, 3, true, 0..3),
            (0.0, 400.0, 100, true, 77..100),
            (0.0, 400.0, 100, false, 0..24),
            (990.0, 400.0, 100, false, 46..73),
            (1e300, 400.0, 100, false, 100..100),
        ] {
            let sight = Sight { top, height };
            let found = window(sight, count, follows);
            assert_eq!(found, rows, "{sight:?} {count} {follows}");
            assert!(found.len() <= sight.rows());
        }
    }
}
