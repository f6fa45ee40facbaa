//! A real server in this process, on a free port, and the real `runreel` command.

use serde_json::Value;
use std::process::Command;
use std::sync::mpsc::channel;
use std::thread::JoinHandle;

/// Serves until it is dropped.
pub struct Served {
    pub url: String,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    _data: tempfile::TempDir,
}

impl Served {
    pub fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let config = server::Config {
            listen: ([127, 0, 0, 1], 0).into(),
            data: data.path().to_owned(),
            ..server::Config::default()
        };
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let (to, address) = channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async {
                let server = server::bind(config).await.unwrap();
                to.send(server.address()).unwrap();
                let shutdown = async { drop(stopped.await) };
                server.run(shutdown).await.unwrap();
            });
        });
        let url = format!("http://{}", address.recv().unwrap());
        Self {
            url,
            stop: Some(stop),
            thread: Some(thread),
            _data: data,
        }
    }

    pub fn get(&self, path: &str) -> Vec<u8> {
        let mut response = ureq::get(format!("{}/api/v1/{path}", self.url))
            .call()
            .unwrap();
        response
            .body_mut()
            .with_config()
            .limit(u64::MAX)
            .read_to_vec()
            .unwrap()
    }

    pub fn get_json(&self, path: &str) -> Value {
        serde_json::from_slice(&self.get(path)).unwrap()
    }

    pub fn post(&self, path: &str, body: &str) {
        ureq::post(format!("{}/api/v1/{path}", self.url))
            .send(body)
            .unwrap();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

/// The command, set to talk to `server`, with nothing of this process's own settings.
pub fn runreel(args: &[&str], server: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_runreel"));
    command
        .args(args)
        .env("RUNREEL_SERVER", server)
        .env_remove("RUNREEL_TOKEN");
    command
}
