//! A child process in a group of its own: its output and its end arrive as messages.

use super::cancel::Urgency;
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::collections::BTreeMap;
use std::io::Read;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::mpsc::SyncSender;
use std::thread;

/// Columns and rows of the terminal a step runs in.
pub const TERMINAL_SIZE: (u16, u16) = (120, 30);

/// What a running step hears.
#[derive(Debug)]
pub enum Message {
    /// Bytes of output.
    Output(Channel, Vec<u8>),
    /// There will be no more of one channel.
    Closed,
    /// The process ended.
    Ended(Exit),
    /// Somebody wants the run to end.
    Cancel(Urgency),
}

/// Where output comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// The terminal.
    Terminal,
    /// Standard output, through a pipe.
    Stdout,
    /// Standard error, through a pipe.
    Stderr,
}

/// How a process ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exit {
    /// By itself.
    Code(u32),
    /// By a signal.
    Signal(String),
    /// Nobody knows.
    Unknown(String),
}

/// What to start.
#[derive(Clone, Debug)]
pub struct Spawn {
    /// Program and arguments.
    pub argv: Vec<String>,
    /// Set on top of our own environment.
    pub env: BTreeMap<String, String>,
    /// Where it runs.
    pub cwd: PathBuf,
}

/// A process that was started.
pub struct Process {
    group: Option<Pid>,
    /// Channels that are open at first.
    pub channels: usize,
    /// Held so that the terminal lives as long as its process.
    _terminal: Option<Box<dyn MasterPty + Send>>,
}

/// Nothing of ours that a step must not see.
const SECRETS: [&str; 1] = ["RUNREEL_TOKEN"];

impl Process {
    /// Starts it in a terminal. Its standard input is empty, not the terminal: nobody would ever answer.
    pub fn in_terminal(spawn: &Spawn, to: &SyncSender<Message>) -> Result<Self, String> {
        let (cols, rows) = TERMINAL_SIZE;
        let size = PtySize {
            rows,
            cols,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pty = native_pty_system()
            .openpty(size)
            .map_err(|error| format!("cannot open a terminal: {error}"))?;
        let mut command = CommandBuilder::new("/bin/sh");
        command.args(["-c", "exec \"$@\" </dev/null", "runreel"]);
        command.args(&spawn.argv);
        command.cwd(&spawn.cwd);
        command.env("TERM", "xterm-256color");
        for (name, value) in &spawn.env {
            command.env(name, value);
        }
        for secret in SECRETS {
            command.env_remove(secret);
        }
        let mut child = pty
            .slave
            .spawn_command(command)
            .map_err(|error| format!("cannot start it: {error}"))?;
        drop(pty.slave);
        let reader = pty
            .master
            .try_clone_reader()
            .map_err(|error| format!("cannot read its terminal: {error}"))?;
        let group = group(child.process_id());
        pump(reader, Channel::Terminal, to)?;
        let ended = to.clone();
        start("wait", move || {
            let exit = match child.wait() {
                Ok(status) => match status.signal() {
                    Some(signal) => Exit::Signal(signal.to_owned()),
                    None => Exit::Code(status.exit_code()),
                },
                Err(error) => Exit::Unknown(error.to_string()),
            };
            tell(&ended, Message::Ended(exit));
        })?;
        Ok(Self {
            group,
            channels: 1,
            _terminal: Some(pty.master),
        })
    }

    /// Starts it with pipes for its output: for programs whose output is data.
    pub fn with_pipes(spawn: &Spawn, to: &SyncSender<Message>) -> Result<Self, String> {
        Self::without_terminal(spawn, Stdio::piped, to)
    }

    /// Starts it without output: only its end is heard of.
    pub fn silent(spawn: &Spawn, to: &SyncSender<Message>) -> Result<Self, String> {
        Self::without_terminal(spawn, Stdio::null, to)
    }

    fn without_terminal(
        spawn: &Spawn,
        output: fn() -> Stdio,
        to: &SyncSender<Message>,
    ) -> Result<Self, String> {
        let (program, args) = spawn.argv.split_first().ok_or("there is nothing to run")?;
        let mut command = std::process::Command::new(program);
        command
            .args(args)
            .current_dir(&spawn.cwd)
            .envs(&spawn.env)
            .stdin(Stdio::null())
            .stdout(output())
            .stderr(output())
            .process_group(0);
        for secret in SECRETS {
            command.env_remove(secret);
        }
        let mut child = command
            .spawn()
            .map_err(|error| format!("cannot start it: {error}"))?;
        let mut channels = 0;
        if let Some(stdout) = child.stdout.take() {
            pump(Box::new(stdout), Channel::Stdout, to)?;
            channels += 1;
        }
        if let Some(stderr) = child.stderr.take() {
            pump(Box::new(stderr), Channel::Stderr, to)?;
            channels += 1;
        }
        let group = group(Some(child.id()));
        let ended = to.clone();
        start("wait", move || {
            let exit = match child.wait() {
                Ok(status) => match (status.code(), status.signal()) {
                    (Some(code), _) => Exit::Code(code.unsigned_abs()),
                    (None, Some(signal)) => Exit::Signal(match Signal::try_from(signal) {
                        Ok(signal) => signal.to_string(),
                        Err(_) => format!("signal {signal}"),
                    }),
                    (None, None) => Exit::Unknown(status.to_string()),
                },
                Err(error) => Exit::Unknown(error.to_string()),
            };
            tell(&ended, Message::Ended(exit));
        })?;
        Ok(Self {
            group,
            channels,
            _terminal: None,
        })
    }

    /// Asks the whole group to end.
    pub fn terminate(&self) {
        self.signal(Signal::SIGTERM);
    }

    /// Ends the whole group.
    pub fn kill(&self) {
        self.signal(Signal::SIGKILL);
    }

    fn signal(&self, signal: Signal) {
        if let Some(group) = self.group {
            // The one error there is (no such group) says that it has ended: what we want.
            let _gone = killpg(group, signal);
        }
    }
}

/// A process that leads its group has the group's number.
fn group(pid: Option<u32>) -> Option<Pid> {
    let pid = i32::try_from(pid?).ok()?;
    // 0 and 1 would mean our own group and everybody.
    (pid > 1).then(|| Pid::from_raw(pid))
}

/// Passes on what can be read until there is no more.
fn pump(
    mut reader: Box<dyn Read + Send>,
    channel: Channel,
    to: &SyncSender<Message>,
) -> Result<(), String> {
    let to = to.clone();
    start("read", move || {
        let mut buffer = vec![0; 32 << 10];
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => {
                    if !tell(&to, Message::Output(channel, buffer[..count].to_vec())) {
                        return;
                    }
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                // A terminal whose last user has gone reads as an error on some systems.
                Err(_) => break,
            }
        }
        tell(&to, Message::Closed);
    })
}

/// Whether anybody still listens. Nobody does after a step gave up on its process: nothing to report then.
fn tell(to: &SyncSender<Message>, message: Message) -> bool {
    to.send(message).is_ok()
}

fn start(name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), String> {
    thread::Builder::new()
        .name(name.into())
        .spawn(work)
        .map(drop)
        .map_err(|error| format!("cannot start a thread: {error}"))
}
