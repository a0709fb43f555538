use secrecy::ExposeSecret as _;
use siteward_domain::JobId;
use siteward_domain::event::EventKind;

use super::*;
use crate::events::NewEvent;
use crate::jobs::{self, NewJob};
use crate::testing::{at, company, count_rows, member, on_both};
use crate::{Store, companies, events, smtp, staff};

fn new(company: &CompanyId, subject: &str) -> NewMail {
    let id = MailId::generate(at(0));
    NewMail {
        message_id: format!("{id}@siteward.example"),
        id,
        company_id: Some(company.clone()),
        receiver: "анна@пример.example".into(),
        language: MailLanguage::Ru,
        template: MailTemplate::Test,
        subject: subject.into(),
        text: "Текст".into(),
        html: "<p>Текст</p>".into(),
        sealed_token: None,
        link_hash: None,
        attachments: Vec::new(),
    }
}

fn made(store: &Store, company: &CompanyId, subject: &str) -> MailId {
    let new = new(company, subject);
    store.write(|conn| create_mail(conn, &new, at(0))).unwrap();
    new.id
}

#[test]
fn a_mail_is_claimed_tried_again_and_sent_once() {
    on_both(|store| {
        let company = company(store);
        let id = made(store, &company, "Hello");
        let claim = |seconds| store.write(|conn| claim(conn, &id, at(seconds))).unwrap();
        assert!(claim(1).is_some_and(|mail| (mail.state, mail.attempts) == (MailState::Sending, 1)));
        let busy = MailError { code: "smtp_busy".into(), message: "451 later".into() };
        store.write(|conn| mark_unsent(conn, &id, false, Some(&busy), at(2))).unwrap();
        let waiting = store.read(|conn| get_mail(conn, &company, &id)).unwrap();
        assert!((waiting.state, waiting.error) == (MailState::Waiting, Some(busy)));
        assert!(claim(3).is_some());
        assert!(claim(4).is_some_and(|mail| mail.attempts == 3), "its worker may have died");
        store.write(|conn| mark_sent(conn, &id, at(5))).unwrap();
        assert!(claim(6).is_none());
        store.write(|conn| mark_unsent(conn, &id, true, None, at(7))).unwrap();
        let sent = store.read(|conn| get_mail(conn, &company, &id)).unwrap();
        assert!((sent.state, sent.sent_at, sent.error) == (MailState::Sent, Some(at(5)), None));
    });
}

#[test]
fn a_token_is_sealed_for_its_mail_and_erased_when_it_is_sent() {
    on_both(|store| {
        let company = company(store);
        let mut mail = new(&company, "Hello");
        let seal = |id: &MailId| store.vault().seal(token_place(Some(&company), id), &"t0ken".into()).unwrap();
        mail.sealed_token = Some(seal(&mail.id));
        store.write(|conn| create_mail(conn, &mail, at(0))).unwrap();
        store.write(|conn| mark_unsent(conn, &mail.id, true, None, at(1))).unwrap();
        let sealed = store.read(|conn| get_mail(conn, &company, &mail.id)).unwrap().sealed_token.unwrap();
        assert_eq!(
            store.vault().open(token_place(Some(&company), &mail.id), &sealed).unwrap().expose_secret(),
            "t0ken"
        );
        assert!(store.vault().open(token_place(Some(&company), &MailId::generate(at(1))), &sealed).is_err());
        store.write(|conn| mark_sent(conn, &mail.id, at(2))).unwrap();
        assert!(store.read(|conn| get_mail(conn, &company, &mail.id)).unwrap().sealed_token.is_none());
    });
}

#[test]
fn only_a_mail_that_was_given_up_is_sent_again_and_only_by_its_company() {
    on_both(|store| {
        let (ours, theirs) = (company(store), company(store));
        let id = made(store, &ours, "Hello");
        let again = |who: &CompanyId| store.write(|conn| send_again(conn, who, &id, at(9)));
        assert!(matches!(again(&ours), Err(StoreError::Stale)));
        store.write(|conn| mark_unsent(conn, &id, true, None, at(2))).unwrap();
        assert!(matches!(again(&theirs), Err(StoreError::NotFound)));
        assert!(again(&ours).is_ok_and(|mail| mail.state == MailState::Waiting));
        assert!(matches!(again(&ours), Err(StoreError::Stale)));
        assert!(matches!(store.read(|conn| get_mail(conn, &theirs, &id)), Err(StoreError::NotFound)));
    });
}

