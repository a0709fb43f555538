//! Every limit of sharing, receiving and giving away, in one table: what an interface to other programs has to keep, too.

/// Accounts that a channel is shared with at most (R-E3).
pub const MOST_RECEIVERS: usize = 64;
/// Accounts, companies among them, that somebody receives from at most (R-E3).
pub const MOST_GIVERS: usize = 100;
/// The highest number of a channel that is shared or used.
pub const MOST_CHANNEL: u32 = 4096;
/// Channels of one share at most.
pub const MOST_CHANNELS: usize = 1024;

/// Offers of one owner that wait at most.
pub const MOST_OFFERS_WAITING: i64 = 1000;
/// Offers of one account within an hour.
pub const MOST_OFFERS_AN_HOUR: usize = 100;
/// Mails about offers that one address gets within an hour. What is offered beyond is in the portal all the same.
pub const MOST_OFFER_MAILS_AN_HOUR: usize = 3;

/// How long a temporary QR lasts, in seconds (R-E5).
pub const TEMPORARY_SECONDS: i64 = 300;
/// Days that a long-term QR may last at most (R-E5).
pub const MOST_CODE_DAYS: u32 = 365;
/// How long the QR that shows who somebody is lasts, in seconds (R-E6).
pub const ACCOUNT_CODE_SECONDS: i64 = 600;
/// Codes of a giver that are good at once, at most.
pub const MOST_CODES: usize = 100;
/// Characters of a code's label at most.
pub const MOST_LABEL: usize = 128;
/// Characters of a code's password.
pub const PASSWORD_CHARACTERS: std::ops::RangeInclusive<usize> = 6..=64;
/// Wrong passwords of a code, from anywhere within a quarter of an hour, after which it rests: at this pace six digits outlast a code.
pub const MOST_CODE_FAILURES: u64 = 25;

/// Times that somebody may apply with one code, whatever became of it.
pub const MOST_APPLICATIONS_A_CODE: i64 = 3;
/// Applications of one account within an hour: each is a mail to somebody.
pub const MOST_APPLICATIONS_AN_HOUR: usize = 20;

/// How long the code that confirms a transfer is good, in minutes.
pub const TRANSFER_CODE_MINUTES: i64 = 10;
/// Wrong codes after which a transfer is void.
pub const TRANSFER_CODE_TRIES: i64 = 5;
/// Transfers that somebody begins within an hour.
pub const MOST_TRANSFERS_AN_HOUR: usize = 5;
/// Mails about transfers that one address gets within an hour. What is offered beyond is in the portal all the same.
pub const MOST_TRANSFER_MAILS_AN_HOUR: usize = 5;
