//! Handing sites over, with the mails that belong to each step: all of a step is one transaction, so that nobody is told of
//! what did not happen, and everybody once of what did.

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use siteward_domain::company::Company;
use siteward_domain::handover::{Asks, HandoverKind, Offer};
use siteward_domain::mail::MailLanguage;
use siteward_domain::{CompanyId, EndUserId, HandoverId, StaffId};
use siteward_store::handovers::{self, Accepted, Accepting, Ended, Handover, HandoverChange, NewHandover};
use siteward_store::mails::Attachment;
use siteward_store::shares::ShareRefusal;
use siteward_store::{DbConn, Store, StoreError, Vault, companies, end_users, sites, staff};

use crate::handover_packs::{self, Pack};
use crate::mail::{self, HandoverInvitation, HandoverNews, HandoverTold};

/// Most invitations that one turn of the reconciler ends.
const MOST_AT_ONCE: i64 = 200;

/// Invites somebody, with the mail. That the status of the site allows it is for the caller to ask, after
/// [`handovers::hold_site`].
pub fn invite(
    conn: &mut DbConn,
    vault: &Vault,
    new: &NewHandover,
    token: &SecretString,
    now: DateTime<Utc>,
) -> Result<Handover, StoreError> {
    handovers::create_handover(conn, new, now)?;
    let handover = handovers::get_handover(conn, &new.company_id, &new.id, now)?;
    write_invitation(conn, vault, &new.company_id, &handover, (&new.token_hash, token), now)?;
    Ok(handover)
}

/// Changes an invitation that waits and sends it anew. The errors are those of [`handovers::renew_handover`].
pub fn renew(
    conn: &mut DbConn,
    vault: &Vault,
    (company, id): (&CompanyId, &HandoverId),
    change: &HandoverChange,
    (token_hash, token): (&str, &SecretString),
    times: (DateTime<Utc>, DateTime<Utc>),
) -> Result<Handover, StoreError> {
    let handover = handovers::renew_handover(conn, company, id, change, token_hash, times)?;
    write_invitation(conn, vault, company, &handover, (token_hash, token), times.0)?;
    Ok(handover)
}

fn write_invitation(
    conn: &mut DbConn,
    vault: &Vault,
    company: &CompanyId,
    handover: &Handover,
    (token_hash, token): (&str, &SecretString),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let company = companies::find_company(conn, company)?.ok_or(StoreError::NotFound)?;
    let url = mail::public_url(conn)?;
    let site = sites::get_site(conn, &company.id, &handover.site_id)?;
    let devices = match &handover.offer {
        Offer::Transfer(_) => handovers::count_devices(conn, &handover.site_id)?,
        Offer::Share(channels) => {
            channels.iter().map(|channel| &channel.device_id).collect::<std::collections::HashSet<_>>().len()
        }
    };
    let asks = handover.offer.asks();
    let told = HandoverInvitation {
        kind: handover.kind,
        company: &company.name,
        name: &handover.name,
        inviter: handover.inviter.as_deref().unwrap_or(&company.name),
        site: &handover.site_name,
        devices,
        asks: &asks,
        remark: &handover.remark,
        until: handover.expires_at,
        zone: site.time_zone.parse().unwrap_or(chrono_tz::UTC),
        url: &url,
    };
    let letter = told.letter(handover.language);
    let mut mail = mail::address_with_token(vault, &company, &handover.email, letter, token, now)?;
    mail.link_hash = Some(token_hash.to_owned());
    mail::enqueue(conn, &mail, now)
}