#[test]
fn the_outbox_is_listed_in_pages_newest_first() {
    on_both(|store| {
        let (ours, theirs) = (company(store), company(store));
        for number in 0..5 {
            let mut mail = new(&ours, &number.to_string());
            mail.id = MailId::generate(at(number));
            mail.message_id = format!("{}@x", mail.id);
            store.write(|conn| create_mail(conn, &mail, at(number))).unwrap();
        }
        made(store, &theirs, "not ours");
        let page = |cursor: Option<&str>| store.read(|conn| list_mails(conn, &ours, None, cursor, 3)).unwrap();
        let subjects = |page: &Page<Mail>| page.items.iter().map(|mail| mail.subject.clone()).collect::<Vec<_>>();
        let first = page(None);
        assert_eq!(subjects(&first), ["4", "3", "2"]);
        let last = page(first.next_cursor.as_deref());
        assert_eq!((subjects(&last), last.next_cursor), (vec!["1".to_owned(), "0".to_owned()], None));
        let failed = store.read(|conn| list_mails(conn, &ours, Some(MailState::Failed), None, 3)).unwrap();
        assert!(failed.items.is_empty());
    });
}

#[test]
fn mails_without_a_job_are_found_and_old_sent_ones_forgotten() {
    on_both(|store| {
        let company = company(store);
        let (with, without, sent) =
            (made(store, &company, "a"), made(store, &company, "b"), made(store, &company, "c"));
        let job = NewJob {
            id: JobId::generate(at(0)),
            kind: "send_mail".into(),
            payload: serde_json::json!({}),
            run_at: at(0),
            dedup_key: Some(with.to_string()),
            most_attempts: 3,
        };
        store.write(|conn| jobs::enqueue(conn, &job, at(0))).unwrap();
        store.write(|conn| mark_sent(conn, &sent, at(1))).unwrap();
        let found = |seconds| store.read(|conn| find_without_job(conn, "send_mail", true, at(seconds), 10)).unwrap();
        assert_eq!((found(0), found(-1)), (vec![without], vec![]));
        assert_eq!(store.write(|conn| prune_sent(conn, at(1))).unwrap(), 0);
        assert_eq!(store.write(|conn| prune_sent(conn, at(2))).unwrap(), 1);
        assert_eq!(store.read(|conn| count_rows(conn, "mails")).unwrap(), 2);
    });
}

#[test]
fn the_mail_server_is_kept_and_taken_away() {
    on_both(|store| {
        assert_eq!(store.read(smtp::find_smtp).unwrap(), None);
        let sealed = store.vault().seal(smtp::password_place(), &"Canary-7".into()).unwrap();
        let settings = smtp::SmtpSettings {
            host: "mail.example".into(),
            port: 587,
            security: siteward_domain::mail::SmtpSecurity::Starttls,
            user_name: Some("siteward".into()),
            sealed_password: Some(sealed),
            authority: None,
            sender_name: "Lockwood".into(),
            sender_address: "alarms@lockwood.example".into(),
            language: MailLanguage::En,
            login_refused: false,
        };
        store.write(|conn| smtp::put_smtp(conn, &settings)).unwrap();
        assert_eq!(store.read(smtp::find_smtp).unwrap(), Some(settings.clone()));
        let other = smtp::SmtpSettings { port: 25, ..settings.clone() };
        store.write(|conn| smtp::note_login(conn, &other, true)).unwrap();
        assert!(!store.read(smtp::find_smtp).unwrap().unwrap().login_refused, "those are not in use any more");
        store.write(|conn| smtp::note_login(conn, &settings, true)).unwrap();
        assert!(store.read(smtp::find_smtp).unwrap().unwrap().login_refused);
        store.write(smtp::delete_smtp).unwrap();
        assert_eq!(store.read(smtp::find_smtp).unwrap(), None);
    });
}

