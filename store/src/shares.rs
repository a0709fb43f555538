//! Shares: channels of a site that somebody may use who does not own it (R-G5, R-E2, R-E3). Given by the company that kept the site,
//! or by its owner.

mod concerning;
mod editing;
mod ending;
mod giving;
mod listing;
mod showing;
mod telling;
mod using;

use diesel::QueryableByName;
use diesel::sql_types::BigInt;
use siteward_domain::share::{GiverKind, SharedChannel};
use siteward_domain::{EndUserId, ShareId, SiteId};

use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

pub use concerning::concerned;
pub use editing::{change_given, remove_given_device};
pub(crate) use ending::{end_across_regions, follow_move, lose_device, with_device};
pub use ending::{end_of_giver, end_of_receiver, hold_sites_around, leave, remove, remove_given, remove_given_to};
pub(crate) use giving::settle;
pub use giving::{accept_channels, give};
pub use listing::{
    Given, MOST_SHOWN, Received, Share, ToldShare, find_share, find_told, get_given, is_received_by, list_given,
    list_of_site, list_received,
};
pub use showing::ReceivedChannel;
pub(crate) use showing::{Of, channels_of};
pub use using::{Use, UseRefusal, may_see, may_use};

/// A share to give.
#[derive(Debug, Clone)]
pub struct NewShare {
    /// Its id.
    pub id: ShareId,
    /// The site.
    pub site_id: SiteId,
    /// Whether its company or its owner gives it.
    pub giver_kind: GiverKind,
    /// The id of either.
    pub giver_id: String,
    /// Who receives it.
    pub receiver_id: EndUserId,
    /// The channels. Permissions that a device of its kind has not are left out, and live pictures put in.
    pub channels: Vec<SharedChannel>,
}

/// Why a share is not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ShareRefusal {
    /// They receive channels of this site from this giver already (R-G5).
    AlreadyReceives,
    /// The receiver is the owner of the site.
    IsOwner,
    /// A channel is shared with as many as it may (R-E3).
    ChannelIsFull,
    /// The receiver receives from as many as they may (R-E3).
    ReceiverIsFull,
    /// Nothing of what is named is on the site.
    NothingToShare,
    /// A share would get more channels than one may have.
    TooManyChannels,
    /// The two accounts are in different regions (R-E2).
    RegionDiffers,
    /// The firmware of a device is too old for it to be shared (R-E8).
    FirmwareTooOld {
        /// The oldest that is new enough.
        needed: &'static str,
    },
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn count(conn: &mut DbConn, query: Select) -> Result<usize, StoreError> {
    let rows: Vec<Count> = query.load(conn)?;
    Ok(rows.first().and_then(|row| usize::try_from(row.count).ok()).unwrap_or_default())
}

/// The receiver's own name for a share; an empty one takes it away.
pub fn rename(conn: &mut DbConn, id: &ShareId, receiver: &EndUserId, name: &str) -> Result<(), StoreError> {
    let update = Select::new("UPDATE shares SET name = ");
    let update = if name.is_empty() { update.sql("NULL") } else { update.text(name) };
    let changed = update
        .sql(" WHERE ended_at IS NULL AND receiver_id = ")
        .text(receiver.as_str())
        .sql(" AND id = ")
        .text(id.as_str())
        .execute(conn)?;
    if changed == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
