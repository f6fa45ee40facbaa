//! A file that a person chose, read in pieces.

use crate::dom::fetch::piece;
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DragEvent, Event, HtmlInputElement, ReadableStream, ReadableStreamDefaultReader,
    ReadableWritablePair, WritableStream,
};

#[wasm_bindgen]
extern "C" {
    /// Bound here because `web-sys` holds it back as unstable; browsers have had it since 2023.
    type DecompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn readable(this: &DecompressionStream) -> ReadableStream;
    #[wasm_bindgen(method, getter)]
    fn writable(this: &DecompressionStream) -> WritableStream;
}

/// A file of the person's own machine; nothing of it leaves the page.
#[derive(Clone, Debug, PartialEq)]
pub struct File(web_sys::File);

impl File {
    /// The first file chosen in the input that `event` is about.
    pub fn chosen(event: &Event) -> Option<Self> {
        let input: HtmlInputElement = event.target()?.dyn_into().ok()?;
        let file = input.files()?.get(0);
        // So that choosing the same file again is told, too.
        input.set_value("");
        file.map(Self)
    }

    /// The first file dropped.
    pub fn dropped(event: &DragEvent) -> Option<Self> {
        event.data_transfer()?.files()?.get(0).map(Self)
    }

    /// Its name, without a path.
    pub fn name(&self) -> String {
        self.0.name()
    }

    /// Its size in bytes.
    pub fn size(&self) -> u64 {
        self.0.size() as u64
    }

    /// The bytes from `from` on, `length` of them or what is left. The error is for a person.
    pub async fn piece(&self, from: u64, length: u64) -> Result<Vec<u8>, String> {
        let read = self
            .0
            .slice_with_f64_and_f64(from as f64, (from + length) as f64)
            .map(|piece| piece.array_buffer());
        let bytes = match read {
            Ok(promise) => JsFuture::from(promise).await,
            Err(error) => Err(error),
        };
        match bytes {
            Ok(buffer) => Ok(Uint8Array::new(&buffer).to_vec()),
            Err(_) => Err(format!(
                "{} could not be read at byte {from}; has it been moved or changed since?",
                self.name()
            )),
        }
    }

    /// What the file packs with gzip, piece by piece.
    pub fn unpacked(&self) -> Result<Unpacked, String> {
        let opened = DecompressionStream::new("gzip").map(|unpacking| {
            let pair = ReadableWritablePair::new(&unpacking.readable(), &unpacking.writable());
            self.0.stream().pipe_through(&pair).get_reader()
        });
        match opened.map(JsCast::dyn_into) {
            Ok(Ok(reader)) => Ok(Unpacked(reader)),
            _ => Err("this browser cannot unpack gzip; unpack the file first".to_owned()),
        }
    }
}

/// What was packed in a file.
pub struct Unpacked(ReadableStreamDefaultReader);

impl Unpacked {
    /// The next piece, of whatever size; none at the end. The error is for a person.
    pub async fn next(&self) -> Option<Result<Vec<u8>, String>> {
        let read = piece(&self.0).await?;
        Some(read.map_err(|_| {
            "the file cannot be unpacked from here on: it is broken or cut off".to_owned()
        }))
    }
}