#[test]
fn a_reader_finds_the_events_of_its_kinds_and_who_is_to_be_told() {
    on_both(|store| {
        let (first, second) = (company(store), later_company(store));
        let append = |kind: EventKind| {
            let event = NewEvent {
                company_id: second.clone(),
                site_id: None,
                device_id: None,
                kind,
                actor: "system".into(),
                at: at(1),
                data: serde_json::json!({}),
            };
            store.write(|conn| events::append(conn, &event)).unwrap();
        };
        for kind in [EventKind::SiteCreated, EventKind::DeviceUnbound, EventKind::SiteDeleted, EventKind::DeviceUnbound]
        {
            append(kind);
        }
        let kinds = [EventKind::DeviceUnbound];
        let found = |seq, limit| store.read(|conn| events::after_of_kinds(conn, &kinds, seq, limit)).unwrap();
        let all = found(0, 9);
        assert_eq!(all.iter().map(|event| event.kind).collect::<Vec<_>>(), [EventKind::DeviceUnbound; 2]);
        assert_eq!((found(0, 1), found(all[0].seq, 9)), (vec![all[0].clone()], vec![all[1].clone()]));
        assert_eq!(store.read(|conn| events::look_at_reader(conn, "mail")).unwrap(), 0);
        assert!(matches!(store.read(|conn| events::look_at_reader(conn, "?")), Err(StoreError::NotFound)));
        member(store, &second, "not-the-admin@example.com");
        assert!(store.read(|conn| staff::find_admin(conn, &second)).unwrap().is_none());
        let is_first = |company: &CompanyId| store.read(|conn| companies::is_first_company(conn, company)).unwrap();
        assert_eq!((is_first(&first), is_first(&second)), (true, false));
    });
}

/// Another company, made after the first.
fn later_company(store: &Store) -> CompanyId {
    let new = companies::NewCompany {
        id: CompanyId::generate(at(5)),
        name: "Later".into(),
        region: siteward_domain::company::Region::parse("PL").unwrap(),
        public_url: "http://localhost:8080".into(),
    };
    store.write(|conn| companies::create_company(conn, &new, at(5))).unwrap();
    new.id
}

#[test]
fn a_reader_of_the_event_log_starts_where_the_log_was_and_moves_on() {
    on_both(|store| {
        let position = || store.write(|conn| events::reader_position(conn, "mail")).unwrap();
        assert_eq!(position(), 0);
        store.write(|conn| events::move_reader(conn, "mail", 7)).unwrap();
        assert_eq!(position(), 7);
    });
}

#[test]
fn files_go_with_their_mail_in_their_order_and_are_forgotten_with_it() {
    on_both(|store| {
        let company = company(store);
        let file = |name: &str| Attachment {
            file_name: name.into(),
            content_type: "application/pdf".into(),
            body: vec![0, 37, 255],
        };
        let new = NewMail { attachments: vec![file("Übergabe.pdf"), file("b")], ..new(&company, "Hello") };
        store.write(|conn| create_mail(conn, &new, at(0))).unwrap();
        let listed = store.read(|conn| list_attachments(conn, &new.id)).unwrap();
        assert_eq!(listed, new.attachments);
        let get = |company: &CompanyId, n| store.read(|conn| get_attachment(conn, company, &new.id, n));
        assert_eq!(get(&company, 1).unwrap(), file("b"));
        assert!(matches!(get(&company, 2), Err(StoreError::NotFound)));
        assert!(matches!(get(&CompanyId::generate(at(9)), 0), Err(StoreError::NotFound)), "another company's");
        store.write(|conn| mark_sent(conn, &new.id, at(1))).unwrap();
        assert_eq!(store.write(|conn| prune_sent(conn, at(2))).unwrap(), 1);
        assert_eq!(store.read(|conn| count_rows(conn, "mail_attachments")).unwrap(), 0);
    });
}

