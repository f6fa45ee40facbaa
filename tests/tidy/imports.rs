//! Holds manifests and paths against the table of who may import whom.

use crate::File;
use crate::import_table::{AREAS, BROWSER, CRATES, IMPURE, JSON, LEPTOS, PAGES, PARTS, Row, TABLE};
use crate::rules::is_test_file;
use crate::rust::{UsePath, paths, tokens, without_tests};

/// Checks manifests (`Cargo.toml` of the crates) and sources against the table.
pub fn check(files: &[File]) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files {
        let Some(row) = row_of(&file.path) else {
            continue;
        };
        if file.path.ends_with("Cargo.toml") {
            complaints.extend(check_manifest(row, file));
        } else if file.path.ends_with(".rs") && !is_test_file(&file.path) {
            complaints.extend(check_source(row, file));
        }
    }
    complaints
}

fn check_manifest(row: &Row, file: &File) -> Vec<String> {
    dependencies(&file.text)
        .into_iter()
        .filter(|(_, name)| !allowed(row, std::slice::from_ref(name)))
        .map(|(line, name)| complaint(file, line, row, &name))
        .collect()
}

fn check_source(row: &Row, file: &File) -> Vec<String> {
    let tokens = without_tests(&tokens(&file.text));
    let module = module_of(&file.path);
    let in_app = file.path.starts_with("src/");
    let paths = paths(&tokens);
    let locals = local_names(&tokens, &paths);
    let mut complaints = Vec::new();
    for path in &paths {
        let Some(target) = resolve(path, &module, in_app, &locals) else {
            continue;
        };
        let panel = (row.from == "src/view")
            .then(|| other_panel(&module, &target))
            .flatten();
        if let Some(panel) = panel {
            let text = format!(
                "panels meet through `state`, not by importing each other (`view::{panel}`)"
            );
            complaints.push(format!("{}:{}: {text}", file.path, path.line));
        } else if !allowed(row, &target)
            || (in_app && row.from != "src/dom" && names_browser(&target))
        {
            complaints.push(complaint(file, path.line, row, &target.join("::")));
        }
    }
    complaints
}

fn complaint(file: &File, line: usize, row: &Row, target: &str) -> String {
    format!(
        "{}:{line}: `{}` must not import `{target}` (docs/architecture.md, who may import whom)",
        file.path, row.from
    )
}

fn row_of(path: &str) -> Option<&'static Row> {
    let mut parts = path.split('/');
    let from = match (parts.next()?, parts.next()?, parts.next()) {
        ("crates", name, Some("src" | "Cargo.toml")) => name.to_owned(),
        ("crates", ..) => return None,
        ("src", area, _) => {
            let area = area.trim_end_matches(".rs");
            if AREAS.contains(&area) {
                format!("src/{area}")
            } else {
                "src".to_owned()
            }
        }
        _ => return None,
    };
    TABLE.iter().find(|row| row.from == from)
}

fn allowed(row: &Row, target: &[String]) -> bool {
    let begins = |rule: &str| {
        let rule: Vec<&str> = rule.split("::").collect();
        target.len() >= rule.len() && rule.iter().zip(target).all(|(a, b)| a == b)
    };
    let regulated = CRATES
        .iter()
        .chain(&AREAS)
        .chain(&JSON)
        .chain(&BROWSER)
        .chain(&LEPTOS)
        .any(|rule| begins(rule))
        || (!row.from.starts_with("src") && IMPURE.iter().any(|rule| begins(rule)));
    !regulated || begins(row.from) || row.may.iter().any(|rule| begins(rule))
}

/// `leptos::web_sys` and the like are the browser as well.
fn names_browser(target: &[String]) -> bool {
    target
        .iter()
        .any(|segment| BROWSER.contains(&segment.as_str()))
}

/// The panel that `target` reaches into from another one.
fn other_panel(module: &[String], target: &[String]) -> Option<String> {
    let [view, own, ..] = module else { return None };
    let [target_view, panel, ..] = target else {
        return None;
    };
    let both_in_view = view == "view" && target_view == "view";
    (both_in_view && own != PAGES && panel != PARTS && panel != own).then(|| panel.clone())
}

