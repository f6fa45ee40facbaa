//! A 2-D canvas that stays crisp: its backing store follows its box and the screen's density.

use crate::dom::window;
use std::cell::RefCell;
use std::ops::Range;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData, Path2d, ResizeObserver};

pub use web_sys::CanvasRenderingContext2d as Context;

/// The sine and the power of e as the browser has them: the app need not bring its own.
pub use js_sys::Math::{exp, sin};

/// A canvas and its context.
pub struct Canvas {
    element: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
}

impl Canvas {
    /// The context of an element; none where the browser has no 2-D canvas.
    pub fn new(element: HtmlCanvasElement) -> Option<Self> {
        let context = element.get_context("2d").ok()??.dyn_into().ok()?;
        Some(Self { element, context })
    }

    /// Fits the backing store to the box. Afterwards one unit is one CSS pixel.
    /// Returns width and height in CSS pixels.
    pub fn fit(&self) -> (f64, f64) {
        let density = density();
        let (width, height) = (
            f64::from(self.element.client_width()),
            f64::from(self.element.client_height()),
        );
        let (w, h) = (
            (width * density).round() as u32,
            (height * density).round() as u32,
        );
        // Setting a size clears the canvas and costs an allocation: only when it changed.
        if self.element.width() != w || self.element.height() != h {
            self.element.set_width(w);
            self.element.set_height(h);
        }
        self.context
            .set_transform(density, 0.0, 0.0, density, 0.0, 0.0)
            .ok();
        (width, height)
    }

    /// Fits it and clears it.
    pub fn begin(&self) -> (f64, f64) {
        let size = self.fit();
        self.clear(size);
        size
    }

    /// Clears it.
    pub fn clear(&self, (width, height): (f64, f64)) {
        self.context.clear_rect(0.0, 0.0, width, height);
    }

    /// Replaces a part of it by the same part of `pixels`, `width` a row; pixels are those of the backing store.
    pub fn put(&self, pixels: &[Pixel], width: u32, columns: Range<u32>, rows: Range<u32>) {
        let data = ImageData::new_with_u8_clamped_array(Clamped(pixels.as_flattened()), width);
        let [left, right, top, bottom] =
            [columns.start, columns.end, rows.start, rows.end].map(f64::from);
        if let Ok(data) = data {
            self.context
                .put_image_data_with_dirty_x_and_dirty_y_and_dirty_width_and_dirty_height(
                    &data,
                    0.0,
                    0.0,
                    left,
                    top,
                    right - left,
                    bottom - top,
                )
                .ok();
        }
    }

    /// The context to paint with.
    pub fn context(&self) -> &Context {
        &self.context
    }
}

/// Pixels of the screen in one of the page.
pub fn density() -> f64 {
    window().map_or(1.0, |window| window.device_pixel_ratio())
}

/// A picture that is not on the page.
pub struct Layer(Option<Canvas>);

impl Layer {
    /// An empty one; it stays so where the browser has no 2-D canvas.
    pub fn new() -> Self {
        let element = window()
            .and_then(|window| window.document())
            .and_then(|document| document.create_element("canvas").ok())
            .and_then(|element| element.dyn_into::<HtmlCanvasElement>().ok());
        Self(element.and_then(Canvas::new))
    }

    /// Clears it, at so many pixels of the screen; a unit is `density` of them afterwards.
    pub fn begin(&self, width: u32, height: u32, density: f64) {
        let Some(Canvas { element, context }) = &self.0 else {
            return;
        };
        if element.width() != width || element.height() != height {
            element.set_width(width);
            element.set_height(height);
        }
        context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0).ok();
        context.clear_rect(0.0, 0.0, f64::from(width), f64::from(height));
        context
            .set_transform(density, 0.0, 0.0, density, 0.0, 0.0)
            .ok();
    }

    /// The context to paint with.
    pub fn context(&self) -> Option<&Context> {
        self.0.as_ref().map(Canvas::context)
    }

    /// What it shows, row by row; nothing where the browser has no 2-D canvas.
    pub fn pixels(&self) -> Vec<Pixel> {
        let data = self.0.as_ref().and_then(|Canvas { element, context }| {
            let (width, height) = (f64::from(element.width()), f64::from(element.height()));
            context.get_image_data(0.0, 0.0, width, height).ok()
        });
        data.map(|data| data.data().as_chunks().0.to_vec())
            .unwrap_or_default()
    }
}

/// Red, green, blue and opacity.
pub type Pixel = [u8; 4];

