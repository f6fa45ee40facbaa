//! Memos and effects whose machinery is in the app once, and not once for each type and closure:
//! that was a twentieth of the download (docs/decisions/0006-size.md).

use leptos::prelude::{Effect, Get, GetUntracked, Memo as Plain};
use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

/// What follows from signals, computed when they change and somebody looks; who reads it is told
/// where it has changed. As in Leptos.
pub struct Memo<T> {
    held: Plain<Held>,
    kind: PhantomData<fn() -> T>,
}

impl<T: PartialEq + Send + Sync + 'static> Memo<T> {
    /// Computes by `compute`; what it is given means nothing.
    pub fn new(compute: impl Fn(()) -> T + Send + Sync + 'static) -> Self {
        Self {
            held: plain(Box::new(move || Held(Arc::new(compute(()))))),
            kind: PhantomData,
        }
    }

    /// Reads it, and again when it has changed.
    pub fn with<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        self.held.get().read(read)
    }

    /// Reads it once.
    pub fn with_untracked<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        self.held.get_untracked().read(read)
    }
}

impl<T: Clone + PartialEq + Send + Sync + 'static> Memo<T> {
    /// A copy, and another when it has changed.
    pub fn get(&self) -> T {
        self.with(T::clone)
    }

    /// A copy.
    pub fn get_untracked(&self) -> T {
        self.with_untracked(T::clone)
    }
}

impl<T> Clone for Memo<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Memo<T> {}

/// Runs once, and again whenever what it has read changes.
pub fn effect(run: impl FnMut() + 'static) {
    run_boxed(Box::new(run));
}

fn run_boxed(run: Box<dyn FnMut()>) {
    Effect::new(run);
}

fn plain(compute: Box<dyn Fn() -> Held + Send + Sync>) -> Plain<Held> {
    Plain::new(move |_| compute())
}

/// A value of whatever type.
#[derive(Clone)]
struct Held(Arc<dyn Value>);

impl Held {
    fn read<T: 'static, R>(&self, read: impl FnOnce(&T) -> R) -> R {
        match self.0.any().downcast_ref() {
            Some(value) => read(value),
            None => unreachable!("a memo holds what it was made with"),
        }
    }
}

impl PartialEq for Held {
    fn eq(&self, other: &Self) -> bool {
        self.0.is(other.0.any())
    }
}

trait Value: Send + Sync {
    fn any(&self) -> &dyn Any;
    fn is(&self, other: &dyn Any) -> bool;
}

impl<T: PartialEq + Send + Sync + 'static> Value for T {
    fn any(&self) -> &dyn Any {
        self
    }

    fn is(&self, other: &dyn Any) -> bool {
        other.downcast_ref().is_some_and(|other| self == other)
    }
}
