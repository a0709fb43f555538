//! A mail server that is not ours (aiosmtpd), for tests of what reaches people by mail.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::client::Client;
use crate::{peers, root};

/// The server; ends with its value.
pub struct ForeignMail {
    child: Child,
    port: u64,
    taken: Arc<Mutex<Vec<Value>>>,
    faults: Mutex<Receiver<String>>,
}

impl Drop for ForeignMail {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl ForeignMail {
    /// Starts it.
    pub fn start() -> Result<Self> {
        let mut child = Command::new(peers::python()?)
            .arg(root().join("tests/peers/mail_server.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("starting aiosmtpd")?;
        let mut lines = BufReader::new(child.stdout.take().context("no output of aiosmtpd")?).lines();
        let ready: Value = serde_json::from_str(&lines.next().context("aiosmtpd said nothing")??)?;
        let taken = Arc::new(Mutex::new(Vec::new()));
        let of_thread = Arc::clone(&taken);
        let (answers, faults) = mpsc::channel();
        std::thread::spawn(move || {
            for told in lines.map_while(Result::ok).filter_map(|line| serde_json::from_str::<Value>(&line).ok()) {
                if let Some(fault) = told["fault"].as_str() {
                    let _ = answers.send(fault.to_owned());
                } else {
                    of_thread.lock().unwrap_or_else(PoisonError::into_inner).push(told);
                }
            }
        });
        Ok(Self { child, port: ready["port"].as_u64().context("a port")?, taken, faults: Mutex::new(faults) })
    }

    /// Has a server send its mails here.
    pub async fn be_server_of(&self, admin: &Client) -> Result<()> {
        let settings = json!({
            "host": "127.0.0.1", "port": self.port, "security": "none", "sender_name": "Siteward",
            "sender_address": "alarms@siteward.example", "language": "en",
        });
        admin.send_json(http::Method::PUT, "/mail_settings", &settings).await?.ok()?;
        Ok(())
    }

    /// What it does wrong from now on: `busy`, `refuse`, `cut`, `stall`, or nothing when empty.
    pub fn fault(&mut self, fault: &str) -> Result<()> {
        let input = self.child.stdin.as_mut().context("no input of aiosmtpd")?;
        writeln!(input, "{fault}")?;
        input.flush()?;
        let faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        faults.recv_timeout(Duration::from_secs(10)).context("aiosmtpd did not hear").map(drop)
    }

    /// The mails that came, oldest first: `to`, `subject`, `message_id`, `text`, `html` and `parts` of each.
    pub fn taken(&self) -> Vec<Value> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The subjects of the mails that came, oldest first.
    pub fn subjects(&self) -> Vec<String> {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.iter().filter_map(|mail| mail["subject"].as_str().map(str::to_owned)).collect()
    }

    /// The texts of the mails that came, oldest first.
    pub fn texts(&self) -> Vec<String> {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.iter().filter_map(|mail| mail["text"].as_str().map(str::to_owned)).collect()
    }
}
