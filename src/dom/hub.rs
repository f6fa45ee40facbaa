//! The page's door to the shared worker that holds the streams of all tabs (`public/stream-hub.js`).

use crate::dom::fetch::{Fields, Head, Signal, bytes, head_of};
use crate::dom::listen::Listener;
use crate::dom::page;
use crate::dom::timer::{Ticker, Timer};
use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::StreamExt;
use js_sys::{Object, Reflect};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, MessagePort, SharedWorker};

/// A worker that has not said a word by then does not run.
const SILENT_MILLIS: i64 = 3_000;
/// The page tells that it is there this often; the hub forgets it after 150 s.
const HERE_MILLIS: u32 = 20_000;

thread_local! {
    static HUB: Option<Hub> = Hub::connect();
}

/// What came of asking for a stream.
pub enum Shared {
    /// It was answered.
    Answered(Head, Pieces),
    /// Other tabs use all the streams there may be.
    Full,
    /// There was no answer; what happened, for a person.
    Failed(String),
}

/// The body of a shared stream, whole frames at a time. Dropping it leaves the stream.
pub struct Pieces {
    id: u32,
    words: UnboundedReceiver<Word>,
    _aborted: Listener,
    _silent: Timer,
}

/// What the hub says about one request.
enum Word {
    Head(Head),
    Bytes(Vec<u8>),
    End(Option<String>),
    Full,
    /// Nothing: it does not run.
    Nothing,
}

/// Asks the hub for the stream; `None` where this browser has no shared workers.
pub async fn open(address: &str, after: Option<&str>, signal: &Signal) -> Option<Shared> {
    let mut pieces = HUB.with(|hub| hub.as_ref()?.ask(address, after, signal))?;
    Some(match pieces.words.next().await {
        Some(Word::Nothing) => return None,
        Some(Word::Head(head)) => Shared::Answered(head, pieces),
        Some(Word::Full) => Shared::Full,
        Some(Word::End(Some(error))) => {
            Shared::Failed(format!("no answer from the server ({error})"))
        }
        Some(Word::Bytes(_) | Word::End(None)) | None => {
            Shared::Failed("the stream ended before it began".to_owned())
        }
    })
}

/// Whether pages and hub have to do with few connections; where they do not, more tabs may stream.
fn is_plentiful() -> bool {
    page::protocol().is_some_and(|protocol| protocol == "h2" || protocol == "h3")
}

impl Pieces {
    /// The next piece; none at the end of the body. The error says how it broke.
    pub async fn next(&mut self) -> Option<Result<Vec<u8>, Broken>> {
        match self.words.next().await {
            Some(Word::Bytes(bytes)) => Some(Ok(bytes)),
            Some(Word::End(Some(error))) => Some(Err(Broken::Error(error))),
            Some(Word::Full) => Some(Err(Broken::NoRoom)),
            Some(Word::End(None) | Word::Head(_) | Word::Nothing) | None => None,
        }
    }
}

/// How a body broke.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broken {
    /// As the browser says it.
    Error(String),
    /// Another tab, which is looked at, took its place.
    NoRoom,
}

impl Drop for Pieces {
    fn drop(&mut self) {
        HUB.with(|hub| {
            if let Some(hub) = hub {
                hub.leave(self.id);
            }
        });
    }
}

struct Hub {
    port: MessagePort,
    asked: Rc<Asked>,
    _listeners: Vec<Listener>,
    _here: Ticker,
}

#[derive(Default)]
struct Asked {
    /// The worker has said something.
    alive: Cell<bool>,
    /// It is known not to run.
    broken: Cell<bool>,
    last: Cell<u32>,
    open: RefCell<HashMap<u32, UnboundedSender<Word>>>,
}

