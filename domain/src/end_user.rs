//! End users (R-E1): customers with an account of their own, apart from the staff of companies.

/// Hours in which the link that confirms a registration is good.
pub const REGISTRATION_HOURS: i64 = 24;
/// Most characters of an end user's name.
pub const MOST_NAME_CHARACTERS: usize = 128;