/// The path from the crate's root, with the crate before it when it is another one; nothing for a local name.
fn resolve(
    path: &UsePath,
    module: &[String],
    in_app: bool,
    locals: &[String],
) -> Option<Vec<String>> {
    let first = path.segments.first()?.as_str();
    if !matches!(first, "crate" | "self" | "super") {
        return (!locals.iter().any(|name| name == first)).then(|| path.segments.clone());
    }
    if !in_app {
        return None; // Within a crate everything may meet.
    }
    let mut target = if first == "crate" {
        Vec::new()
    } else {
        module.to_vec()
    };
    let mut inline = path.inline_modules;
    for segment in &path.segments {
        match segment.as_str() {
            "crate" | "self" => {}
            "super" if inline > 0 => inline -= 1,
            "super" => drop(target.pop()),
            other => target.push(other.to_owned()),
        }
    }
    Some(target)
}

/// `src/view/graph/painter.rs` is the module view, graph, painter.
fn module_of(path: &str) -> Vec<String> {
    let inner = path
        .split_once("src/")
        .map_or(path, |(_, inner)| inner)
        .trim_end_matches(".rs");
    let mut module: Vec<String> = inner.split('/').map(str::to_owned).collect();
    if module
        .last()
        .is_some_and(|last| matches!(last.as_str(), "mod" | "main" | "lib"))
    {
        module.pop();
    }
    module
}

/// Names that this file gives to something of its own: its modules, and what it imports from below a crate.
fn local_names(tokens: &[crate::rust::Token], paths: &[UsePath]) -> Vec<String> {
    let modules = tokens
        .windows(2)
        .filter(|pair| pair[0].is_word("mod"))
        .filter_map(|pair| match &pair[1].kind {
            crate::rust::Kind::Word(name) => Some(name.clone()),
            _ => None,
        });
    let imported = paths
        .iter()
        .filter(|path| path.imported && path.segments.len() > 1)
        .filter_map(|path| {
            let last = path
                .segments
                .iter()
                .rev()
                .find(|segment| *segment != "self")?;
            (Some(last) != path.segments.first()).then(|| last.clone())
        });
    modules.chain(imported).collect()
}

/// The names under `[dependencies]`, as Rust spells them, with their lines; tests may depend on more.
fn dependencies(manifest: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut inside = false;
    for (line, text) in manifest.lines().enumerate() {
        let text = text.trim();
        if let Some(section) = text.strip_prefix('[') {
            let section = section.trim_end_matches(']');
            inside = section == "dependencies" || section.ends_with(".dependencies");
            if let Some((_, name)) = section
                .rsplit_once("dependencies.")
                .filter(|(before, _)| !before.ends_with('-'))
            {
                found.push((line + 1, name.replace('-', "_")));
            }
        } else if inside && !text.starts_with('#') && text.contains('=') {
            let name = text.split(['.', '=', ' ']).next().unwrap_or_default();
            found.push((line + 1, name.replace('-', "_")));
        }
    }
    found
}

#[cfg(test)]
mod bites {
    use super::*;

    #[track_caller]
    fn complaints(path: &str, text: &str) -> Vec<String> {
        check(&[File {
            path: path.to_owned(),
            text: text.to_owned(),
        }])
    }

