//! What stands in front of a run's page for a moment: a dialog, a few words; and what only the
//! browser can do for a command.

use crate::state::commands::Keyboard;
use leptos::prelude::*;

/// What is open in front of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overlay {
    /// Nothing.
    #[default]
    None,
    /// The list of keys.
    Keys,
    /// The palette.
    Palette,
    /// The list of runs.
    Runs,
}

/// What was said last, and how it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// The words; empty when all was said.
    pub words: String,
    /// What the words are about and cannot do by themselves: an address to copy by hand.
    pub address: Option<String>,
    /// Counts what was said, as the same may be said twice.
    pub number: u32,
}

/// What the page does on request.
pub struct DeskServices {
    /// Puts the focus into the search field.
    pub search: Box<dyn Fn()>,
    /// Copies a link to what is shown, and says so.
    pub copy_link: Box<dyn Fn()>,
    /// Keeps whether letters are keys, for the next visit.
    pub keep_letters: Box<dyn Fn(bool)>,
}

/// A handle.
#[derive(Clone, Copy)]
pub struct Desk {
    /// What is open.
    pub overlay: RwSignal<Overlay>,
    /// What was said last.
    pub said: RwSignal<Said>,
    /// Whether keys without Ctrl or Command do anything.
    pub letters: RwSignal<bool>,
    /// Whose keys are written on buttons and in lists.
    pub keyboard: Keyboard,
    services: StoredValue<Option<DeskServices>, LocalStorage>,
}

impl Desk {
    /// Nothing open, nothing said.
    pub fn new(letters: bool, keyboard: Keyboard) -> Self {
        Self {
            overlay: RwSignal::default(),
            said: RwSignal::default(),
            letters: RwSignal::new(letters),
            keyboard,
            services: StoredValue::new_local(None),
        }
    }

    /// For the app: what is done on request.
    pub fn provide(&self, services: DeskServices) {
        self.services.set_value(Some(services));
    }

    /// Says a few words, for eyes and screen readers.
    pub fn say(&self, words: &str) {
        self.say_with(words, None);
    }

    /// As [`Self::say`], with an address to be copied by hand.
    pub fn say_with(&self, words: &str, address: Option<String>) {
        self.said.try_update(|said| {
            *said = Said {
                words: words.to_owned(),
                address,
                number: said.number.wrapping_add(1),
            };
        });
    }

    /// Says no more.
    pub fn hush(&self) {
        if self.said.try_with_untracked(|said| !said.words.is_empty()) == Some(true) {
            self.said.update(|said| {
                said.words.clear();
                said.address = None;
            });
        }
    }

    /// Puts the focus into the search field.
    pub fn search(&self) {
        self.with(|services| (services.search)());
    }

    /// Copies a link to what is shown.
    pub fn copy_link(&self) {
        self.with(|services| (services.copy_link)());
    }

    /// Whether keys without Ctrl or Command do anything, from now on.
    pub fn set_letters(&self, letters: bool) {
        self.letters.set(letters);
        self.with(|services| (services.keep_letters)(letters));
    }

    fn with(&self, ask: impl FnOnce(&DeskServices)) {
        self.services.with_value(|services| {
            if let Some(services) = services {
                ask(services);
            }
        });
    }
}
