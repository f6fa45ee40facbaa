//! Whether the programs a pipeline names are there, as far as one can know before it runs.

use super::{Command, Pipeline, Problem, Step};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// One problem for each step whose program cannot be run. Commands in containers are the image's affair.
pub(super) fn check(pipeline: &Pipeline) -> Vec<Problem> {
    let mut problems = Vec::new();
    for step in &pipeline.steps {
        if let Some(cwd) = &step.cwd
            && !cwd.is_dir()
        {
            problems.push(problem(
                step,
                format!("its `cwd` {} is not a folder", cwd.display()),
                "Make it, or leave `cwd` out: then it runs in a fresh folder",
            ));
            continue;
        }
        if step.container.is_none()
            && let Err((what, hint)) = check_step(step, &pipeline.folder)
        {
            problems.push(problem(step, what, &hint));
        }
    }
    problems
}

/// Looks a program up: a path as it is (relative to `folder`), a name on `path`. The error is for people.
pub fn find_program(name: &str, folder: &Path, path: Option<&str>) -> Result<PathBuf, String> {
    if name.contains('/') {
        let file = folder.join(name);
        return match std::fs::metadata(&file) {
            Err(_) => Err(format!("there is no file {}", file.display())),
            Ok(found) if !is_executable(&found) => {
                Err(format!("{} is not executable (chmod +x)", file.display()))
            }
            Ok(_) => Ok(file),
        };
    }
    let own = std::env::var("PATH").unwrap_or_default();
    let folders = path.unwrap_or(&own);
    let mut blocked = None;
    for file in folders
        .split(':')
        .map(|folder| Path::new(folder).join(name))
    {
        match std::fs::metadata(&file) {
            Ok(found) if is_executable(&found) => return Ok(file),
            Ok(found) if found.is_file() => blocked = Some(file),
            _ => {}
        }
    }
    match blocked {
        Some(file) => Err(format!("{} is not executable (chmod +x)", file.display())),
        None => Err("it is not on PATH".into()),
    }
}

fn check_step(step: &Step, folder: &Path) -> Result<(), (String, String)> {
    let path = step.env.get("PATH").map(String::as_str);
    let argv = step.command.argv();
    let program = argv.first().map(String::as_str).unwrap_or_default();
    find_program(program, folder, path).map_err(|reason| missing(program, &reason))?;
    let Command::Shell { shell, text } = &step.command else {
        return Ok(());
    };
    let posix = ["sh", "bash", "dash", "ksh", "zsh"].iter().any(|known| {
        Path::new(&shell[0])
            .file_name()
            .is_some_and(|name| name == *known)
    });
    let Some(word) = first_word(text).filter(|_| posix) else {
        return Ok(());
    };
    // Only the shell itself knows its words: `command -v` finds built-ins and keywords, too.
    let mut ask = std::process::Command::new(&shell[0]);
    ask.args(["-c", "command -v -- \"$1\"", "runreel", word])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if let Some(path) = path {
        ask.env("PATH", path);
    }
    match ask.status() {
        Ok(status) if status.success() => Ok(()),
        _ => {
            let reason = find_program(word, folder, path).err();
            Err(missing(
                word,
                &reason.unwrap_or_else(|| "the shell does not know it".into()),
            ))
        }
    }
}

fn missing(program: &str, reason: &str) -> (String, String) {
    (
        format!("its command `{program}` cannot be run: {reason}"),
        "Install it, or correct `run`".into(),
    )
}

/// The name of the first command of a script, where it can be told without a shell: a plain word without
/// a slash (a path may be made by an earlier step), after assignments.
fn first_word(text: &str) -> Option<&str> {
    let line = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#'))?;
    let plain = |word: &str| {
        word.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-+.".contains(&byte))
    };
    for word in line.split_ascii_whitespace() {
        match word.split_once('=') {
            Some((name, value)) if plain(name) && plain(value) => {}
            _ => {
                let word = word.trim_end_matches(';');
                return (plain(word) && !word.is_empty()).then_some(word);
            }
        }
    }
    None
}

fn is_executable(found: &std::fs::Metadata) -> bool {
    found.is_file() && found.permissions().mode() & 0o111 != 0
}

fn problem(step: &Step, what: String, hint: &str) -> Problem {
    Problem {
        step: Some(step.name.clone()),
        what,
        hint: hint.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::first_word;

    #[test]
    fn the_first_command_of_a_script() {
        for (text, want) in [
            ("cc main.c", Some("cc")),
            ("\n  # build\n  make all\n", Some("make")),
            ("A=1 B=x make", Some("make")),
            ("true; false", Some("true")),
            ("for x in 1 2; do :; done", Some("for")),
            ("./made-later.sh", None),
            ("\"$TOOL\" x", None),
            ("$(pick) x", None),
            ("A=$(date) make", None),
            ("f() { :; }", None),
            ("{ true; }", None),
            ("(cd x)", None),
            ("a|b", None),
            ("A=1", None),
            ("", None),
        ] {
            assert_eq!(first_word(text), want, "{text:?}");
        }
    }
}
