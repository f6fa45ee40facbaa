//! The list of keys, made from the table that the keys themselves come from; and what was said.

use crate::state::Desk;
use crate::state::commands::{COMMANDS, Command, ELSEWHERE, Group, Key, Keyboard};
use crate::state::desk::Overlay;
use crate::state::reactive::effect;
use crate::view::parts::icon::{Icon, IconView};
use crate::view::parts::live::{flag, live, on};
use leptos::ev::{Event, KeyboardEvent, MouseEvent};
use leptos::html;
use leptos::prelude::*;

/// The dialog, while it is open.
#[component]
pub fn KeysDialog(desk: Desk) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    effect(move || {
        if let Some(dialog) = dialog.get()
            && !dialog.open()
        {
            // Fails only where it is open already.
            dialog.show_modal().ok();
        }
    });
    // The dialog's own event comes some time later: keys pressed meanwhile are meant for the page.
    let close = move || {
        if let Some(dialog) = dialog.try_get_untracked().flatten() {
            dialog.close();
        }
        if desk.overlay.get_untracked() == Overlay::Keys {
            desk.overlay.set(Overlay::None);
        }
    };
    // The event of a dialog that stood here before may come when this one is open already.
    let closed = move |_| {
        let dialog = dialog.try_get_untracked().flatten();
        if !dialog.is_some_and(|dialog| dialog.open()) {
            close();
        }
    };
    let press = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            close();
        }
    };
    let outside = move |event: MouseEvent| {
        if event.target() == event.current_target() {
            close();
        }
    };
    let letters = move |event: Event| desk.set_letters(event_target_checked(&event));
    view! {
        <dialog class="keys" aria-labelledby="keys-title" node_ref=dialog on:close=on(closed) on:click=on(outside) on:keydown=on(press)>
            <div class="keys__head">
                <h2 id="keys-title">"Keyboard shortcuts"</h2>
                <button class="button button--quiet button--icon" aria-label="Close" autofocus on:click=on(move |_| close())>
                    <IconView icon=Icon::Cross />
                </button>
            </div>
            <div class="keys__body" tabindex="0" role="region" aria-label="All keys">
                {Group::ALL.into_iter().map(|each| group(each, desk.keyboard)).collect_view()}
                <section class="keys__group">
                    <h3>"While a part has the focus"</h3>
                    <dl class="keys__list">
                        {ELSEWHERE.into_iter().map(|(place, keys, what)| view! {
                            <div>
                                <dt>{format!("{what} ({place})")}</dt>
                                <dd>{keys.split([' ', ',']).filter(|key| !key.is_empty()).map(|key| view! { <kbd>{key}</kbd> }).collect_view()}</dd>
                            </div>
                        }).collect_view()}
                    </dl>
                </section>
            </div>
            <label class="keys__letters">
                <input type="checkbox" prop:checked=flag(move || desk.letters.get()) on:change=on(letters) />
                <span>"Keys without Ctrl or Command do something. Turn this off when you speak to your computer."</span>
            </label>
        </dialog>
    }
}

fn group(group: Group, keyboard: Keyboard) -> impl IntoView {
    let commands = COMMANDS
        .iter()
        .filter(move |command| command.group == group && !command.keys.is_empty());
    view! {
        <section class="keys__group">
            <h3>{group.label()}</h3>
            <dl class="keys__list">{commands.map(|command| row(command, keyboard)).collect_view()}</dl>
        </section>
    }
}

fn row(command: &'static Command, keyboard: Keyboard) -> impl IntoView {
    view! {
        <div>
            <dt>{command.name}</dt>
            <dd>{command.keys.iter().map(|key| keys(key, keyboard)).collect_view()}</dd>
        </div>
    }
}

fn keys(key: &Key, keyboard: Keyboard) -> impl IntoView {
    let label = key.label(keyboard);
    let parts: Vec<String> = label.split('+').map(str::to_owned).collect();
    // The key `+` itself would be two empty parts.
    let parts = if label == "+" { vec![label] } else { parts };
    view! { <span class="keys__keys">{parts.into_iter().map(|part| view! { <kbd>{part}</kbd> }).collect_view()}</span> }
}

/// What was said last, for eyes and screen readers, in front of everything but dialogs.
#[component]
pub fn Said(desk: Desk) -> impl IntoView {
    let address = move || desk.said.with(|said| said.address.clone());
    let field = NodeRef::<html::Input>::new();
    // Who comes to the address wants all of it.
    let select = move |_| {
        if let Some(field) = field.get_untracked() {
            field.select();
        }
    };
    view! {
        <div class="said" role="status" aria-label="Message">
            {live(move || desk.said.with(|said| (!said.words.is_empty()).then(|| view! { <span>{said.words.clone()}</span> })))}
            {live(move || address().map(|address| view! {
                <input class="said__address mono" aria-label="Link" readonly value=address node_ref=field on:focus=on(select) />
                <button class="button button--quiet" on:click=on(move |_| desk.hush())>"Close"</button>
            }))}
        </div>
    }
}
