//! The deployment's settings, from `config.json` next to the app.

use crate::dom::address;
use crate::dom::fetch::{self, Ask};
use model::Problem;
use serde::Deserialize;
use source::dialect::Dialect;

/// Settings as the deployment and the address say them.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Whether streams may be asked for at all.
    pub streaming: bool,
    /// Between two polls.
    pub poll_millis: i64,
    /// Waits between attempts at the stream.
    pub retry_delays_millis: Vec<i64>,
    /// Where the API is, relative to the page's base or absolute, without a closing slash.
    pub api: String,
    /// The name of what is there, where it has one.
    pub backend: Option<String>,
    /// What is spoken there.
    pub dialect: Dialect,
    /// What the file or the address said and could not be followed.
    pub problems: Vec<Problem>,
}

#[derive(Debug, Default, Deserialize)]
struct File {
    #[serde(rename = "ENABLE_EXECUTION_STREAMING", default)]
    streaming: Option<bool>,
    #[serde(rename = "pollIntervalMs", default)]
    poll_millis: Option<i64>,
    #[serde(rename = "retryDelaysMs", default)]
    retry_delays_millis: Option<Vec<i64>>,
    #[serde(rename = "backends", default)]
    backends: Vec<Backend>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Backend {
    name: String,
    base_url: String,
    #[serde(default)]
    dialect: Option<String>,
}

impl Config {
    /// Asks for the file; without one, or when it cannot be read, the defaults hold.
    pub async fn load() -> Self {
        let asked = fetch::get(
            Ask {
                address: "config.json",
                ..Ask::default()
            },
            None,
        )
        .await;
        let read = match asked {
            Ok(answer) if answer.head.status == 200 => source::dialect::read(&answer.body),
            Ok(answer) => Err(format!("the server answered {}", answer.head.status)),
            Err(error) => Err(error),
        };
        let (file, unread) = match read {
            Ok(file) => (file, None),
            Err(error) => (File::default(), Some(error)),
        };
        let mut config = Self::new(file, address::parameter);
        config.problems.extend(unread.map(|error| {
            problem(format!(
                "config.json could not be read, so the defaults hold: {error}"
            ))
        }));
        config
    }

    fn new(file: File, parameter: impl Fn(&str) -> Option<String>) -> Self {
        let mut problems = Vec::new();
        let first = file.backends.first();
        let backend = match parameter("backend") {
            Some(name) => file
                .backends
                .iter()
                .find(|backend| backend.name == name)
                .or_else(|| {
                    let known: Vec<_> = file.backends.iter().map(|it| it.name.as_str()).collect();
                    problems.push(problem(format!(
                        "the address asks for the backend “{name}”, which is not configured; there are: {}. The first one is shown",
                        known.join(", ")
                    )));
                    first
                }),
            None => first,
        };
        let word = backend.and_then(|backend| backend.dialect.as_deref());
        let dialect = word.map_or(Some(Dialect::Studio), Dialect::from_word);
        if dialect.is_none() {
            problems.push(problem(format!(
                "the dialect “{}” is not known here; there are studio, playbook and operations. It is read as studio",
                word.unwrap_or_default()
            )));
        }
        let streaming = match parameter("streaming").as_deref() {
            Some("0") => false,
            Some("1") => true,
            _ => file.streaming.unwrap_or(true),
        };
        Self {
            streaming,
            poll_millis: file
                .poll_millis
                .filter(|millis| *millis >= 100)
                .unwrap_or(2_000),
            retry_delays_millis: file
                .retry_delays_millis
                .filter(|delays| !delays.is_empty())
                .unwrap_or_else(|| vec![3_000, 6_000, 12_000, 24_000, 48_000]),
            api: match backend {
                Some(backend) => format!("{}/api/v1", backend.base_url.trim_end_matches('/')),
                None => "api/v1".to_owned(),
            },
            backend: backend.map(|backend| backend.name.clone()),
            dialect: dialect.unwrap_or_default(),
            problems,
        }
    }
}

fn problem(what: String) -> Problem {
    Problem {
        place: "configuration".into(),
        what: what.into(),
        excerpt: "".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(file: &str, parameters: &[(&str, &str)]) -> Config {
        Config::new(serde_json::from_str(file).unwrap(), |name| {
            parameters
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_address_overrides_the_file_and_the_file_the_defaults() {
        assert_eq!(config("{}", &[]).api, "api/v1");
        assert!(config("{}", &[]).streaming);
        assert!(!config(r#"{"ENABLE_EXECUTION_STREAMING":false}"#, &[]).streaming);
        assert!(
            config(
                r#"{"ENABLE_EXECUTION_STREAMING":false}"#,
                &[("streaming", "1")]
            )
            .streaming
        );
        let two = r#"{"backends":[{"name":"a","baseUrl":"backends/a/"},{"name":"b","baseUrl":"backends/b"}]}"#;
        assert_eq!(config(two, &[]).api, "backends/a/api/v1");
        assert_eq!(config(two, &[("backend", "b")]).api, "backends/b/api/v1");
        let unknown = config(two, &[("backend", "c")]);
        assert_eq!(unknown.api, "backends/a/api/v1");
        assert!(unknown.problems[0].what.contains("there are: a, b"));
        let spoken = |word: &str| {
            let file =
                format!(r#"{{"backends":[{{"name":"a","baseUrl":"a","dialect":"{word}"}}]}}"#);
            let config = config(&file, &[]);
            (config.dialect, config.problems.len())
        };
        assert_eq!(spoken("playbook"), (Dialect::Playbook, 0));
        assert_eq!(spoken("klingon"), (Dialect::Studio, 1));
        assert_eq!(
            config(r#"{"pollIntervalMs":1,"retryDelaysMs":[]}"#, &[]).poll_millis,
            2_000
        );
    }
}
