//! What `--backend` says, and the credentials that the environment holds for it.

use crate::error::CliError;
use server::{Backend, BadUpstream, Dialect, Upstream};
use std::ffi::OsString;
use std::io::Read;
use std::path::Path;

/// Looks up a variable of the environment.
pub type Variable<'a> = dyn Fn(&str) -> Option<OsString> + 'a;

/// Reads every `NAME=DIALECT,URL` and the headers to show each backend. The error names what is wrong
/// and where, and no credential.
pub fn read(given: &[String], variable: &Variable<'_>) -> Result<Vec<Backend>, CliError> {
    let mut backends: Vec<Backend> = Vec::new();
    for (at, text) in given.iter().enumerate() {
        let (name, dialect, url) = split(text, at)?;
        // Two backends of one variable would be shown each other's credentials.
        let same = |other: &Backend| variable_of(&other.name) == variable_of(name);
        if let Some(other) = backends.iter().find(|other| same(other)) {
            return Err(CliError::Usage(format!(
                "--backend {name}: there is already one called {}; names differ in more than case, - and _. Give it another name",
                other.name
            )));
        }
        let (source, headers) = headers(name, variable)?;
        let upstream = Upstream::new(url, &headers).map_err(|error| match error {
            BadUpstream::Header(..) => CliError::Usage(format!("{source}: {error}")),
            BadUpstream::TwoAuthorizations => {
                CliError::Usage(format!("--backend {name} and {source}: {error}"))
            }
            _ => CliError::Usage(format!("--backend {name}: {error}. {EXAMPLE}")),
        })?;
        backends.push(Backend {
            name: name.to_owned(),
            dialect,
            upstream: Some(upstream),
        });
    }
    Ok(backends)
}

const EXAMPLE: &str = "Give it as NAME=DIALECT,URL, as --backend lab=studio,https://studio.example";
/// Characters a name may have.
const LONGEST: usize = 40;

/// The parts of what was given; nothing of the URL is ever repeated, as it may hold a password.
fn split(text: &str, at: usize) -> Result<(&str, Dialect, &str), CliError> {
    let usage = |what: String| Err(CliError::Usage(format!("{what}. {EXAMPLE}")));
    let Some((name, rest)) = text.split_once('=') else {
        // Without `=` it is all a name, or a whole URL.
        let shown = match is_name(text) {
            true => text.to_owned(),
            false => format!("(the {}. of them)", at + 1),
        };
        return usage(format!("--backend {shown}: there is no ="));
    };
    if !is_name(name) {
        return usage(format!(
            "--backend (the {}. of them): its name must be of 1 to {LONGEST} letters, digits, - and _",
            at + 1
        ));
    }
    if name.eq_ignore_ascii_case("runreel") {
        return usage(format!(
            "--backend {name}: this is what the server's own store is called; take another name"
        ));
    }
    let Some((word, url)) = rest.split_once(',') else {
        return usage(format!(
            "--backend {name}: there is no comma between dialect and URL"
        ));
    };
    let known = Dialect::ALL
        .into_iter()
        .find(|known| known.as_str() == word);
    let Some(dialect) = known else {
        return usage(format!(
            "--backend {name}: its dialect is none of studio, playbook and operations"
        ));
    };
    Ok((name, dialect, url))
}

fn is_name(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    (1..=LONGEST).contains(&text.len()) && text.bytes().all(plain)
}

/// Where the headers of a backend are looked for.
fn variable_of(name: &str) -> String {
    let upper = |c: char| match c.to_ascii_uppercase() {
        c if c.is_ascii_alphanumeric() => c,
        _ => '_',
    };
    let name: String = name.chars().map(upper).collect();
    format!("RUNREEL_BACKEND_{name}_HEADERS")
}

/// The headers to show a backend, and which variable they come from.
fn headers(name: &str, variable: &Variable<'_>) -> Result<(String, String), CliError> {
    let source = variable_of(name);
    let file_source = format!("{source}_FILE");
    let usage = |what: String| Err(CliError::Usage(what));
    match (variable(&source), variable(&file_source)) {
        (Some(_), Some(_)) => usage(format!(
            "{source} and {file_source} are both set: leave one of them out"
        )),
        (Some(lines), None) => match lines.into_string() {
            Ok(lines) => Ok((source, lines)),
            Err(_) => usage(format!("{source}: it is not UTF-8")),
        },
        (None, Some(file)) => match read_file(Path::new(&file)) {
            Ok(lines) => Ok((file_source, lines)),
            Err(reason) => usage(format!(
                "{file_source}: {} cannot be read: {reason}",
                Path::new(&file).display()
            )),
        },
        (None, None) => Ok((source, String::new())),
    }
}

/// Bytes a file of headers may have.
const FILE: u64 = 64 << 10;