#[test]
fn a_mail_with_a_dead_link_is_not_needed_any_more_wherever_it_stands() {
    on_both(|store| {
        let company = company(store);
        let site = crate::testing::site(store, &company, "Villa");
        let by = member(store, &company, "anna@example.com");
        let invite = |hash: &str, seconds| crate::testing::invite(store, &company, &site, &by, hash, at(seconds));
        let write = |hash: &str| {
            let mail = NewMail { link_hash: Some(hash.into()), ..new(&company, "Your system is ready") };
            store.write(|conn| create_mail(conn, &mail, at(0))).unwrap();
            mail.id
        };
        let state = |id: &MailId| store.read(|conn| get_mail(conn, &company, id)).unwrap().state;
        let id = invite("one", 0);
        let (first, given_up, under_way, other) =
            (write("one"), write("one"), write("one"), made(store, &company, "x"));
        store.write(|conn| mark_unsent(conn, &given_up, true, None, at(1))).unwrap();
        assert!(store.write(|conn| claim(conn, &under_way, at(1))).unwrap().is_some(), "its link is good");
        let change = crate::handovers::HandoverChange::default();
        let times = (at(2), at(90_000));
        store.write(|conn| crate::handovers::renew_handover(conn, &company, &id, &change, "two", times)).unwrap();
        let second = write("two");
        assert!([&first, &given_up].iter().all(|id| state(id) == MailState::NotNeeded), "the link is another one now");
        assert!(state(&second) == MailState::Waiting && state(&other) == MailState::Waiting);
        assert!(state(&under_way) == MailState::Sending, "it goes, or whoever takes it up again finds it dead");
        assert!(store.write(|conn| claim(conn, &under_way, at(3))).unwrap().is_none());
        assert!(state(&under_way) == MailState::NotNeeded);
        assert!(matches!(store.write(|conn| send_again(conn, &company, &given_up, at(3))), Err(StoreError::Stale)));
        let listed = |state| store.read(|conn| list_mails(conn, &company, Some(state), None, 10)).unwrap().items.len();
        assert_eq!((listed(MailState::NotNeeded), listed(MailState::Failed)), (3, 0));
        store.write(|conn| crate::handovers::cancel_handover(conn, &company, &id, "staff:x".into(), at(4))).unwrap();
        assert!(state(&second) == MailState::NotNeeded);
        assert!(store.write(|conn| claim(conn, &second, at(5))).unwrap().is_none());
        invite("three", 10);
        let third = write("three");
        assert!(store.write(|conn| claim(conn, &third, at(8 * 86_400))).unwrap().is_none(), "its time is over");
        assert_eq!(store.write(|conn| prune_sent(conn, at(9 * 86_400))).unwrap(), 5);
    });
}

#[test]
fn a_text_message_is_given_up_when_its_time_is_over_and_forgotten_then() {
    on_both(|store| {
        let company = company(store);
        let mut code = new(&company, "Code");
        code.template = MailTemplate::PhoneCode;
        code.sealed_token = Some(store.vault().seal(token_place(Some(&company), &code.id), &"123456".into()).unwrap());
        store.write(|conn| create_mail(conn, &code, at(0))).unwrap();
        let drop = |seconds| store.write(|conn| drop_late_text(conn, &code.id, 10, at(seconds))).unwrap();
        assert!(!drop(599) && store.write(|conn| claim(conn, &code.id, at(599))).unwrap().is_some());
        assert!(drop(600) && !drop(601), "once");
        let over = store.read(|conn| get_mail(conn, &company, &code.id)).unwrap();
        assert_eq!((over.state, over.sealed_token), (MailState::NotNeeded, None));
        assert!(store.write(|conn| claim(conn, &code.id, at(602))).unwrap().is_none());

        let mut refused = new(&company, "Offer");
        refused.template = MailTemplate::ShareOfferedPhone;
        store.write(|conn| create_mail(conn, &refused, at(0))).unwrap();
        store.write(|conn| mark_unsent(conn, &refused.id, true, None, at(600))).unwrap();
        let given_up = made(store, &company, "Hello");
        store.write(|conn| mark_unsent(conn, &given_up, true, None, at(600))).unwrap();
        assert_eq!(store.write(|conn| prune_sent(conn, at(600))).unwrap(), 0);
        assert_eq!(
            store.write(|conn| prune_sent(conn, at(601))).unwrap(),
            2,
            "a mail that was given up can be sent again"
        );
        assert!(store.read(|conn| get_mail(conn, &company, &given_up)).is_ok());
    });
}
