//! What opening a sealed device QR costs whoever has its password, and whoever guesses.

use anyhow::{Result, ensure};
use chrono::Utc;
use secrecy::SecretString;
use siteward_qr::sealed::{Argon2id, Envelope, Place, SealedDevice, SealedError, SealingKey, split};

use crate::report::{Goal, Report, headline};
use crate::usage::{cpu_time, median};

const PART: &str = "sealed";
const GUESSES: usize = 7;

/// Opens a sealed code with its password, and with wrong ones.
pub(crate) fn measure(report: &mut Report) -> Result<()> {
    headline("Sealed device QR: the work of one guess, and of opening");
    let now = Utc::now().timestamp();
    let device = SealedDevice {
        name: "Gate".into(),
        place: Place::Address { host: "192.168.1.64".into(), port: 80 },
        user_name: "admin".into(),
        password: "Garden-2026".into(),
    };
    let password = SecretString::from("paper-and-pen 7");
    let sheet = split(&[device], now + 86_400)?.remove(0);
    let text = SealingKey::derive(&password, [7; 16], &Argon2id)?.seal(&sheet, [9; 12])?;
    let (mut right, mut wrong) = (Vec::new(), Vec::new());
    for number in 0..GUESSES {
        right.push(work(|| Envelope::parse(&text)?.derive(&password, &Argon2id).map(drop))?);
        let guess = SecretString::from(format!("guess {number}"));
        wrong.push(work(|| {
            let envelope = Envelope::parse(&text)?;
            match envelope.open(&envelope.derive(&guess, &Argon2id)?, now) {
                Err(SealedError::WrongPassword) => Ok(()),
                _ => Err(SealedError::Damaged),
            }
        })?);
    }
    ensure!(!right.is_empty(), "nothing was opened");
    report.add(PART, "opening a code", median(&right), "CPU-s", Goal::AtLeast(0.2));
    report.add(PART, "a wrong guess", median(&wrong), "CPU-s", Goal::AtLeast(0.2));
    Ok(())
}

/// Processor time that something takes, seconds.
fn work(what: impl FnOnce() -> Result<(), SealedError>) -> Result<f64> {
    let before = cpu_time(std::process::id())?;
    what()?;
    Ok(cpu_time(std::process::id())?.saturating_sub(before).as_secs_f64())
}
