//! Frames: four bytes of length, most significant first, and JSON.

use std::io;

use secrecy::zeroize::Zeroizing;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Bytes of JSON in one frame, at most: the sightings of some ten thousand devices.
pub const MOST_BYTES: u32 = 4 * 1024 * 1024;
/// Room made before a byte has come: who announces much must also send it. Frames with secrets are smaller, so
/// that these are never left behind in a buffer that was outgrown.
const FIRST_ROOM: usize = 4096;

/// Writes one frame.
///
/// Errors: those of `out`; [`io::ErrorKind::InvalidInput`] where the value is larger than [`MOST_BYTES`].
pub async fn write<T: Serialize, W: AsyncWrite + Unpin>(out: &mut W, value: &T) -> io::Result<()> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(FIRST_ROOM));
    bytes.extend_from_slice(&[0; 4]);
    serde_json::to_writer(&mut *bytes, value)?;
    let length = u32::try_from(bytes.len().saturating_sub(4)).ok().filter(|length| *length <= MOST_BYTES);
    let length = length.ok_or(io::ErrorKind::InvalidInput)?;
    if let Some(head) = bytes.first_chunk_mut() {
        *head = length.to_be_bytes();
    }
    out.write_all(&bytes).await?;
    out.flush().await
}

/// Reads one frame.
///
/// Errors: those of `input`; [`io::ErrorKind::InvalidData`] for a frame that is too large or is not a `T`.
pub async fn read<T: DeserializeOwned, R: AsyncRead + Unpin>(input: &mut R) -> io::Result<T> {
    let length = input.read_u32().await?;
    if length > MOST_BYTES {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let length = length as usize;
    let mut bytes = Zeroizing::new(Vec::with_capacity(length.min(FIRST_ROOM)));
    input.take(length as u64).read_to_end(&mut bytes).await?;
    if bytes.len() < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    // What was wrong in it is not told: it may hold a secret.
    serde_json::from_slice(&bytes).map_err(|_| io::ErrorKind::InvalidData.into())
}
