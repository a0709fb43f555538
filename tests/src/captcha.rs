//! The proof of work that stands beside a captcha's picture, done as a browser would do it.

use anyhow::{Context, Result};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// The number whose SHA-256 with the challenge has as many leading zero bits as asked for.
pub fn work(asked: &Value) -> Result<String> {
    let challenge = asked["challenge"].as_str().context("work has a challenge")?;
    let difficulty = u32::try_from(asked["difficulty"].as_u64().context("work has a difficulty")?)?;
    (0..u64::MAX)
        .map(|number| number.to_string())
        .find(|number| zero_bits(&Sha256::digest(format!("{challenge}:{number}"))) >= difficulty)
        .context("no number does")
}

fn zero_bits(hash: &[u8]) -> u32 {
    let zeros = hash.iter().take_while(|byte| **byte == 0).count();
    let rest = hash.get(zeros).map_or(0, |byte| byte.leading_zeros());
    u32::try_from(zeros).unwrap_or(u32::MAX).saturating_mul(8) + rest
}
