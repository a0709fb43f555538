//! Every letter with made-up content, so that an Admin sees what people get before anybody gets it.
//!
//! A new template needs a sample here; the compiler says so.

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use siteward_domain::custody::COMPANY_INVITATION_DAYS;
use siteward_domain::device_event::DeviceEventKind;
use siteward_domain::exception::ExceptionKind;
use siteward_domain::grant::{DevicePermission, Validity};
use siteward_domain::handover::{Asks, HandoverKind};
use siteward_domain::incident::IncidentKind;
use siteward_domain::mail::{MailLanguage, MailTemplate};
use siteward_domain::notification::Told;
use siteward_domain::share::ShareEnd;
use siteward_domain::{DeviceId, SiteId};

use super::alarms::ShareAlarm;
use super::custody::{CompanyInvited, CustodyNews, CustodyTold};
use super::digest::{Digest, DigestItem};
use super::end_users::{EndUserChanged, EndUserDeleted, EndUserNews, EndUserTold};
use super::grants::{AskedFor, PermissionRequested, PermissionUsed, RequestAnswered};
use super::handovers::{HandoverInvitation, HandoverNews, HandoverTold};
use super::incidents::IncidentTold;
use super::letters::{AccountChange, AccountChanged, PasswordReset, StaffInvitation};
use super::linkage::LinkageTold;
use super::sharing::{Answered, ShareAnswered, ShareApplied, ShareOffered, ShareTold};
use super::summary::{DailySummary, SummaryItem};
use super::template::{DeviceUnbound, Letter, test_letter};
use super::texts_to_phones::TextTold;
use super::transfers::TransferTold;

/// The zone of the made-up site.
const ZONE: Tz = Tz::Europe__Berlin;
const OFFLINE: IncidentKind = IncidentKind::Exception(ExceptionKind::DeviceOffline);

/// Names in the language of the letter.
struct Names {
    person: &'static str,
    colleague: &'static str,
    role: &'static str,
    site: &'static str,
    device: &'static str,
    router: &'static str,
    rule: &'static str,
}

const ENGLISH: Names = Names {
    person: "Anna Smith",
    colleague: "Alex Lockwood",
    role: "Installer",
    site: "Villa Harbour",
    device: "Gate camera",
    router: "Router in the cellar",
    rule: "Night watch",
};
const RUSSIAN: Names = Names {
    person: "Анна Смирнова",
    colleague: "Алексей Орлов",
    role: "Монтажник",
    site: "Вилла у гавани",
    device: "Камера у ворот",
    router: "Роутер в подвале",
    rule: "Ночной дозор",
};

