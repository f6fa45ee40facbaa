//! The screen on the page: opened once, then moved with the playhead, at most once a frame.

use super::player::{Doing, Player};
use super::theme::theme;
use crate::dom::canvas;
use crate::dom::frame::{self, Turn, Wants};
use crate::dom::xterm::Screen;
use crate::state::RunStore;
use crate::state::reactive::{Memo, effect};
use crate::state::work::AtWork;
use crate::view::parts::empty::Empty;
use crate::view::parts::live::live;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::NodeIx;
use model::channel::terminal::Terminal;
use std::cell::RefCell;
use std::rc::Rc;

/// What the page keeps of it between frames; no signal holds any of it.
struct Shown {
    player: Player,
    aim: Option<Aim>,
    /// Whether it has moved since the last frame: it moves again in the next one at the earliest.
    moved: bool,
    /// Held while the place wanted is not shown.
    awaited: Option<AtWork>,
}

/// Where the playhead is in a terminal.
#[derive(Clone, Copy, PartialEq)]
struct Aim {
    node: NodeIx,
    place: usize,
    rewrites: usize,
}

/// The terminal of `node` at the playhead.
#[component]
pub fn ScreenView(store: RunStore, node: Memo<Option<NodeIx>>) -> impl IntoView {
    let place = NodeRef::<html::Div>::new();
    let shown: Rc<RefCell<Option<Shown>>> = Rc::default();
    let opened = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let held = StoredValue::new_local((None, None));
    let opening = shown.clone();
    effect(move || {
        let Some(place) = place.get() else { return };
        let work = store.work().begin();
        let (shown, themed, framed) = (opening.clone(), opening.clone(), opening.clone());
        let recolour = move || {
            if let Some(shown) = themed.borrow().as_ref() {
                shown.player.set_theme(&theme());
            }
        };
        let subscription = frame::subscribe(Turn::Paint, move |elapsed| {
            let mut shown = framed.borrow_mut();
            let frame = shown.as_mut().map(|shown| shown.frame(&store, elapsed));
            tell(frame, error)
        });
        held.set_value((canvas::on_theme_change(recolour), Some(subscription)));
        spawn_local(async move {
            match Screen::open(place.into(), &theme()).await {
                Ok(screen) => {
                    *shown.borrow_mut() = Some(Shown {
                        player: Player::new(screen),
                        aim: None,
                        moved: false,
                        awaited: None,
                    });
                    // The panel may have been left while xterm.js was on its way.
                    opened.try_set(true);
                }
                Err(why) => {
                    error.try_set(Some(why));
                }
            }
            drop(work);
        });
    });
    effect(move || {
        let (Some(node), true, at) = (node.get(), opened.get(), store.at()) else {
            return;
        };
        let aim = store.journal(|journal| {
            let terminal = journal.terminals().of(node)?;
            Some(Aim {
                node,
                place: terminal.place_at(at),
                rewrites: terminal.rewrites(),
            })
        });
        let mut shown = shown.borrow_mut();
        let moved = shown.as_mut().map(|shown| shown.aim(&store, aim));
        if tell(moved, error) == Wants::Another {
            frame::request();
        }
    });
    view! {
        {live(move || error.get().map(|why| view! { <Empty title="The terminal cannot be shown" hint=why /> }))}
        <div class="terminal__screen" node_ref=place></div>
    }
}

/// An error is shown; what there is to do wants frames.
fn tell(done: Option<Result<Doing, String>>, error: RwSignal<Option<String>>) -> Wants {
    match done {
        None | Some(Ok(Doing::Rest)) => Wants::Rest,
        Some(Ok(Doing::Ahead | Doing::Awaited)) => Wants::Another,
        Some(Err(why)) => {
            error.try_set(Some(why));
            Wants::Another
        }
    }
}

impl Shown {
    /// The playhead is there now: the screen goes along at once, but only once a frame.
    fn aim(&mut self, store: &RunStore, aim: Option<Aim>) -> Result<Doing, String> {
        if self.aim == aim {
            return Ok(Doing::Rest);
        }
        if self.aim.map(|aim| aim.node) != aim.map(|aim| aim.node) {
            self.player.turn();
        }
        self.aim = aim;
        if std::mem::replace(&mut self.moved, true) {
            self.awaited.get_or_insert_with(|| store.work().begin());
            return Ok(Doing::Awaited);
        }
        self.perform(store, |player, terminal, place| {
            player.show(terminal, place)
        })?;
        // The next frame says that another move is welcome.
        Ok(Doing::Ahead)
    }

    fn frame(&mut self, store: &RunStore, elapsed: f64) -> Result<Doing, String> {
        self.moved = false;
        self.perform(store, |player, terminal, place| {
            player.frame(terminal, place, elapsed)
        })
    }

    fn perform(
        &mut self,
        store: &RunStore,
        work: impl FnOnce(&mut Player, &Terminal, usize) -> Result<Doing, String>,
    ) -> Result<Doing, String> {
        let player = &mut self.player;
        let aim = self.aim;
        let done = store.journal_untracked(|journal| {
            let aim = aim?;
            let terminal = journal.terminals().of(aim.node)?;
            // What came late is not shown behind a pause: the aim says when it is.
            let is_current = terminal.rewrites() == aim.rewrites;
            is_current.then(|| work(player, terminal, aim.place))
        });
        let doing = done.unwrap_or(Ok(Doing::Rest));
        self.awaited = match doing {
            Ok(Doing::Awaited) => self.awaited.take().or_else(|| Some(store.work().begin())),
            Ok(Doing::Ahead | Doing::Rest) | Err(_) => None,
        };
        doing
    }
}