/// Accepts, keeps the handover pack, and tells both sides; the owner gets the pack. The errors are those of [`handovers::accept`],
/// and of [`handover_packs::keep`].
pub fn accept(
    conn: &mut DbConn,
    accepting: &Accepting,
    pack: Option<&Pack>,
    now: DateTime<Utc>,
) -> Result<Result<Accepted, ShareRefusal>, StoreError> {
    let accepted = match handovers::accept(conn, accepting, now)? {
        Ok(accepted) => accepted,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Accepted { company_id, handover, allowed, .. } = &accepted;
    if let Some(pack) = pack {
        handover_packs::keep(conn, pack, (company_id, &handover.site_id), &accepting.end_user_id, now)?;
    }
    let owner = end_users::get_end_user(conn, &accepting.end_user_id)?;
    tell_company(conn, company_id, handover, HandoverNews::Accepted, (&owner.name, allowed), now)?;
    if handover.kind == HandoverKind::Transfer {
        let files = pack.map(|pack| pack.files.clone()).unwrap_or_default();
        let to = Reader { name: &owner.name, email: &owner.email, language: owner.language, files };
        tell(conn, company_id, handover, HandoverNews::Welcome, to, (&owner.name, allowed), now)?;
    }
    Ok(Ok(accepted))
}

/// The receiver refuses, and the company is told. The errors are those of [`handovers::refuse`].
pub fn refuse(
    conn: &mut DbConn,
    (company, id): (&CompanyId, &HandoverId),
    token_hash: Option<&str>,
    end_user: Option<&EndUserId>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Ended { company_id, handover } = handovers::refuse(conn, company, id, token_hash, end_user, now)?;
    let who = if handover.name.is_empty() { &handover.email } else { &handover.name };
    tell_company(conn, &company_id, &handover, HandoverNews::Refused, (who, &Asks::default()), now)
}

/// Ends invitations that nobody answered in time, and tells the companies; gives how many.
pub(crate) fn expire(store: &Store, now: DateTime<Utc>) -> Result<usize, StoreError> {
    if !store.read(|conn| handovers::is_any_due(conn, now))? {
        return Ok(0);
    }
    store.write(|conn| {
        let ended = handovers::expire(conn, now, MOST_AT_ONCE)?;
        for Ended { company_id, handover } in &ended {
            let who = if handover.name.is_empty() { &handover.email } else { &handover.name };
            tell_company(conn, company_id, handover, HandoverNews::Expired, (who, &Asks::default()), now)?;
        }
        Ok(ended.len())
    })
}

/// Who reads a mail.
struct Reader<'a> {
    name: &'a str,
    email: &'a str,
    language: MailLanguage,
    /// What goes with it.
    files: Vec<Attachment>,
}

/// Tells who invited; where they are not here any more, the Admin.
fn tell_company(
    conn: &mut DbConn,
    company: &CompanyId,
    handover: &Handover,
    news: HandoverNews,
    what: (&str, &Asks),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(reader) = inviter_or_admin(conn, company, handover.invited_by.as_ref())? else { return Ok(()) };
    let to = Reader { name: &reader.name, email: &reader.email, language: reader.language, files: Vec::new() };
    tell(conn, company, handover, news, to, what, now)
}

fn inviter_or_admin(
    conn: &mut DbConn,
    company: &CompanyId,
    inviter: Option<&StaffId>,
) -> Result<Option<staff::StaffRecord>, StoreError> {
    let inviter = match inviter {
        Some(id) => match staff::get_staff(conn, company, id) {
            Err(StoreError::NotFound) => None,
            found => Some(found?).filter(|member| !member.disabled),
        },
        None => None,
    };
    match inviter {
        Some(inviter) => Ok(Some(inviter)),
        None => staff::find_admin(conn, company),
    }
}

fn tell(
    conn: &mut DbConn,
    company: &CompanyId,
    handover: &Handover,
    news: HandoverNews,
    to: Reader<'_>,
    (owner, allowed): (&str, &Asks),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let company: Company = companies::find_company(conn, company)?.ok_or(StoreError::NotFound)?;
    let site = sites::get_site(conn, &company.id, &handover.site_id)?;
    let url = match news {
        HandoverNews::Welcome => mail::public_url(conn)?,
        _ => company.public_url.clone(),
    };
    let told = HandoverTold {
        news,
        company: &company.name,
        name: to.name,
        owner,
        site: &site.name,
        site_id: site.id.as_str(),
        allowed,
        at: now,
        zone: site.time_zone.parse().unwrap_or(chrono_tz::UTC),
        url: &url,
    };
    let mut mail = mail::address(&company, to.email, told.letter(to.language), now);
    mail.attachments = to.files;
    mail::enqueue(conn, &mail, now)
}
