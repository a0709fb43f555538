//! `siteward qr`: reading and writing QR codes.

mod decode;
mod encode;
mod report;
mod sealing;

use clap::Subcommand;

use super::Failure;

#[derive(Subcommand)]
pub(super) enum Qr {
    /// Tell what a QR code holds: an export of devices, sealed devices, or a device label.
    Decode(decode::Decode),
    /// Write an export QR that the vendor's apps read, or a sealed QR.
    Encode(encode::Encode),
}

impl Qr {
    pub(super) fn wants_json(&self) -> bool {
        matches!(self, Self::Decode(decode) if decode.json)
    }

    pub(super) fn run(&self) -> Result<(), Failure> {
        match self {
            Self::Decode(decode) => decode.run(),
            Self::Encode(encode) => encode.run(),
        }
    }
}
