//! What end users do, `/api/v1/my`: their accounts, apart from staff even where the address is the same.

pub(crate) mod handovers;
pub(crate) mod session;
