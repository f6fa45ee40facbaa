//! Keys as people name them, and presses as they come.

/// A key, with Shift or with Ctrl (on a Mac: Command), or alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// What it writes, letters in lower case.
    writes: &'static str,
    with: With,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum With {
    Nothing,
    Shift,
    Command,
}

/// A key alone. What needs Shift on some keyboards, as `?`, is still that key alone.
pub const fn plain(writes: &'static str) -> Key {
    Key {
        writes,
        with: With::Nothing,
    }
}

/// A letter with Shift.
pub const fn shifted(writes: &'static str) -> Key {
    Key {
        writes,
        with: With::Shift,
    }
}

/// With Ctrl, or Command.
pub const fn chord(writes: &'static str) -> Key {
    Key {
        writes,
        with: With::Command,
    }
}

/// Where the focus is when a key is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Where keys mean nothing else.
    Free,
    /// On something that Space and Enter press.
    Button,
    /// Where one types, or chooses by typing.
    Field,
}

/// Which keys there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyboard {
    /// With Ctrl.
    Pc,
    /// With Command; Ctrl with a letter edits text.
    Mac,
}

/// A press of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Press {
    /// What it writes with the person's keyboard, or its name.
    pub key: String,
    /// Control was held.
    pub ctrl: bool,
    /// Command, or the Windows key, was held.
    pub meta: bool,
    /// Alt or Option was held.
    pub alt: bool,
    /// Shift was held.
    pub shift: bool,
    /// The key is held down.
    pub repeat: bool,
    /// It is part of a character that is being composed, or somebody has acted on it already.
    pub taken: bool,
    /// Where the focus is.
    pub place: Place,
    /// Of which keyboard.
    pub keyboard: Keyboard,
}

impl Key {
    /// As it is written on keyboards of this kind.
    pub fn label(&self, keyboard: Keyboard) -> String {
        let key = match self.writes {
            " " => "Space".to_owned(),
            other => other.to_uppercase(),
        };
        match self.with {
            With::Nothing => key,
            With::Shift => format!("Shift+{key}"),
            With::Command => match keyboard {
                Keyboard::Pc => format!("Ctrl+{key}"),
                Keyboard::Mac => format!("⌘+{key}"),
            },
        }
    }

    /// Whether it is pressed with Ctrl or Command.
    pub fn is_chord(&self) -> bool {
        self.with == With::Command
    }

    /// Whether a press is of this key, and of no other with the same letter.
    pub(super) fn is(&self, press: &Press) -> bool {
        let is_letter = self.writes.bytes().all(|byte| byte.is_ascii_lowercase());
        // Shift Lock writes capitals, and is no Shift.
        let same = match is_letter {
            true => press.key.to_lowercase() == self.writes,
            false => press.key == self.writes,
        };
        let held = match self.with {
            With::Command => press.ctrl != press.meta && !press.alt && !press.shift,
            _ if press.ctrl || press.meta || press.alt => false,
            With::Shift => press.shift,
            // Many keyboards write signs with Shift.
            With::Nothing => !is_letter || !press.shift,
        };
        same && held
    }
}

impl Press {
    /// Whether a key that is pressed here is meant for the page.
    pub(super) fn reaches(&self, key: &Key) -> bool {
        if self.taken {
            return false;
        }
        match self.place {
            Place::Free => true,
            Place::Button => key.writes != " ",
            Place::Field => key.is_chord() && !(self.keyboard == Keyboard::Mac && self.ctrl),
        }
    }
}

#[cfg(test)]
impl Key {
    /// A press of it, where keys mean nothing else.
    pub(super) fn press(&self) -> Press {
        Press {
            key: self.writes.to_owned(),
            ctrl: self.with == With::Command,
            meta: false,
            alt: false,
            shift: self.with == With::Shift,
            repeat: false,
            taken: false,
            place: Place::Free,
            keyboard: Keyboard::Pc,
        }
    }
}
