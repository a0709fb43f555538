//! Why an export code, or one record of it, cannot be read; each with a stable code and without secrets.

/// Why a whole code cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// It begins with none of the known headers.
    #[error("this code begins with a header that is not known")]
    UnknownHeader,
    /// The body is not base64.
    #[error("the body of the code is not base64")]
    BadBase64,
    /// The body is not a zlib stream, or its checksum is wrong.
    #[error("the body of the code is damaged")]
    BadZlib,
    /// The body ends too early.
    #[error("the end of the code is missing")]
    Truncated,
    /// More text than a QR code can hold.
    #[error("the text is longer than 4 KiB")]
    TooLong,
    /// The body inflates to more than any export needs.
    #[error("the body of the code inflates to more than 64 KiB")]
    InflatesTooMuch,
    /// Something other than ASCII, in the text or in what it inflates to.
    #[error("the code holds characters that an export never has")]
    NotAscii,
    /// Readable so far, but not a list of devices.
    #[error("the code does not hold a list of devices: {0}")]
    Malformed(&'static str),
    /// More devices than 256.
    #[error("the code lists more than 256 devices")]
    TooManyDevices,
    /// The code carries a password and none was given.
    #[error("the code is protected by a password")]
    PasswordNeeded,
    /// The given password is not the code's.
    #[error("the password does not belong to this code")]
    PasswordWrong,
}

impl ExportError {
    /// The stable code of the error.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownHeader => "qr_unknown_header",
            Self::BadBase64 => "qr_bad_base64",
            Self::BadZlib => "qr_bad_zlib",
            Self::Truncated => "qr_truncated",
            Self::TooLong => "qr_too_long",
            Self::InflatesTooMuch => "qr_inflates_too_much",
            Self::NotAscii => "qr_not_ascii",
            Self::Malformed(_) => "qr_malformed",
            Self::TooManyDevices => "qr_too_many_devices",
            Self::PasswordNeeded => "qr_password_needed",
            Self::PasswordWrong => "qr_password_wrong",
        }
    }
}

/// Why one record cannot be read, and what of it could be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{fault}")]
pub struct RecordError {
    /// What is wrong.
    pub fault: RecordFault,
    /// The device's name, where it could be read.
    pub name: Option<String>,
    /// The device's address, where it could be read.
    pub host: Option<String>,
}

/// What is wrong with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecordFault {
    /// Not seven fields, nor eight with an empty last one.
    #[error("the record does not have seven fields")]
    Fields,
    /// The name is not base64.
    #[error("the name cannot be read")]
    Name,
    /// The mode is not 0 and the rest does not read like a known kind of entry.
    #[error("this kind of entry is not supported")]
    Mode,
    /// The host is neither an address nor a DNS name.
    #[error("the host is neither an address nor a DNS name")]
    Host,
    /// The port is not a number from 1 to 65535.
    #[error("the port is not a number from 1 to 65535")]
    Port,
    /// User name or password cannot be deciphered.
    #[error("the user name or password cannot be deciphered")]
    Ciphertext,
}

impl RecordError {
    /// The stable code of the error.
    pub fn code(&self) -> &'static str {
        match self.fault {
            RecordFault::Fields => "record_fields",
            RecordFault::Name => "record_name",
            RecordFault::Mode => "record_mode",
            RecordFault::Host => "record_host",
            RecordFault::Port => "record_port",
            RecordFault::Ciphertext => "record_ciphertext",
        }
    }
}
