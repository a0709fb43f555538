//! Searches for secrets that must not be where they are searched for (T10): as they are, in base64, in hex.

use std::path::Path;

use anyhow::Result;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// How a secret would look: as it is, in hex, and in base64 at any of the three places where it may begin in a longer text.
pub fn faces(secret: &str) -> Vec<Vec<u8>> {
    let hex = hex::encode(secret);
    let mut faces = vec![secret.as_bytes().to_vec(), hex.to_uppercase().into_bytes(), hex.into_bytes()];
    for shift in 0..3 {
        let shifted = [&b"xx"[..shift], secret.as_bytes()].concat();
        // The first and the last letters depend on what stands around: only those that hold nothing but the secret count.
        let (first, last) = ((shift * 8).div_ceil(6), shifted.len() * 8 / 6);
        for text in [STANDARD_NO_PAD.encode(&shifted), URL_SAFE_NO_PAD.encode(&shifted)] {
            faces.extend(text.as_bytes().get(first..last).map(<[u8]>::to_vec));
        }
    }
    faces.sort();
    faces.dedup();
    faces
}

/// How many faces of a secret are somewhere in these bytes.
pub fn hits(bytes: &[u8], secret: &str) -> usize {
    faces(secret).iter().filter(|face| contains(bytes, face)).count()
}

fn contains(bytes: &[u8], face: &[u8]) -> bool {
    let Some((first, rest)) = face.split_first() else { return false };
    bytes.iter().enumerate().any(|(place, byte)| {
        byte == first && bytes.get(place + 1..).is_some_and(|following| following.starts_with(rest))
    })
}

/// Every file of a folder and those below it: its path and content.
pub fn files(folder: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push((path.display().to_string(), std::fs::read(&path)?));
        }
    }
    Ok(found)
}
