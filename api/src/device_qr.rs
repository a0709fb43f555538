//! Device QRs: devices of the company as pictures, to be added again elsewhere (R-O6).

pub(crate) mod create;
mod writing;
