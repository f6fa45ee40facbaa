//! What each press does, and that keys, list and document are one.

use super::*;

fn press(key: &str) -> Press {
    Press {
        key: key.to_owned(),
        ..key::plain("").press()
    }
}

#[test]
fn presses_do_what_the_table_says() {
    let shift = |key: &str| Press {
        shift: true,
        ..press(key)
    };
    let ctrl = |key: &str| Press {
        ctrl: true,
        ..press(key)
    };
    let meta = |key: &str| Press {
        meta: true,
        ..press(key)
    };
    let held = |key: &str| Press {
        repeat: true,
        ..press(key)
    };
    let on_button = |key: &str| Press {
        place: Place::Button,
        ..press(key)
    };
    let in_field = |press: Press| Press {
        place: Place::Field,
        ..press
    };
    let on_mac = |press: Press| Press {
        keyboard: Keyboard::Mac,
        ..press
    };
    for (press, act) in [
        (press(" "), Some(Act::TogglePlay)),
        (press("k"), Some(Act::TogglePlay)),
        // Shift Lock.
        (press("K"), Some(Act::TogglePlay)),
        (press("l"), Some(Act::Follow)),
        (shift("L"), Some(Act::ToggleLoop)),
        (press("."), Some(Act::NextEvent)),
        (press("n"), Some(Act::NextOfNode)),
        (shift("N"), Some(Act::PreviousOfNode)),
        // Shift Lock and Shift write a small letter.
        (shift("n"), Some(Act::PreviousOfNode)),
        // Signs need Shift on some keyboards and not on others.
        (shift("?"), Some(Act::Keys)),
        (press("?"), Some(Act::Keys)),
        (shift("/"), Some(Act::Search)),
        (shift(">"), Some(Act::Faster)),
        (shift("K"), None),
        (press("x"), None),
        (press("Enter"), None),
        (press("Dead"), None),
        (press(""), None),
        // With other keys they are the browser's, or the screen reader's.
        (ctrl("l"), None),
        (ctrl("1"), None),
        (meta("w"), None),
        (ctrl("p"), None),
        (ctrl(" "), None),
        (
            Press {
                alt: true,
                ..press("d")
            },
            None,
        ),
        (
            Press {
                alt: true,
                ..ctrl(" ")
            },
            None,
        ),
        (ctrl("k"), Some(Act::Palette)),
        (meta("k"), Some(Act::Palette)),
        (
            Press {
                meta: true,
                ..ctrl("k")
            },
            None,
        ),
        (
            Press {
                shift: true,
                ..ctrl("k")
            },
            None,
        ),
        (held("."), Some(Act::NextEvent)),
        (held(" "), None),
        (held("y"), None),
        // A button's own keys.
        (on_button(" "), None),
        (on_button("Enter"), None),
        (on_button("."), Some(Act::NextEvent)),
        // Who types means letters.
        (in_field(press(".")), None),
        (in_field(press(" ")), None),
        (in_field(shift("?")), None),
        (in_field(ctrl("k")), Some(Act::Palette)),
        (in_field(on_mac(ctrl("k"))), None),
        (in_field(on_mac(meta("k"))), Some(Act::Palette)),
        (
            Press {
                taken: true,
                ..press(".")
            },
            None,
        ),
    ] {
        assert_eq!(pressed(&press, true), act, "{press:?}");
    }
}

#[test]
fn every_key_does_its_command_and_letters_can_be_turned_off() {
    for command in &COMMANDS {
        for key in command.keys {
            let press = key.press();
            assert_eq!(
                pressed(&press, true),
                Some(command.act),
                "{}",
                key.label(Keyboard::Pc)
            );
            let without = Some(command.act).filter(|_| key.is_chord());
            assert_eq!(
                pressed(&press, false),
                without,
                "{}",
                key.label(Keyboard::Pc)
            );
        }
    }
}

#[test]
fn every_command_is_there_once_and_every_key_does_one_thing() {
    for (number, command) in COMMANDS.iter().enumerate() {
        for other in &COMMANDS[number + 1..] {
            assert_ne!(command.act, other.act);
            assert_ne!(command.name, other.name);
            for key in command.keys {
                assert!(
                    !other.keys.contains(key),
                    "{} twice",
                    key.label(Keyboard::Pc)
                );
            }
        }
        assert_eq!(super::command(command.act).name, command.name);
    }
    for tab in Tab::ALL {
        assert_eq!(
            super::command(Act::Show(tab)).act,
            Act::Show(tab),
            "{tab:?}"
        );
    }
    for (act, keyboard, says) in [
        (Act::TogglePlay, Keyboard::Pc, "Play or pause (Space or K)"),
        (Act::PreviousGap, Keyboard::Pc, "Previous gap (Shift+G)"),
        (
            Act::Palette,
            Keyboard::Mac,
            "Find steps, moments and commands (⌘+K)",
        ),
        (
            Act::Refresh,
            Keyboard::Pc,
            "Refresh: fetch everything again",
        ),
    ] {
        assert_eq!(tip(act, keyboard), says);
    }
}

#[test]
fn the_document_lists_the_same() {
    let document = include_str!("../../../docs/keys.md");
    let listed = as_markdown();
    assert!(
        document.ends_with(&listed),
        "docs/keys.md must end with this:\n{listed}"
    );
}