/// What a CSS colour looks like.
pub fn pixel_of(colour: &str) -> Pixel {
    let layer = Layer::new();
    layer.begin(1, 1, 1.0);
    if let Some(context) = layer.context() {
        context.set_fill_style_str(colour);
        context.fill_rect(0.0, 0.0, 1.0, 1.0);
    }
    layer.pixels().first().copied().unwrap_or_default()
}

/// Calls back whenever an element's box changes, until dropped.
pub struct Resized {
    observer: Option<ResizeObserver>,
    _callback: Closure<dyn FnMut()>,
}

impl Resized {
    /// Watches one element.
    pub fn watch(element: &web_sys::Element, callback: impl FnMut() + 'static) -> Self {
        let callback = Closure::<dyn FnMut()>::new(callback);
        let observer = ResizeObserver::new(callback.as_ref().unchecked_ref()).ok();
        if let Some(observer) = &observer {
            observer.observe(element);
        }
        Self {
            observer,
            _callback: callback,
        }
    }
}

impl Drop for Resized {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
    }
}

/// The value of a design token (a custom property of the root element), as the theme has it now.
pub fn token(name: &str) -> String {
    let value = window().and_then(|window| {
        let root = window.document()?.document_element()?;
        let style = window.get_computed_style(&root).ok()??;
        style.get_property_value(name).ok()
    });
    value
        .map(|value| value.trim().to_owned())
        .unwrap_or_default()
}

/// Calls back when the system's theme changes, until dropped.
pub fn on_theme_change(callback: impl FnMut() + 'static) -> Option<crate::dom::listen::Listener> {
    let callback = RefCell::new(callback);
    let query = window()?
        .match_media("(prefers-color-scheme: dark)")
        .ok()??;
    Some(crate::dom::listen::Listener::on(
        &query,
        "change",
        move |_| {
            if let Ok(mut callback) = callback.try_borrow_mut() {
                callback();
            }
        },
    ))
}

/// Whether the person asked for less motion.
pub fn prefers_reduced_motion() -> bool {
    crate::dom::page::prefers_reduced_motion()
}

/// Keeps a drag's events coming to the element, even when the pointer leaves it.
pub fn capture_pointer(event: &web_sys::PointerEvent) {
    let element = event
        .current_target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    if let Some(element) = element {
        // Fails only for a pointer that is already gone.
        element.set_pointer_capture(event.pointer_id()).ok();
    }
}

/// Sets the dashes of the next strokes; none for a solid line.
pub fn dash(context: &Context, lengths: &[f64], offset: f64) {
    let lengths: js_sys::Array = lengths
        .iter()
        .map(|length| wasm_bindgen::JsValue::from_f64(*length))
        .collect();
    // Fails only for lengths that are no numbers.
    context.set_line_dash(&lengths).ok();
    context.set_line_dash_offset(offset);
}

/// Strokes an icon, given as SVG path data on a grid of 16, with its corner at `x`, `y`.
pub fn stroke_icon(context: &Context, path: &'static str, x: f64, y: f64) {
    thread_local! {
        static PATHS: RefCell<std::collections::HashMap<&'static str, Path2d>> = RefCell::default();
    }
    PATHS.with_borrow_mut(|paths| {
        let known = paths.entry(path);
        let outline = match known {
            std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::hash_map::Entry::Vacant(empty) => {
                match Path2d::new_with_path_string(path) {
                    Ok(outline) => empty.insert(outline),
                    Err(_) => return,
                }
            }
        };
        context.save();
        context.translate(x, y).ok();
        context.stroke_with_path(outline);
        context.restore();
    });
}

/// Width of a text in the current font.
pub fn text_width(context: &Context, text: &str) -> f64 {
    context
        .measure_text(text)
        .map_or(0.0, |metrics| metrics.width())
}

/// Adds a rectangle with round corners to the path.
pub fn round_rect(context: &Context, x: f64, y: f64, width: f64, height: f64, radius: f64) {
    if context
        .round_rect_with_f64(x, y, width, height, radius)
        .is_err()
    {
        context.rect(x, y, width, height);
    }
}

/// Focuses the n-th child of an event's element.
pub fn focus_child(parent: Option<web_sys::EventTarget>, index: u32) {
    let child = parent
        .and_then(|parent| parent.dyn_into::<web_sys::Element>().ok())
        .and_then(|parent| parent.children().item(index))
        .and_then(|child| child.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(child) = child {
        child.focus().ok();
    }
}