impl Hub {
    fn connect() -> Option<Self> {
        // Where a page's tests or its embedder took it away, the page streams by itself.
        Reflect::get(&js_sys::global(), &"SharedWorker".into())
            .ok()
            .filter(JsValue::is_function)?;
        let worker = SharedWorker::new("stream-hub.js").ok()?;
        let port = worker.port();
        let asked = Rc::new(Asked::default());
        let mut listeners = Vec::new();
        let hears = asked.clone();
        listeners.push(Listener::on(&port, "message", move |event| {
            if let Some(event) = event.dyn_ref::<MessageEvent>() {
                hears.take(&event.data());
            }
        }));
        // A worker that cannot be loaded never answers: who asked it is told.
        let fails = asked.clone();
        listeners.push(Listener::on(&worker, "error", move |_| fails.fail()));
        let tells = port.clone();
        listeners.extend(page::listen(move |event| {
            let visible = match event {
                page::PageEvent::Visible => true,
                page::PageEvent::Hidden => false,
                _ => return,
            };
            say(&tells, "visible", &[("visible", visible.into())]);
        }));
        port.start();
        let tells = port.clone();
        say(&port, "visible", &[("visible", page::is_visible().into())]);
        Some(Self {
            port,
            asked,
            _listeners: listeners,
            _here: Ticker::every(HERE_MILLIS, move || say(&tells, "here", &[])),
        })
    }

    /// `None` once it is known that the worker does not run.
    fn ask(&self, address: &str, after: Option<&str>, signal: &Signal) -> Option<Pieces> {
        if self.asked.broken.get() {
            return None;
        }
        let id = self.asked.last.get() + 1;
        self.asked.last.set(id);
        let (sender, words) = unbounded();
        let ends = self.asked.clone();
        let aborted = Listener::on(signal.target(), "abort", move |_| {
            ends.tell(id, Word::End(None));
        });
        self.asked.open.borrow_mut().insert(id, sender);
        let waits = self.asked.clone();
        let silent = Timer::after(SILENT_MILLIS, move || {
            if !waits.alive.get() {
                waits.broken.set(true);
                waits.tell(id, Word::Nothing);
            }
        });
        let fields = [
            ("id", id.into()),
            ("address", page::absolute(address).into()),
            ("after", after.map_or(JsValue::NULL, JsValue::from)),
            ("plenty", is_plentiful().into()),
        ];
        say(&self.port, "open", &fields);
        Some(Pieces {
            id,
            words,
            _aborted: aborted,
            _silent: silent,
        })
    }

    fn leave(&self, id: u32) {
        self.asked.open.borrow_mut().remove(&id);
        say(&self.port, "close", &[("id", id.into())]);
    }
}

impl Asked {
    fn take(&self, message: &JsValue) {
        self.alive.set(true);
        let field = |name: &str| Reflect::get(message, &name.into()).unwrap_or(JsValue::UNDEFINED);
        let Some(id) = field("id").as_f64() else {
            return;
        };
        let word = match field("type").as_string().as_deref() {
            Some("head") => Word::Head(head_of(&Fields {
                status: field("status").as_f64().unwrap_or(0.0) as u16,
                content_type: field("contentType").as_string(),
                retry_after: field("retryAfter").as_string(),
                date: field("date").as_string(),
            })),
            Some("bytes") => Word::Bytes(bytes(field("bytes"))),
            Some("end") => Word::End(field("error").as_string()),
            Some("full") => Word::Full,
            _ => return,
        };
        self.tell(id as u32, word);
    }

    fn tell(&self, id: u32, word: Word) {
        if let Some(asked) = self.open.borrow().get(&id) {
            // Who no longer listens has left.
            asked.unbounded_send(word).ok();
        }
    }

    fn fail(&self) {
        self.broken.set(true);
        for asked in self.open.borrow().values() {
            asked.unbounded_send(Word::Nothing).ok();
        }
    }
}

fn say(port: &MessagePort, kind: &str, fields: &[(&str, JsValue)]) {
    let message = Object::new();
    let set = |name: &str, value: &JsValue| {
        // It can only fail on a frozen object.
        Reflect::set(&message, &name.into(), value).ok();
    };
    set("type", &kind.into());
    for (name, value) in fields {
        set(name, value);
    }
    if let Err(error) = port.post_message(&message) {
        web_sys::console::error_2(&"cannot reach the shared worker".into(), &error);
    }
}
