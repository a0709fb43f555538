//! Our programs as real processes: started on free ports, ended when dropped.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// A running process that ends (by SIGKILL) when dropped.
pub struct Process {
    child: Child,
}

impl Process {
    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it at once, as `kill -9` does, and waits until it is gone.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A loopback port that is free just now.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// The folder of this build's programs: that of the running program, or its parent for tests.
pub fn program_folder() -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let folder = own.parent().context("a program stands in a folder")?;
    let folder = if folder.ends_with("deps") { folder.parent().unwrap_or(folder) } else { folder };
    Ok(folder.to_owned())
}

/// One of this build's programs. `cargo test` builds only the programs of the package that it tests, so it may be missing.
pub fn program(name: &str) -> Result<PathBuf> {
    let program = program_folder()?.join(name);
    if !program.is_file() {
        bail!("{} is not there: build the programs first, with `cargo build --workspace --bins`", program.display());
    }
    Ok(program)
}

/// A simulator process and what it said when it was ready.
pub struct SimulatorProcess {
    process: Process,
    /// The ready line: `control`, and `devices` unless it was started with `--quiet`.
    pub ready: Value,
}

impl SimulatorProcess {
    /// Starts `siteward-simulator` with `arguments` and waits until its devices answer.
    pub fn start(arguments: &[&str]) -> Result<Self> {
        let mut child = Command::new(program("siteward-simulator")?)
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .context("starting siteward-simulator")?;
        let output = child.stdout.take().context("no output of the simulator")?;
        let process = Process { child };
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let ready = serde_json::from_str(&line).with_context(|| format!("the simulator said {line:?}"))?;
        Ok(Self { process, ready })
    }

    /// The address of its control API.
    pub fn control(&self) -> &str {
        self.ready["control"].as_str().unwrap_or_default()
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.process.id()
    }
}

/// A link process: `siteward-link run` with a config file.
pub struct LinkProcess {
    process: Process,
}

impl LinkProcess {
    /// Enrols with a one-time code: writes the config file of a link that looks for devices at one SADP responder.
    ///
    /// Beside it stand its log (`.log`) and how it stands (`.json`).
    pub fn enrol(base: &str, code: &str, config: &Path, sadp: &str) -> Result<()> {
        let status = config.with_extension("json").display().to_string();
        let discovery = format!(
            "status_file = {status:?}\n[discovery]\ntargets = [\"{sadp}\"]\nlisten = \"127.0.0.1:0\"\nevery_seconds = 2\nwait_seconds = 1\nallow_loopback = true\n"
        );
        std::fs::write(config, discovery)?;
        let output = Command::new(program("siteward-link")?)
            .args(["enroll", base, code, "--config"])
            .arg(config)
            .output()
            .context("starting siteward-link")?;
        if !output.status.success() {
            bail!("the link could not enrol: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(())
    }

    /// Starts the link that a config file describes.
    pub fn start(config: &Path) -> Result<Self> {
        Self::start_with(&["run"], config)
    }

    /// The same with other arguments, e.g. `["run", "--verbose"]`.
    pub fn start_with(arguments: &[&str], config: &Path) -> Result<Self> {
        let child = Command::new(program("siteward-link")?)
            .args(arguments)
            .arg("--config")
            .arg(config)
            .stdout(Stdio::null())
            .stderr(std::fs::OpenOptions::new().create(true).append(true).open(config.with_extension("log"))?)
            .spawn()
            .context("starting siteward-link")?;
        Ok(Self { process: Process { child } })
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.process.id()
    }
}

/// A worker process: `siteward-worker` on the data of a server.
pub struct WorkerProcess {
    process: Process,
}

impl WorkerProcess {
    /// Starts a worker with its data in `data` and further settings from the environment, as the server beside it has them.
    pub fn start(data: &Path, environment: &[(&str, &str)]) -> Result<Self> {
        let child = Command::new(program("siteward-worker")?)
            .env("SITEWARD__DATA__DIR", data)
            .env("SITEWARD__DEVICES__ALLOW_LOOPBACK", "true")
            .envs(environment.iter().copied())
            .stdout(Stdio::null())
            .stderr(std::fs::OpenOptions::new().create(true).append(true).open(data.join("worker.log"))?)
            .spawn()
            .context("starting siteward-worker")?;
        Ok(Self { process: Process { child } })
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.process.id()
    }
}

/// A server process: `siteward serve` on a free port with its data in a folder.
pub struct ServerProcess {
    process: Process,
    /// Where it answers, e.g. `http://127.0.0.1:40123`.
    pub base: String,
    /// The one-time code of its set-up link, at a first start.
    pub setup_code: Option<String>,
}

impl ServerProcess {
    /// Starts the server on `port` with its data in `data` and waits until it answers.
    ///
    /// `environment` holds further settings, e.g. `("SITEWARD__POLLING__PERIOD_SECONDS", "2")`.
    pub fn start(data: &Path, port: u16, environment: &[(&str, &str)]) -> Result<Self> {
        Self::start_with(&["serve"], data, port, environment)
    }

    /// The same with other arguments, e.g. `["serve", "--no-worker"]`.
    pub fn start_with(arguments: &[&str], data: &Path, port: u16, environment: &[(&str, &str)]) -> Result<Self> {
        let mut child = Command::new(program("siteward")?)
            .args(arguments)
            .env("SITEWARD__DATA__DIR", data)
            .env("SITEWARD__SERVER__LISTEN", format!("127.0.0.1:{port}"))
            .env("SITEWARD__DEVICES__ALLOW_LOOPBACK", "true")
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(std::fs::OpenOptions::new().create(true).append(true).open(data.join("server.log"))?)
            .spawn()
            .context("starting siteward serve")?;
        let output = child.stdout.take().context("no output of the server")?;
        let process = Process { child };
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if let Some((_, code)) = line.split_once("#code=") {
                    let _ = sender.send(code.trim().to_owned());
                }
            }
        });
        wait_until_it_answers(port, Duration::from_secs(30))?;
        let setup_code = receiver.recv_timeout(Duration::from_millis(200)).ok();
        Ok(Self { process, base: format!("http://127.0.0.1:{port}"), setup_code })
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Ends it at once, as `kill -9` does.
    pub fn kill(&mut self) {
        self.process.kill();
    }
}

/// Waits until something answers `/healthz` on a loopback port.
pub fn wait_until_it_answers(port: u16, at_most: Duration) -> Result<()> {
    use std::io::{Read, Write};
    let started = Instant::now();
    while started.elapsed() < at_most {
        if let Ok(mut stream) = std::net::TcpStream::connect(("127.0.0.1", port)) {
            stream.set_read_timeout(Some(Duration::from_secs(2)))?;
            stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
            let mut answer = String::new();
            let _ = stream.read_to_string(&mut answer);
            if answer.starts_with("HTTP/1.1 200") {
                return Ok(());
            }
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    bail!("nothing answered on port {port} within {at_most:?}")
}
