//! A field in front of the page with a list below: a few letters narrow it, arrows choose, Enter takes.

use crate::state::reactive::{Memo, effect};
use crate::view::parts::icon::{Icon, IconView};
use crate::view::parts::live::{live, on, value, words};
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html;
use leptos::prelude::*;

/// Rows by which Page Up and Page Down move.
const PAGE: usize = 8;

/// A row of the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PickerRow {
    /// What it is called.
    pub name: String,
    /// What else is to be said of it.
    pub note: String,
    /// What it is one of, or the keys that do the same.
    pub kind: String,
    /// An icon before it.
    pub icon: Option<Icon>,
    /// The state whose colour the icon has.
    pub state: Option<&'static str>,
}

/// What a picker shows and does.
pub struct Picker {
    /// Of the dialog, the field and the list.
    pub label: &'static str,
    /// What may be typed.
    pub hint: &'static str,
    /// What was typed.
    pub query: RwSignal<String>,
    /// The rows shown: so few that drawing them all costs nothing.
    pub rows: Memo<Vec<PickerRow>>,
    /// How many there are, or why there is none.
    pub status: Memo<String>,
    /// Takes a row, after the picker has closed.
    pub take: Box<dyn Fn(usize)>,
    /// It has closed, by whatever way.
    pub closed: Box<dyn Fn()>,
}

#[derive(Clone, Copy)]
struct Parts {
    dialog: NodeRef<html::Dialog>,
    list: NodeRef<html::Ul>,
    rows: Memo<Vec<PickerRow>>,
    active: RwSignal<usize>,
    take: StoredValue<Box<dyn Fn(usize)>, LocalStorage>,
    closed: StoredValue<Box<dyn Fn()>, LocalStorage>,
}

impl Parts {
    /// The row that Enter takes; rows may have become fewer meanwhile.
    fn chosen(&self) -> Option<usize> {
        let last = self.rows.with(Vec::len).checked_sub(1)?;
        Some(self.active.get().min(last))
    }

    /// The dialog gives the focus back before anything is done with the row.
    fn take(&self, row: usize) {
        self.close();
        self.take.with_value(|take| take(row));
    }

    /// The dialog's own event comes some time later: keys pressed meanwhile are meant for the page.
    fn close(&self) {
        if let Some(dialog) = self.dialog.try_get_untracked().flatten() {
            dialog.close();
        }
        self.closed.try_with_value(|closed| closed());
    }

    /// The event of a dialog that stood here before may come when this one is open already.
    fn closed_by_browser(&self) {
        let dialog = self.dialog.try_get_untracked().flatten();
        if !dialog.is_some_and(|dialog| dialog.open()) {
            self.close();
        }
    }

    fn press(&self, event: &KeyboardEvent) {
        if event.key() == "Escape" && !event.is_composing() {
            event.prevent_default();
            return self.close();
        }
        let Some(chosen) = untrack(|| self.chosen()) else {
            return;
        };
        let last = self.rows.with_untracked(Vec::len) - 1;
        let next = match event.key().as_str() {
            "ArrowDown" => {
                if chosen == last {
                    0
                } else {
                    chosen + 1
                }
            }
            "ArrowUp" => chosen.checked_sub(1).unwrap_or(last),
            "PageDown" => (chosen + PAGE).min(last),
            "PageUp" => chosen.saturating_sub(PAGE),
            "Enter" if !event.is_composing() => {
                event.prevent_default();
                return self.take(chosen);
            }
            _ => return,
        };
        event.prevent_default();
        self.active.set(next);
        self.reveal(next);
    }

    /// Scrolls the list, and nothing else, so far that a row is seen.
    fn reveal(&self, row: usize) {
        let Some(list) = self.list.get_untracked() else {
            return;
        };
        let Some(item) = list.children().item(row as u32) else {
            return;
        };
        let (room, item) = (
            list.get_bounding_client_rect(),
            item.get_bounding_client_rect(),
        );
        let above = room.top() - item.top();
        let below = item.bottom() - room.bottom();
        let by = if above > 0.0 { -above } else { below.max(0.0) };
        list.set_scroll_top(list.scroll_top() + by as i32);
    }
}

/// The dialog; it is open as long as it is on the page.
pub fn picker(picker: Picker) -> impl IntoView {
    let Picker {
        label,
        hint,
        query,
        rows,
        status,
        take,
        closed,
    } = picker;
    let parts = Parts {
        dialog: NodeRef::new(),
        list: NodeRef::new(),
        rows,
        active: RwSignal::new(0),
        take: StoredValue::new_local(take),
        closed: StoredValue::new_local(closed),
    };
    effect(move || {
        if let Some(dialog) = parts.dialog.get()
            && !dialog.open()
        {
            // Fails only where it is open already.
            dialog.show_modal().ok();
        }
    });
    let input = move |event| {
        query.set(event_target_value(&event));
        parts.active.set(0);
        if let Some(list) = parts.list.get_untracked() {
            list.set_scroll_top(0);
        }
    };
    let active = move || parts.chosen().map(row_id);
    view! {
        <dialog
            class="picker"
            aria-label=label
            node_ref=parts.dialog
            on:close=on(move |_| parts.closed_by_browser())
            on:click=on(move |event| close_outside(parts, &event))
        >
            <label class="picker__field">
                <IconView icon=Icon::Search />
                <input
                    type="text"
                    role="combobox"
                    aria-label=label
                    aria-expanded="true"
                    aria-controls="picker-list"
                    aria-autocomplete="list"
                    aria-activedescendant=active
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    autofocus
                    placeholder=hint
                    prop:value=value(move || query.get())
                    on:input=on(input)
                    on:keydown=on(move |event| parts.press(&event))
                />
            </label>
            <ul class="picker__list" id="picker-list" role="listbox" aria-label=label node_ref=parts.list>
                {live(move || rows.get().into_iter().enumerate().map(|(row, shown)| option(parts, row, shown)).collect_view())}
            </ul>
            <p class="picker__status numbers" role="status">{live(move || status.get())}</p>
        </dialog>
    }
}

fn option(parts: Parts, row: usize, shown: PickerRow) -> impl IntoView {
    let PickerRow {
        name,
        note,
        kind,
        icon,
        state,
    } = shown;
    view! {
        <li
            class="picker__row"
            id=row_id(row)
            role="option"
            aria-selected=words(move || (parts.chosen() == Some(row)).to_string())
            data-state=state
            // The field keeps the focus.
            on:mousedown=on(|event: MouseEvent| event.prevent_default())
            on:click=on(move |_| parts.take(row))
        >
            <span class="picker__icon">{icon.map(|icon| view! { <IconView icon /> })}</span>
            <span class="picker__name">{name}</span>
            <span class="picker__note">{note}</span>
            <span class="picker__kind">{kind}</span>
        </li>
    }
}

/// A press on what lies around the dialog is a press on the dialog itself, not on what it holds.
fn close_outside(parts: Parts, event: &MouseEvent) {
    if event.target() == event.current_target() {
        parts.close();
    }
}

fn row_id(row: usize) -> String {
    format!("picker-{row}")
}
