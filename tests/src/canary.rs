//! Searches for secrets that must not be where they are searched for (T10): as they are, in base64, in base45, in hex.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use anyhow::Result;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// How a secret would look: as it is, in hex, and in base64 or base45 at any place where it may begin in a longer text.
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
    for shift in 0..2 {
        // Two bytes are three letters.
        let rest = secret.as_bytes().get(shift..).unwrap_or_default();
        let whole = rest.get(..rest.len() / 2 * 2).unwrap_or_default();
        faces.push(base45::encode(whole).into_bytes());
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

/// Looks for many secrets at once, in one pass over what may be long.
pub struct Search {
    secrets: Vec<String>,
    /// By their first two bytes: faces, and whose they are.
    faces: HashMap<[u8; 2], Vec<(Vec<u8>, usize)>>,
    begins: Vec<bool>,
}

impl Search {
    /// For these secrets; each must be some letters long.
    pub fn new<T: Into<String>>(secrets: impl IntoIterator<Item = T>) -> Self {
        let secrets: Vec<String> = secrets.into_iter().map(Into::into).collect();
        let (mut by_begin, mut begins) = (HashMap::<[u8; 2], Vec<(Vec<u8>, usize)>>::new(), vec![false; 1 << 16]);
        for (place, secret) in secrets.iter().enumerate() {
            for face in faces(secret) {
                let Some([first, second]) = face.first_chunk().copied() else { continue };
                if let Some(begin) = begins.get_mut(usize::from(u16::from_be_bytes([first, second]))) {
                    *begin = true;
                }
                by_begin.entry([first, second]).or_default().push((face, place));
            }
        }
        Self { secrets, faces: by_begin, begins }
    }

    /// How many secrets are looked for.
    pub fn count(&self) -> usize {
        self.secrets.len()
    }

    /// Those that are somewhere in these bytes.
    pub fn find(&self, bytes: &[u8]) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        for (place, pair) in bytes.windows(2).enumerate() {
            let Ok(pair) = <[u8; 2]>::try_from(pair) else { continue };
            if self.begins.get(usize::from(u16::from_be_bytes(pair))) != Some(&true) {
                continue;
            }
            for (face, whose) in self.faces.get(&pair).into_iter().flatten() {
                if bytes.get(place..).is_some_and(|rest| rest.starts_with(face)) {
                    found.extend(self.secrets.get(*whose).map(String::as_str));
                }
            }
        }
        found
    }
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
