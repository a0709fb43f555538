//! What end users do, `/api/v1/my`: their accounts, apart from staff even where the address is the same.

pub(crate) mod access_log;
pub(crate) mod account_codes;
pub(crate) mod address_changes;
pub(crate) mod channels;
pub(crate) mod channels_to_share;
mod code_pictures;
pub(crate) mod company_invitations;
pub(crate) mod custody;
pub(crate) mod devices;
pub(crate) mod events;
pub(crate) mod grant_requests;
pub(crate) mod grants;
pub(crate) mod handovers;
pub(crate) mod live;
pub(crate) mod profile;
pub(crate) mod ptz;
pub(crate) mod recordings;
pub(crate) mod registrations;
pub(crate) mod session;
pub(crate) mod sessions;
pub(crate) mod given_shares;
pub(crate) mod received_offers;
pub(crate) mod share_applications;
pub(crate) mod share_codes;
pub(crate) mod share_offers;
pub(crate) mod shares;
pub(crate) mod sites;
