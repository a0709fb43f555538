//! Samples of what owners of sites get, and of what companies hear from them.

use chrono::{DateTime, Duration, Utc};
use siteward_domain::grant::{DevicePermission, Validity};
use siteward_domain::handover::{Asks, DeviceAsk, HandoverKind};
use siteward_domain::mail::{MailLanguage, MailTemplate};
use siteward_domain::{DeviceId, SiteId};

use super::super::custody::{CompanyInvited, CustodyNews, CustodyTold};
use super::super::end_users::{EndUserChanged, EndUserDeleted, EndUserNews, EndUserTold};
use super::super::grants::{AskedFor, PermissionRequested, PermissionUsed, RequestAnswered};
use super::super::handovers::{HandoverInvitation, HandoverNews, HandoverTold};
use super::super::letters::AccountChange;
use super::super::template::{Letter, test_letter};
use super::{Names, ZONE};

const ADDRESS: &str = "192.0.2.17";

/// A letter of a kind.
pub(super) fn sample(
    template: MailTemplate,
    language: MailLanguage,
    names: &Names,
    company: &str,
    url: &str,
    now: DateTime<Utc>,
) -> Letter {
    let (site_id, device_id) = (SiteId::generate(now), DeviceId::generate(now));
    let (name, owner, site, zone) = (names.colleague, names.owner, names.site, ZONE);
    let (permission, validity) = (DevicePermission::Configuration, Validity::Hours4);
    let asks = Asks { site: true, devices: vec![DeviceAsk { device_id, permission, validity }] };
    let asked = AskedFor { devices: vec![(names.device.to_owned(), permission, validity)], ..AskedFor::default() };
    let invitation = |kind| HandoverInvitation {
        kind,
        company,
        name: owner,
        inviter: name,
        site,
        devices: 12,
        asks: &asks,
        remark: names.remark,
        until: now + Duration::days(7),
        zone,
        url,
    };
    let handover = |news| {
        let (allowed, site_id) = (&asks, site_id.as_str());
        let name = if news == HandoverNews::Welcome { owner } else { name };
        HandoverTold { news, company, name, owner, site, site_id, allowed, at: now, zone, url }.letter(language)
    };
    let end_user = |news| EndUserTold { news, name: owner, url }.letter(language);
    let custody =
        |news, name| CustodyTold { news, company, name, site, site_id: &site_id, at: now, zone, url }.letter(language);
    match template {
        MailTemplate::HandoverInvitation => invitation(HandoverKind::Transfer).letter(language),
        MailTemplate::ShareInvitation => invitation(HandoverKind::Share).letter(language),
        MailTemplate::HandoverAccepted => handover(HandoverNews::Accepted),
        MailTemplate::HandoverWelcome => handover(HandoverNews::Welcome),
        MailTemplate::HandoverRefused => handover(HandoverNews::Refused),
        MailTemplate::HandoverExpired => handover(HandoverNews::Expired),
        MailTemplate::EndUserRegistration => end_user(EndUserNews::Registration),
        MailTemplate::EndUserKnown => end_user(EndUserNews::Known),
        MailTemplate::EndUserPasswordReset => end_user(EndUserNews::PasswordReset),
        MailTemplate::EndUserChanged => {
            let change = AccountChange::Password;
            EndUserChanged { name: owner, change, at: now, zone, address: ADDRESS, url }.letter(language)
        }
        MailTemplate::EndUserDeleted => {
            let returned = [site.to_owned()];
            EndUserDeleted { name: owner, returned: &returned, freed: &[], at: now, zone, address: ADDRESS }
                .letter(language)
        }
        MailTemplate::PermissionRequested => PermissionRequested {
            company,
            asker: name,
            name: owner,
            site,
            site_id: &site_id,
            asked: &asked,
            remark: names.remark,
            url,
        }
        .letter(language),
        MailTemplate::PermissionUsed => PermissionUsed {
            company,
            who: name,
            name: owner,
            site,
            site_id: &site_id,
            device: names.device,
            permission,
            until: validity.end(now),
            at: now,
            zone,
            url,
        }
        .letter(language),
        MailTemplate::RequestAnswered => {
            RequestAnswered { name, owner, site, site_id: &site_id, asked: &asked, given: Some(&asked), url }
                .letter(language)
        }
        MailTemplate::CompanyInvitation => {
            let (remark, until) = (names.remark, now + Duration::days(7));
            CompanyInvited { owner, site, remark, until, zone, url }.letter(language)
        }
        MailTemplate::SiteTakenAway => custody(CustodyNews::TakenAway, name),
        MailTemplate::SiteServed => custody(CustodyNews::Served, owner),
        MailTemplate::SiteReturned => custody(CustodyNews::Returned, name),
        MailTemplate::SiteFreed => custody(CustodyNews::Freed, name),
        MailTemplate::UseSuspended => custody(CustodyNews::Suspended, owner),
        MailTemplate::UseResumed => custody(CustodyNews::Resumed, owner),
        // The others are not for owners.
        _ => test_letter(language, company, url),
    }
}
