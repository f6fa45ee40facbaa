//! Requests: whole answers, and answers that arrive in pieces.

use gloo_net::http::{Method, RequestBuilder, Response};
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, ReadableStreamDefaultReader, RequestCache};

/// Ends a request when dropped.
pub struct Abort(AbortController);

impl Abort {
    /// For one request; none where the browser has no such thing.
    pub fn new() -> Option<Self> {
        AbortController::new().ok().map(Self)
    }
}

/// What ties a request to its [`Abort`].
#[derive(Clone)]
pub struct Signal(web_sys::AbortSignal);

impl Signal {
    /// What an `abort` event is sent to.
    pub(super) fn target(&self) -> &web_sys::EventTarget {
        &self.0
    }
}

impl Abort {
    /// For the requests it is to end.
    pub fn signal(&self) -> Signal {
        Signal(self.0.signal())
    }
}

impl Drop for Abort {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What came before the body.
#[derive(Clone, Debug)]
pub struct Head {
    /// The HTTP status.
    pub status: u16,
    /// `Content-Type`, empty where absent.
    pub content_type: String,
    /// `Retry-After`, milliseconds from now.
    pub retry_after_millis: Option<i64>,
    /// The server's clock minus ours, milliseconds, as far as `Date` tells (whole seconds).
    pub clock_offset_millis: Option<i64>,
}

/// A whole answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its head.
    pub head: Head,
    /// Its body as text.
    pub body: String,
}

/// An answer whose body is still coming.
pub struct Opened {
    /// Its head.
    pub head: Head,
    reader: Option<ReadableStreamDefaultReader>,
}

/// What a request asks for.
#[derive(Clone, Debug, Default)]
pub struct Ask<'a> {
    /// The address, relative to the page's base or absolute.
    pub address: &'a str,
    /// `Accept` and whatever else.
    pub headers: &'a [(&'a str, &'a str)],
}

/// Gets a whole answer; the error says what the browser said.
pub async fn get(ask: Ask<'_>, signal: Option<&Signal>) -> Result<Answer, String> {
    let response = send(Method::GET, &ask, signal).await?;
    let head = head(&response);
    let body = response.text().await.map_err(|error| error.to_string())?;
    Ok(Answer { head, body })
}

/// Posts nothing and gets a whole answer.
pub async fn post(ask: Ask<'_>) -> Result<Answer, String> {
    let response = send(Method::POST, &ask, None).await?;
    let head = head(&response);
    let body = response.text().await.map_err(|error| error.to_string())?;
    Ok(Answer { head, body })
}

/// Gets an answer whose body is read piece by piece.
pub async fn open(ask: Ask<'_>, signal: &Signal) -> Result<Opened, String> {
    let response = send(Method::GET, &ask, Some(signal)).await?;
    let reader = response.body().and_then(|body| {
        body.get_reader()
            .dyn_into::<ReadableStreamDefaultReader>()
            .ok()
    });
    Ok(Opened {
        head: head(&response),
        reader,
    })
}

impl Opened {
    /// The next piece; none at the end of the body. The error says how it broke.
    pub async fn next(&mut self) -> Option<Result<Vec<u8>, String>> {
        let read = piece(self.reader.as_ref()?).await?;
        Some(read.map_err(|error| words(&error)))
    }
}

/// The next piece of a stream of bytes; none at its end.
pub(super) async fn piece(
    reader: &ReadableStreamDefaultReader,
) -> Option<Result<Vec<u8>, JsValue>> {
    let read = match JsFuture::from(reader.read()).await {
        Ok(read) => read,
        Err(error) => return Some(Err(error)),
    };
    let done = js_sys::Reflect::get(&read, &"done".into()).ok()?;
    if done.is_truthy() {
        return None;
    }
    let value = js_sys::Reflect::get(&read, &"value".into()).ok()?;
    Some(Ok(bytes(value)))
}

/// What a piece of a body holds. It is a `Uint8Array` already: to make one of it copies it once more.
pub(super) fn bytes(piece: JsValue) -> Vec<u8> {
    match piece.dyn_into::<Uint8Array>() {
        Ok(bytes) => bytes.to_vec(),
        Err(other) => Uint8Array::new(&other).to_vec(),
    }
}

async fn send(method: Method, ask: &Ask<'_>, signal: Option<&Signal>) -> Result<Response, String> {
    let mut request = RequestBuilder::new(ask.address)
        .method(method)
        .cache(RequestCache::NoStore)
        // Refused by browsers on requests of other sites without leave: see the server's security.
        .header("X-Requested-With", "runreel");
    for (name, value) in ask.headers {
        request = request.header(name, value);
    }
    let sent = request
        .abort_signal(signal.map(|signal| &signal.0))
        .send()
        .await;
    sent.map_err(|error| format!("no answer from the server ({error})"))
}

fn head(response: &Response) -> Head {
    let header = |name: &str| response.headers().get(name);
    head_of(&Fields {
        status: response.status(),
        content_type: header("content-type"),
        retry_after: header("retry-after"),
        date: header("date"),
    })
}

/// The head's fields as they came.
pub(super) struct Fields {
    pub(super) status: u16,
    pub(super) content_type: Option<String>,
    pub(super) retry_after: Option<String>,
    pub(super) date: Option<String>,
}

/// What they mean.
pub(super) fn head_of(fields: &Fields) -> Head {
    let now = js_sys::Date::now();
    let date = |text: &str| Some(js_sys::Date::parse(text)).filter(|millis| millis.is_finite());
    let retry_after = fields.retry_after.as_deref();
    Head {
        status: fields.status,
        content_type: fields.content_type.clone().unwrap_or_default(),
        retry_after_millis: retry_after.and_then(|text| match text.trim().parse::<i64>() {
            Ok(seconds) => Some(seconds.clamp(0, 86_400) * 1_000),
            Err(_) => date(text).map(|millis| (millis - now).max(0.0) as i64),
        }),
        // `Date` is cut to whole seconds: half of one is its mean error.
        clock_offset_millis: fields
            .date
            .as_deref()
            .and_then(date)
            .map(|millis| (millis + 500.0 - now) as i64),
    }
}

fn words(error: &JsValue) -> String {
    let message = js_sys::Reflect::get(error, &"message".into())
        .ok()
        .and_then(|text| text.as_string());
    message.unwrap_or_else(|| "the connection broke".to_owned())
}
