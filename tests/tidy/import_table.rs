//! Who may import whom: the table of docs/architecture.md as data.

/// `from` may import the paths that begin with one of `may`. What no row mentions is free for all.
pub struct Row {
    /// A crate, or a folder of the app.
    pub from: &'static str,
    /// Beginnings of paths.
    pub may: &'static [&'static str],
}

/// How wire types are read and written.
pub const JSON: [&str; 2] = ["serde", "serde_json"];
/// The browser's own interfaces: `src/dom` alone touches them.
pub const BROWSER: [&str; 8] = [
    "web_sys",
    "js_sys",
    "wasm_bindgen",
    "wasm_bindgen_futures",
    "wasm_streams",
    "gloo_net",
    "gloo_timers",
    "xterm_js_rs",
];
/// The framework.
pub const LEPTOS: [&str; 2] = ["leptos", "leptos_router"];
/// What a pure crate must be handed instead of fetching it: time, chance, files, the network.
pub const IMPURE: [&str; 9] = [
    "std::time::SystemTime",
    "std::time::Instant",
    "std::fs",
    "std::net",
    "std::process",
    "std::env",
    "std::thread",
    "rand",
    "tokio",
];
/// The crates of this workspace.
pub const CRATES: [&str; 8] = [
    "contract", "model", "scan", "source", "layout", "recorder", "server", "worker",
];
/// The app's folders, imported with `crate::` before them.
pub const AREAS: [&str; 4] = ["dom", "client", "state", "view"];

/// In `source`: the connection's state, which panels show.
pub const STATUS: &str = "source::connection";

/// The table. Everything named in the lists above needs leave here to be imported.
pub const TABLE: [Row; 14] = [
    Row {
        from: "contract",
        may: &["serde", "serde_json"],
    },
    Row {
        from: "model",
        may: &[],
    },
    Row {
        from: "layout",
        may: &[],
    },
    Row {
        from: "scan",
        may: &["contract"],
    },
    Row {
        from: "source",
        may: &["contract", "model", "scan", "serde", "serde_json"],
    },
    Row {
        from: "recorder",
        may: &["contract", "serde", "serde_json", "tokio", "std", "rand"],
    },
    Row {
        from: "worker",
        may: &[
            "model",
            "source",
            "layout",
            "web_sys",
            "js_sys",
            "wasm_bindgen",
            "wasm_bindgen_futures",
        ],
    },
    Row {
        from: "server",
        may: &[
            "contract",
            "model",
            "source",
            "recorder",
            "serde",
            "serde_json",
            "tokio",
            "std",
            "rand",
        ],
    },
    Row {
        from: "cli",
        may: &[
            "contract",
            "model",
            "source",
            "recorder",
            "server",
            "serde",
            "serde_json",
            "tokio",
            "std",
            "rand",
        ],
    },
    Row {
        from: "src/dom",
        may: &[
            "dom",
            "web_sys",
            "js_sys",
            "wasm_bindgen",
            "wasm_bindgen_futures",
            "wasm_streams",
            "gloo_net",
            "gloo_timers",
            "xterm_js_rs",
        ],
    },
    Row {
        from: "src/state",
        may: &[
            "state",
            "dom::address",
            "dom::clock",
            "model",
            STATUS,
            "leptos",
        ],
    },
    Row {
        from: "src/client",
        may: &[
            "client",
            "dom",
            "state",
            "model",
            "source",
            "leptos",
            "serde",
            "serde_json",
        ],
    },
    Row {
        from: "src/view",
        may: &[
            "view",
            "state",
            "dom::canvas",
            "dom::xterm",
            "dom::frame",
            "model",
            "layout",
            STATUS,
            "leptos",
            "leptos_router",
        ],
    },
    // main.rs and app.rs, the one place where everything is joined.
    Row {
        from: "src",
        may: &[
            "dom",
            "client",
            "state",
            "view",
            "model",
            "source",
            "layout",
            "leptos",
            "leptos_router",
        ],
    },
];

/// The folder of `src/view` that all of it may use.
pub const PARTS: &str = "parts";
/// The folder of `src/view` that may use every other one.
pub const PAGES: &str = "pages";