/// A letter of a kind as this company would send it.
pub fn sample(template: MailTemplate, language: MailLanguage, company: &str, url: &str, now: DateTime<Utc>) -> Letter {
    let names = match language {
        MailLanguage::En => &ENGLISH,
        MailLanguage::Ru => &RUSSIAN,
    };
    let (name, zone) = (names.person, ZONE);
    match template {
        MailTemplate::Test => test_letter(language, company, url),
        MailTemplate::DeviceUnbound => {
            let (device, site, serial) = (names.device, names.site, "Q12345678");
            DeviceUnbound { company, device, serial, site, at: now, zone, url }.letter(language)
        }
        MailTemplate::StaffInvitation => {
            let (inviter, role) = (names.colleague, names.role);
            StaffInvitation { company, name, inviter, role, url }.letter(language)
        }
        MailTemplate::PasswordReset => PasswordReset { company, name, url }.letter(language),
        MailTemplate::EndUserRegistration => {
            EndUserTold { news: EndUserNews::Registration, name, url }.letter(language)
        }
        MailTemplate::EndUserKnown => EndUserTold { news: EndUserNews::Known, name, url }.letter(language),
        MailTemplate::EndUserAddress => EndUserTold { news: EndUserNews::Address, name, url }.letter(language),
        MailTemplate::EndUserPasswordReset => {
            EndUserTold { news: EndUserNews::PasswordReset, name, url }.letter(language)
        }
        MailTemplate::EndUserChanged => {
            let (change, address) = (AccountChange::Password, "192.0.2.17");
            EndUserChanged { name, change, at: now, zone, address, url }.letter(language)
        }
        MailTemplate::EndUserDeleted => {
            let (returned, address) = ([names.site.to_owned()], "192.0.2.17");
            EndUserDeleted { name, returned: &returned, freed: &[], at: now, zone, address }.letter(language)
        }
        MailTemplate::AccountChanged => {
            let (change, address) = (AccountChange::Password, "192.0.2.17");
            AccountChanged { company, name, change, at: now, zone, address, url }.letter(language)
        }
        MailTemplate::IncidentOpened => incident(names, None, company, url, now).letter(language),
        MailTemplate::IncidentClosed => incident(names, Some(now), company, url, now).letter(language),
        MailTemplate::Digest => {
            let item = |what, name| DigestItem { what, site: names.site, name, kind: OFFLINE };
            let items = [item(Told::IncidentOpened, names.router), item(Told::IncidentClosed, names.device)];
            Digest { company, items: &items, url }.letter(language)
        }
        MailTemplate::DailySummary => {
            let item = |name, closed_at| SummaryItem {
                site: names.site,
                name,
                kind: OFFLINE,
                opened_at: now - Duration::hours(5),
                closed_at,
            };
            let (open, ended) = (vec![item(names.router, None)], vec![item(names.device, Some(now))]);
            DailySummary { company, name, open, open_count: 1, ended, ended_count: 1, now, zone, url }.letter(language)
        }
        MailTemplate::HandoverInvitation => {
            handed_over(names, HandoverKind::Transfer, company, url, now).letter(language)
        }
        MailTemplate::ShareInvitation => handed_over(names, HandoverKind::Share, company, url, now).letter(language),
        MailTemplate::HandoverAccepted => answered(names, HandoverNews::Accepted, company, url, now).letter(language),
        MailTemplate::HandoverWelcome => answered(names, HandoverNews::Welcome, company, url, now).letter(language),
        MailTemplate::HandoverRefused => answered(names, HandoverNews::Refused, company, url, now).letter(language),
        MailTemplate::HandoverExpired => answered(names, HandoverNews::Expired, company, url, now).letter(language),
        MailTemplate::PermissionRequested => {
            let (site_id, asked) = (SiteId::generate(now), asked_for(names));
            let (asker, site, remark) = (names.colleague, names.site, "");
            PermissionRequested { company, asker, name, site, site_id: &site_id, asked: &asked, remark, url }
                .letter(language)
        }
        MailTemplate::RequestAnswered => {
            let (site_id, asked) = (SiteId::generate(now), asked_for(names));
            let (name, owner, given) = (names.colleague, names.person, Some(&asked));
            RequestAnswered { name, owner, site: names.site, site_id: &site_id, asked: &asked, given, url }
                .letter(language)
        }
        MailTemplate::CompanyInvitation => {
            let (owner, site, until) = (names.person, names.site, now + Duration::days(COMPANY_INVITATION_DAYS));
            CompanyInvited { owner, site, remark: "", until, zone, url }.letter(language)
        }
        MailTemplate::SiteTakenAway => changed_hands(names, CustodyNews::TakenAway, company, url, now, language),
        MailTemplate::SiteServed => changed_hands(names, CustodyNews::Served, company, url, now, language),
        MailTemplate::SiteReturned => changed_hands(names, CustodyNews::Returned, company, url, now, language),
        MailTemplate::SiteFreed => changed_hands(names, CustodyNews::Freed, company, url, now, language),
        MailTemplate::UseSuspended => changed_hands(names, CustodyNews::Suspended, company, url, now, language),
        MailTemplate::UseResumed => changed_hands(names, CustodyNews::Resumed, company, url, now, language),
        MailTemplate::RentalEnded => changed_hands(names, CustodyNews::RentalEnded, company, url, now, language),
        MailTemplate::RentalEndedByOwner => {
            changed_hands(names, CustodyNews::RentalEndedByOwner, company, url, now, language)
        }
        MailTemplate::ShareOffered
        | MailTemplate::ShareOfferedNew
        | MailTemplate::ShareApplied
        | MailTemplate::ShareAnswered
        | MailTemplate::ShareChanged
        | MailTemplate::ShareEnded => sharing(template, language, names, url, now),
        MailTemplate::PhoneCode => TextTold::Code.letter(language, url),
        MailTemplate::ShareOfferedPhone => {
            TextTold::Offered { giver: names.colleague, site: names.site }.letter(language, url)
        }
        MailTemplate::DeviceTransferCode
        | MailTemplate::DeviceTransferOffered
        | MailTemplate::DeviceTransferAnswered => {
            let (device, giver, receiver) = (names.device, names.person, "rita@example.org");
            let told = TransferTold { device, serial: "Q12345678", giver, receiver, url };
            match template {
                MailTemplate::DeviceTransferCode => told.code(10, language),
                MailTemplate::DeviceTransferOffered => told.offer(language),
                _ => told.answer(true, language),
            }
        }
        MailTemplate::PermissionUsed => PermissionUsed {
            company,
            who: names.colleague,
            name,
            site: names.site,
            site_id: &SiteId::generate(now),
            device: names.device,
            permission: DevicePermission::LiveView,
            until: Some(now + Duration::hours(1)),
            at: now,
            zone,
            url,
        }
        .letter(language),
        MailTemplate::ShareAlarm => {
            let device_id = DeviceId::generate(now);
            ShareAlarm {
                name,
                site: names.site,
                device: names.device,
                device_id: &device_id,
                channel: Some(1),
                kind: DeviceEventKind::Motion,
                at: now,
                zone,
                url,
            }
            .letter(language)
        }
        MailTemplate::LinkageFired => {
            let site_id = SiteId::generate(now);
            LinkageTold {
                company,
                site: names.site,
                site_id: &site_id,
                rule: names.rule,
                device: names.device,
                channel: Some(1),
                kind: DeviceEventKind::Intrusion,
                at: now,
                zone,
                url,
            }
            .letter(language)
        }
    }
}