fn read_file(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    std::fs::File::open(path)?
        .take(FILE + 1)
        .read_to_string(&mut text)?;
    if text.len() as u64 > FILE {
        return Err(std::io::Error::other(format!(
            "it has more than {FILE} bytes"
        )));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(specs: &[&str], variables: &[(&str, &str)]) -> Result<Vec<Backend>, String> {
        let specs: Vec<_> = specs.iter().map(|spec| (*spec).to_owned()).collect();
        let find = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| OsString::from(value))
        };
        read(&specs, &find).map_err(|error| error.to_string())
    }

    #[test]
    fn backends_are_read_with_the_headers_of_their_own() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("headers");
        std::fs::write(&file, "X-Organization-Id: o\n").unwrap();
        let backends = given(
            &[
                "lab=studio,http://127.0.0.1:3211",
                "my-play_2=playbook,https://h/a,b=c",
                "V=operations,http://h",
            ],
            &[
                ("RUNREEL_BACKEND_LAB_HEADERS_FILE", file.to_str().unwrap()),
                (
                    "RUNREEL_BACKEND_MY_PLAY_2_HEADERS",
                    "Cookie: t=s3cret\nX-A: s3cret",
                ),
                ("RUNREEL_BACKEND_OTHER_HEADERS", "nonsense"),
            ],
        );
        let shown = format!("{:?}", backends.unwrap());
        for part in [
            r#"name: "lab", dialect: Studio, upstream: Some(Upstream { base: "http://127.0.0.1:3211/", headers: ["x-organization-id"]"#,
            r#"name: "my-play_2", dialect: Playbook, upstream: Some(Upstream { base: "https://h/a,b=c", headers: ["cookie", "x-a"]"#,
            r#"name: "V", dialect: Operations, upstream: Some(Upstream { base: "http://h/", headers: []"#,
        ] {
            assert!(shown.contains(part), "{shown}");
        }
        assert!(!shown.contains("s3cret"), "{shown}");
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place_and_without_secrets() {
        const LAB: &str = "RUNREEL_BACKEND_LAB_HEADERS";
        const FILE: &str = "RUNREEL_BACKEND_LAB_HEADERS_FILE";
        let lab = ["lab=studio,http://h"];
        for (specs, variables, want) in [
            (
                &["lab"][..],
                &[][..],
                "--backend lab: there is no =. Give it as NAME=DIALECT,URL",
            ),
            (
                &["http://u:cret@h"],
                &[],
                "--backend (the 1. of them): there is no =",
            ),
            (
                &["=studio,http://h"],
                &[],
                "--backend (the 1. of them): its name must",
            ),
            (
                &["a.b=studio,http://h"],
                &[],
                "--backend (the 1. of them): its name must",
            ),
            (
                &["http://u:cret@h?a=b"],
                &[],
                "--backend (the 1. of them): its name must",
            ),
            (
                &["Runreel=studio,http://h"],
                &[],
                "--backend Runreel: this is what",
            ),
            (
                &["lab=http://u:cret@h"],
                &[],
                "--backend lab: there is no comma",
            ),
            (&["lab=Studio,http://h"], &[], "--backend lab: its dialect"),
            (&["lab=,http://h"], &[], "--backend lab: its dialect"),
            (
                &["lab=studio,h:cret"],
                &[],
                "--backend lab: its URL begins with neither",
            ),
            (
                &["lab=studio,"],
                &[],
                "--backend lab: its URL cannot be read. Give",
            ),
            (
                &["lab=studio,http://h", "lab=studio,http://i"],
                &[],
                "--backend lab: there is already one called lab",
            ),
            (
                &["a-b=studio,http://h", "A_b=studio,http://i"],
                &[],
                "--backend A_b: there is already one called a-b",
            ),
            (
                &lab,
                &[(LAB, "X-A: 1\ncret")],
                "RUNREEL_BACKEND_LAB_HEADERS: line 2: ",
            ),
            (
                &lab,
                &[(LAB, "Host: cret")],
                "RUNREEL_BACKEND_LAB_HEADERS: line 1: ",
            ),
            (
                &lab,
                &[(FILE, "/no/file")],
                "RUNREEL_BACKEND_LAB_HEADERS_FILE: /no/file cannot",
            ),
            (
                &lab,
                &[(FILE, "/")],
                "RUNREEL_BACKEND_LAB_HEADERS_FILE: / cannot be read: ",
            ),
            (
                &lab,
                &[(FILE, "/dev/zero")],
                "RUNREEL_BACKEND_LAB_HEADERS_FILE: /dev/zero cannot be read: it has more",
            ),
            (
                &lab,
                &[(LAB, "A: cret"), (FILE, "f")],
                "RUNREEL_BACKEND_LAB_HEADERS and RUNREEL_BACKEND_LAB_HEADERS_FILE are both",
            ),
            (
                &["lab=studio,http://u:cret@h"],
                &[(LAB, "Authorization: Bearer cret")],
                "--backend lab and RUNREEL_BACKEND_LAB_HEADERS: its URL has a user",
            ),
        ] {
            let error = given(specs, variables).unwrap_err();
            assert!(error.starts_with(want), "{error}");
            assert!(!error.contains("cret"), "{error}");
        }
    }
}
