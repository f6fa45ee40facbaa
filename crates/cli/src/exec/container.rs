//! Steps in containers: which engine, how it is called, and what its failures mean.

use super::process::Exit;
use crate::pipeline::{Container, find_program};
use serde_json::json;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// An engine that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Engine {
    /// `docker`, `podman` or as the pipeline names it.
    pub name: String,
    program: PathBuf,
}

/// A container that ends with an error this soon never really ran.
const AT_ONCE: Duration = Duration::from_secs(1);

/// What only an engine whose server runs can answer.
const SERVER_VERSION: [&str; 3] = ["version", "--format", "{{.Server.Version}}"];

/// An engine that hangs must not hang the run.
const ENGINE_ANSWERS_WITHIN: Duration = Duration::from_secs(10);

/// Finds the engine a container asks for and makes sure that it answers.
pub fn engine(container: &Container, folder: &Path) -> Result<Engine, recorder::Failure> {
    let names = match &container.engine {
        Some(name) => vec![name.as_str()],
        None => vec!["docker", "podman"],
    };
    let found = names.iter().find_map(|name| {
        let program = find_program(name, folder, None).ok()?;
        Some(Engine {
            name: (*name).to_owned(),
            program,
        })
    });
    let Some(engine) = found else {
        let message = format!(
            "no container engine: {} not found on this machine. Install one, or run the step without `container`",
            names.join(" and ")
        );
        return Err(failure("engine_not_found", message, container));
    };
    let Err(reason) = answers(&engine.program, &SERVER_VERSION, ENGINE_ANSWERS_WITHIN) else {
        return Ok(engine);
    };
    let message = format!(
        "the container engine `{}` is there but does not answer: {reason}. Start it and run the pipeline again",
        engine.name
    );
    Err(failure("engine_not_running", message, container))
}

/// Runs a command that should soon succeed; the error says what it said, or that it said nothing.
fn answers(program: &Path, arguments: &[&str], within: Duration) -> Result<(), String> {
    let mut asked = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    let deadline = Instant::now() + within;
    let status = loop {
        match asked.try_wait().map_err(|error| error.to_string())? {
            Some(status) => break status,
            None if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(20)),
            None => {
                // It may have ended in this very moment; either way it is waited for.
                asked.kill().ok();
                asked.wait().ok();
                return Err(format!("no answer within {} s", within.as_secs_f64()));
            }
        }
    };
    if status.success() {
        return Ok(());
    }
    let mut said = String::new();
    if let Some(mut stderr) = asked.stderr.take() {
        stderr.read_to_string(&mut said).ok();
    }
    match said.trim() {
        "" => Err(format!("it ended with {status} and said nothing")),
        said => Err(said.to_owned()),
    }
}

impl Engine {
    /// The command line that runs `argv` in a container called `name`, in the first of `folders`; each of
    /// them has the same path in there.
    pub fn argv(
        &self,
        container: &Container,
        name: &str,
        folders: &[&Path],
        env: &std::collections::BTreeMap<String, String>,
        argv: &[String],
    ) -> Vec<String> {
        let mut line: Vec<String> = vec![self.program.to_string_lossy().into_owned()];
        line.extend(["run", "--rm", "--init", "-t", "--name"].map(str::to_owned));
        line.push(name.to_owned());
        for folder in folders {
            let folder = folder.to_string_lossy();
            line.extend(["-v".into(), format!("{folder}:{folder}")]);
        }
        if let Some(folder) = folders.first() {
            line.extend(["-w".into(), folder.to_string_lossy().into_owned()]);
        }
        // By name only: values do not show in the process list.
        for key in env.keys() {
            line.extend(["-e".into(), key.clone()]);
        }
        line.extend(container.args.iter().cloned());
        line.push(container.image.clone());
        line.extend(argv.iter().cloned());
        line
    }

    /// Removes a container whose client was ended; the container itself would go on.
    pub fn remove(&self, name: &str) {
        let removed = Command::new(&self.program)
            .args(["rm", "-f", name])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        // There may be none any more, and an engine that went away takes its containers with it.
        drop(removed);
    }
}

/// What the end of the engine's client means, where it is not success. `output` is the last line printed.
pub fn meaning(
    exit: &Exit,
    container: &Container,
    took: Duration,
    output: &str,
) -> recorder::Failure {
    let said = match output.trim() {
        "" => String::new(),
        words => format!(" ({words})"),
    };
    let image = &container.image;
    match exit {
        Exit::Code(125) => failure(
            "start_failed",
            format!(
                "the container of image `{image}` did not start{said}. Is the image there? Try to pull it by hand"
            ),
            container,
        ),
        Exit::Code(126) => failure(
            "command_not_invokable",
            format!("the command cannot be invoked in image `{image}`{said}"),
            container,
        ),
        Exit::Code(127) => failure(
            "command_not_found",
            format!("the command is not in image `{image}`{said}"),
            container,
        ),
        Exit::Code(code) if took < AT_ONCE => failure(
            "exited_at_once",
            format!("the container exited at once with code {code}{said}"),
            container,
        ),
        Exit::Code(code) => failure(
            "exited",
            format!("the container exited with code {code}{said}"),
            container,
        ),
        Exit::Signal(signal) => failure(
            "killed",
            format!("the container's client was ended by {signal}"),
            container,
        ),
        Exit::Unknown(reason) => failure("unknown", reason.clone(), container),
    }
}

fn failure(code: &str, message: String, container: &Container) -> recorder::Failure {
    recorder::Failure {
        message,
        kind: Some("ContainerError".into()),
        code: Some(code.into()),
        details: Some(json!({"image": container.image})),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stand-ins for an engine that every machine has.
    #[test]
    fn an_engine_is_asked_and_not_waited_for_for_ever() {
        let patient = Duration::from_secs(20);
        let soon = Duration::from_millis(200);
        for (name, arguments, within, want) in [
            ("true", vec![], patient, ""),
            (
                "false",
                vec![],
                patient,
                "it ended with exit status: 1 and said nothing",
            ),
            ("ls", vec!["/nowhere"], patient, "cannot access"),
            ("sleep", vec!["60"], soon, "no answer within 0.2 s"),
        ] {
            let program = find_program(name, Path::new("/"), None).unwrap();
            let reason = answers(&program, &arguments, within)
                .err()
                .unwrap_or_default();
            assert!(reason.contains(want), "{name}: {reason}");
            assert_eq!(reason.is_empty(), want.is_empty(), "{name}: {reason}");
        }
    }
}
