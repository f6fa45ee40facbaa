//! From TOML to a pipeline: types, names, durations, patterns. Every problem found is told.

use super::check;
use super::fields::Fields;
use super::{Command, Container, Join, Logs, OnFailure, Output, Pipeline, Problem, Step};
use contract::studio::LogLevel;
use regex::Regex;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;
use toml::{Table, Value};

/// What a step is like where it says nothing; set by the pipeline.
struct Defaults {
    shell: Vec<String>,
    env: BTreeMap<String, String>,
}

/// A step and the names it needs, before it is known whether they exist.
pub(super) struct Draft {
    pub(super) step: Step,
    pub(super) needs: Vec<String>,
}

/// Reads a pipeline of that name whose relative paths start at `folder`; looks at nothing but the text.
pub fn parse(text: &str, name: &str, folder: &Path) -> Result<Pipeline, Vec<Problem>> {
    let table: Table = text.parse().map_err(|error: toml::de::Error| {
        vec![Problem {
            step: None,
            what: format!("this is not TOML: {}", error.to_string().trim_end()),
            hint: String::new(),
        }]
    })?;
    let mut problems = Vec::new();
    let mut fields = Fields::new(table, None, &mut problems);
    let steps = fields.take("step");
    let name = fields.text("name").unwrap_or_else(|| name.to_owned());
    let version = fields.whole("version", 0);
    let max_parallel = fields.whole("max_parallel", 1);
    let shell = fields.texts("shell");
    let defaults = Defaults {
        shell: if shell.is_empty() {
            vec!["sh".into(), "-ec".into()]
        } else {
            shell
        },
        env: fields.map("env"),
    };
    fields.finish();
    let tables = tables(steps, &mut problems);
    let drafts: Vec<Draft> = tables
        .into_iter()
        .enumerate()
        .map(|(index, table)| step(index, table, &defaults, folder, &mut problems))
        .collect();
    let steps = check::resolve(drafts, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Ok(Pipeline {
        name,
        version,
        max_parallel: max_parallel.map_or(cores, |number| usize::try_from(number).unwrap_or(cores)),
        steps,
        folder: folder.to_owned(),
    })
}

fn tables(steps: Option<Value>, problems: &mut Vec<Problem>) -> Vec<Table> {
    let tables: Vec<Table> = match steps {
        Some(Value::Array(items)) => items
            .into_iter()
            .filter_map(|item| match item {
                Value::Table(table) => Some(table),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    };
    if tables.is_empty() {
        problems.push(Problem {
            step: None,
            what: "the pipeline has no steps".into(),
            hint: "Add at least one [[step]] with a name and a run".into(),
        });
    }
    tables
}

fn step(
    index: usize,
    mut table: Table,
    defaults: &Defaults,
    folder: &Path,
    problems: &mut Vec<Problem>,
) -> Draft {
    let name = match table.remove("name") {
        Some(Value::String(name)) if !name.trim().is_empty() => name,
        _ => {
            problems.push(Problem {
                step: None,
                what: format!("step {} has no name", index + 1),
                hint: "Give it a text `name`; the others need it by that".into(),
            });
            format!("step {}", index + 1)
        }
    };
    let mut fields = Fields::new(table, Some(name.clone()), problems);
    let own_shell = fields.texts("shell");
    let shell = if own_shell.is_empty() {
        defaults.shell.clone()
    } else {
        own_shell
    };
    let mut env = defaults.env.clone();
    env.extend(fields.map("env"));
    let draft = Draft {
        needs: fields.texts("needs"),
        step: Step {
            label: fields.text("label").unwrap_or_else(|| name.clone()),
            command: command(&mut fields, shell),
            output: match fields.yes_no("agent") {
                Some(true) => Output::AgentStream,
                Some(false) | None => Output::Terminal,
            },
            container: container(&mut fields),
            needs: Vec::new(),
            join: fields
                .word(
                    "join",
                    &[
                        ("all", Join::All),
                        ("any", Join::Any),
                        ("first", Join::First),
                    ],
                )
                .unwrap_or(Join::All),
            when: fields.text("when"),
            env,
            cwd: fields.text("cwd").map(|cwd| folder.join(cwd)),
            retries: fields
                .whole("retries", 0)
                .map_or(0, |retries| u32::try_from(retries).unwrap_or(u32::MAX)),
            backoff: fields.duration("backoff").unwrap_or(Duration::from_secs(1)),
            timeout: fields.duration("timeout"),
            artifacts: artifacts(&mut fields),
            progress: progress(&mut fields),
            levels: levels(&mut fields),
            logs: fields
                .word("log", &[("lines", Logs::Lines), ("off", Logs::Off)])
                .unwrap_or(Logs::Lines),
            on_failure: match fields.yes_no("allow_failure") {
                Some(true) => OnFailure::Tolerate,
                Some(false) | None => OnFailure::Fail,
            },
            name,
        },
    };
    fields.finish();
    draft
}

fn command(fields: &mut Fields<'_>, shell: Vec<String>) -> Command {
    let missing = Command::Argv(Vec::new());
    match fields.take("run") {
        Some(Value::String(text)) if !text.trim().is_empty() => Command::Shell { shell, text },
        Some(Value::Array(items)) if !items.is_empty() => {
            let argv: Option<Vec<String>> = items
                .iter()
                .map(|item| item.as_str().map(str::to_owned))
                .collect();
            match argv {
                Some(argv) if !argv[0].is_empty() => Command::Argv(argv),
                _ => {
                    fields.problem("`run` must be a list of texts, the first one a program", "");
                    missing
                }
            }
        }
        Some(Value::String(_) | Value::Array(_)) | None => {
            fields.problem(
                "it has no command",
                "Give it `run`: text for the shell, or a list of a program and its arguments",
            );
            missing
        }
        Some(other) => {
            fields.problem(
                format!("`run` must be text or a list of texts, got {other}"),
                "",
            );
            missing
        }
    }
}

fn container(fields: &mut Fields<'_>) -> Option<Container> {
    match fields.take("container")? {
        Value::String(image) => Some(Container {
            image,
            engine: None,
            args: Vec::new(),
        }),
        Value::Table(mut table) => {
            let text =
                |value: Option<Value>| value.and_then(|value| value.as_str().map(str::to_owned));
            let image = text(table.remove("image"));
            let engine = text(table.remove("engine"));
            let args = match table.remove("args") {
                Some(Value::Array(items)) => items
                    .into_iter()
                    .filter_map(|item| text(Some(item)))
                    .collect(),
                _ => Vec::new(),
            };
            for key in table.keys() {
                fields.problem(
                    format!("unknown key `container.{key}`"),
                    "Known here: image, engine, args",
                );
            }
            let Some(image) = image.filter(|image| !image.is_empty()) else {
                fields.problem(
                    "`container` has no image",
                    "Give it `image`, as \"debian:stable-slim\"",
                );
                return None;
            };
            Some(Container {
                image,
                engine,
                args,
            })
        }
        other => {
            fields.problem(
                format!("`container` must be an image or a table, got {other}"),
                "",
            );
            None
        }
    }
}

fn artifacts(fields: &mut Fields<'_>) -> Vec<String> {
    let artifacts = fields.texts("artifacts");
    for pattern in &artifacts {
        if let Err(error) = glob::Pattern::new(pattern) {
            fields.problem(
                format!(
                    "`artifacts` holds {pattern:?}, which is not a path or glob: {}",
                    error.msg
                ),
                "",
            );
        }
    }
    artifacts
}

/// `progress = "regex"`, `progress = {pattern = "regex"}` or a list of either.
fn progress(fields: &mut Fields<'_>) -> Vec<Regex> {
    let items = match fields.take("progress") {
        None => return Vec::new(),
        Some(Value::Array(items)) => items,
        Some(item) => vec![item],
    };
    let mut patterns = Vec::new();
    for item in items {
        let pattern = match &item {
            Value::String(pattern) => Some(pattern.as_str()),
            Value::Table(table) if table.len() == 1 => table.get("pattern").and_then(Value::as_str),
            _ => None,
        };
        let Some(pattern) = pattern else {
            fields.problem(
                format!("`progress` must be a regular expression or {{pattern = …}}, got {item}"),
                "As progress = '(\\d+)/(\\d+)'",
            );
            continue;
        };
        patterns.extend(fields.regex("progress", pattern));
    }
    patterns
}

/// `levels = {error = "regex", warn = …}`, the most severe first.
fn levels(fields: &mut Fields<'_>) -> Vec<(LogLevel, Regex)> {
    let mut given = fields.map("levels");
    let mut levels = Vec::new();
    for level in [
        LogLevel::Error,
        LogLevel::Warn,
        LogLevel::Info,
        LogLevel::Debug,
        LogLevel::Trace,
    ] {
        if let Some(pattern) = given.remove(level.as_str())
            && let Some(regex) = fields.regex("levels", &pattern)
        {
            levels.push((level, regex));
        }
    }
    for key in given.keys() {
        fields.problem(
            format!("unknown key `levels.{key}`"),
            "Known here: error, warn, info, debug, trace",
        );
    }
    levels
}