fn changed_hands(
    names: &Names,
    news: CustodyNews,
    company: &str,
    url: &str,
    now: DateTime<Utc>,
    language: MailLanguage,
) -> Letter {
    use CustodyNews::{Freed, Returned, TakenAway};
    let name = if matches!(news, TakenAway | Returned | Freed) { names.colleague } else { names.person };
    let site_id = SiteId::generate(now);
    CustodyTold { news, company, name, site: names.site, site_id: &site_id, at: now, zone: ZONE, url }.letter(language)
}

/// What a company applies for in the samples.
fn asked_for(names: &Names) -> AskedFor {
    let live_view = (names.device.to_owned(), DevicePermission::LiveView, Validity::Hours1);
    AskedFor { devices: vec![live_view], ..AskedFor::default() }
}

/// What is asked for in the samples.
static ASKED: Asks = Asks { site: true, devices: Vec::new() };

fn handed_over<'a>(
    names: &'a Names,
    kind: HandoverKind,
    company: &'a str,
    url: &'a str,
    now: DateTime<Utc>,
) -> HandoverInvitation<'a> {
    HandoverInvitation {
        kind,
        company,
        name: names.person,
        inviter: names.colleague,
        site: names.site,
        devices: 4,
        asks: &ASKED,
        remark: "",
        until: now + Duration::days(7),
        zone: ZONE,
        url,
    }
}

fn answered<'a>(
    names: &'a Names,
    news: HandoverNews,
    company: &'a str,
    url: &'a str,
    now: DateTime<Utc>,
) -> HandoverTold<'a> {
    let name = if news == HandoverNews::Welcome { names.person } else { names.colleague };
    HandoverTold {
        news,
        company,
        name,
        owner: names.person,
        site: names.site,
        site_id: "01890f00-0000-7000-8000-000000000001",
        allowed: &ASKED,
        at: now,
        zone: ZONE,
        url,
    }
}

fn sharing(template: MailTemplate, language: MailLanguage, names: &Names, url: &str, now: DateTime<Utc>) -> Letter {
    let (name, who, site) = (names.person, names.colleague, names.site);
    let told = |ended| ShareTold { name, giver: who, site, ended, at: now, zone: ZONE, url }.letter(language);
    let offered = |name| {
        let devices = [names.device.to_owned()];
        ShareOffered { name, giver: who, site, devices: &devices, region_differs: false, url }.letter(language)
    };
    match template {
        MailTemplate::ShareOffered => offered(Some(name)),
        MailTemplate::ShareOfferedNew => offered(None),
        MailTemplate::ShareApplied => ShareApplied { name, who, site, label: names.device, url }.letter(language),
        MailTemplate::ShareChanged => told(None),
        MailTemplate::ShareEnded => told(Some(ShareEnd::Removed)),
        _ => ShareAnswered { what: Answered::Offer, accepted: true, name, who, site, url }.letter(language),
    }
}

fn incident<'a>(
    names: &'a Names,
    closed_at: Option<DateTime<Utc>>,
    company: &'a str,
    url: &'a str,
    now: DateTime<Utc>,
) -> IncidentTold<'a> {
    IncidentTold {
        company,
        site: names.site,
        name: names.router,
        kind: OFFLINE,
        affected: 1,
        cameras: 1,
        names: &[],
        opened_at: now - Duration::hours(2),
        closed_at,
        zone: ZONE,
        url,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{TOKEN_GAP, preview};
    use super::*;

    #[test]
    fn every_letter_has_a_sample_that_is_whole_in_every_language() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        for (template, language) in MailTemplate::ALL
            .iter()
            .flat_map(|template| MailLanguage::ALL.iter().map(move |language| (*template, *language)))
        {
            let letter = sample(template, language, "Lockwood", "https://s.example", now);
            assert_eq!((letter.template, letter.language), (template, language));
            let shown = preview(&letter.html, None);
            for part in [&letter.subject, &letter.text.replace(TOKEN_GAP, ""), &shown] {
                assert!(!part.is_empty() && !part.contains("{{") && !part.contains("src=\"qr:"), "{part}");
            }
        }
    }
}
