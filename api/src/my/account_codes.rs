//! QR codes with which end users show who they are (R-E6): an owner scans one and offers channels to whoever shows it.

pub(crate) mod create;
pub(crate) mod read;