    #[test]
    fn forbidden_imports() {
        for (path, text) in [
            ("crates/model/src/lib.rs", "use serde::Serialize;"),
            ("crates/model/src/a/b.rs", "fn f() -> contract::Run { g() }"),
            (
                "crates/model/src/lib.rs",
                "use std::{fmt, time::{Duration, SystemTime}};",
            ),
            ("crates/layout/src/lib.rs", "use model::Run;"),
            ("crates/contract/src/lib.rs", "use model::Run;"),
            ("crates/source/src/lib.rs", "use web_sys::Request;"),
            ("crates/source/src/lib.rs", "use std::fs;"),
            ("crates/recorder/src/lib.rs", "use model::Journal;"),
            ("src/state/run_store.rs", "use crate::client::RunClient;"),
            ("src/state/run_store.rs", "use crate::dom::canvas::Canvas;"),
            ("src/state/run_store.rs", "use source::dialect::decode;"),
            ("src/state.rs", "use crate::view::graph;"),
            ("src/dom/fetch.rs", "use model::Millis;"),
            ("src/dom/fetch.rs", "use leptos::prelude::*;"),
            ("src/client/run_client.rs", "use crate::view::graph::Graph;"),
            ("src/client/run_client.rs", "use web_sys::Response;"),
            ("src/view/graph/mod.rs", "use crate::client::RunClient;"),
            (
                "src/view/graph/mod.rs",
                "use crate::{state::RunStore, dom::fetch::get};",
            ),
            (
                "src/view/graph/mod.rs",
                "fn f(e: leptos::web_sys::Event) {}",
            ),
            ("src/view/graph/mod.rs", "use contract::studio::Run;"),
            ("src/view/graph/mod.rs", "use crate::view::timeline::Bar;"),
            ("src/view/graph/mod.rs", "use super::timeline::Bar;"),
            (
                "src/view/graph/painter.rs",
                "mod inner { use super::super::super::timeline::Bar; }",
            ),
            ("src/main.rs", "use js_sys::Date;"),
            (
                "crates/model/Cargo.toml",
                "[dependencies]\nserde.workspace = true",
            ),
            (
                "crates/layout/Cargo.toml",
                "[dependencies]\nmodel = { path = \"../model\" }",
            ),
            (
                "crates/source/Cargo.toml",
                "[dependencies.web-sys]\nversion = \"0.3\"",
            ),
            (
                "crates/recorder/Cargo.toml",
                "[target.'cfg(unix)'.dependencies]\nserver.workspace = true",
            ),
        ] {
            assert_eq!(complaints(path, text).len(), 1, "{path}: {text}");
        }
    }

    #[test]
    fn permitted_imports() {
        for (path, text) in [
            (
                "crates/model/src/lib.rs",
                "mod source; use source::Source; use std::fmt; use avt::Vt;",
            ),
            (
                "crates/model/src/lib.rs",
                "// use serde::Serialize;\n#[cfg(test)] mod tests { use std::fs; }",
            ),
            ("crates/model/src/journal/tests.rs", "use std::fs;"),
            (
                "crates/source/src/lib.rs",
                "use model::{Event, journal::Journal}; use crate::view::x; serde_json::from_str(a)",
            ),
            (
                "crates/server/src/lib.rs",
                "use std::fs; use tokio::sync::broadcast; use source::reel;",
            ),
            (
                "crates/cli/src/main.rs",
                "use server::serve; use recorder::Recorder;",
            ),
            ("crates/source/tests/a.rs", "use std::fs;"),
            (
                "src/dom/fetch.rs",
                "use wasm_bindgen::prelude::*; use super::clock; use crate::dom::page;",
            ),
            (
                "src/state/run_store.rs",
                "use crate::dom::clock; use model::Journal; use source::connection::Status;",
            ),
            (
                "src/client/run_client.rs",
                "use crate::{dom::fetch, state::Writer}; use source::sse::Parser; fetch::get()",
            ),
            (
                "src/view/graph/mod.rs",
                "mod painter; use painter::paint; use super::parts::Badge; use crate::state::RunStore;",
            ),
            (
                "src/view/graph/painter.rs",
                "use super::scene; use crate::dom::canvas::Canvas; use layout::dag;",
            ),
            (
                "src/view/graph/painter.rs",
                "mod inner { use super::super::scene; }",
            ),
            (
                "src/view/graph.rs",
                "use leptos::prelude::*; use leptos_router::hooks; use crate::view::parts;",
            ),
            (
                "src/view/pages/run.rs",
                "use crate::view::graph::Graph; use super::super::timeline::Timeline;",
            ),
            (
                "src/view/mod.rs",
                "pub mod graph; use graph::Graph; use crate::view::timeline::Timeline;",
            ),
            (
                "src/app.rs",
                "use crate::{client, state, view}; use leptos::prelude::*;",
            ),
            (
                "crates/contract/Cargo.toml",
                "[dependencies]\nserde.workspace = true\n[dev-dependencies]\nmodel.workspace = true",
            ),
            (
                "crates/model/Cargo.toml",
                "[dependencies]\n# serde = \"1\"\navt = \"0.19\"\n[dev-dependencies.serde]\nversion = \"1\"",
            ),
        ] {
            assert_eq!(
                complaints(path, text),
                Vec::<String>::new(),
                "{path}: {text}"
            );
        }
    }
}
