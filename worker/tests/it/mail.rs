//! Mails on their way to a mail server with every fault (T17): one receiver gets one mail, and the worker stays free.

use std::future::Future;
use std::time::{Duration as StdDuration, Instant};

use chrono::Duration;
use secrecy::SecretString;
use siteward_domain::event::EventKind;
use siteward_domain::mail::{MailLanguage, MailState, SmtpSecurity};
use siteward_domain::{MailId, StaffId};
use siteward_store::events::NewEvent;
use siteward_store::mails::{self, Mail};
use siteward_store::smtp::{self, SmtpSettings};
use siteward_store::staff::{NewStaff, create_staff};
use siteward_store::{companies, events};
use siteward_worker::clock::Clock as _;
use siteward_worker::jobs::send_mail::enqueue_waiting;
use siteward_worker::mail::{self, Delivered, Delivering, Letter, Patience, test_letter};
use siteward_worker::{Worker, WorkerHandle, WorkerSettings};

use crate::kit::{Place, start};
use crate::post_office::{Cover, Fault, PostOffice, certificate};

const PASSWORD: &str = "Canary-mail-7";

fn settings(place: &Place, office: &PostOffice) -> SmtpSettings {
    let sealed = place.store.vault().seal(smtp::password_place(), &SecretString::from(PASSWORD)).unwrap();
    SmtpSettings {
        host: "127.0.0.1".into(),
        port: office.address.port(),
        security: SmtpSecurity::None,
        user_name: Some("siteward".into()),
        sealed_password: Some(sealed),
        authority: None,
        sender_name: "Łukasz \"Alarm\" Петров, Lockwood".into(),
        sender_address: "alarms@lockwood.example".into(),
        language: MailLanguage::En,
        login_refused: false,
    }
}

fn set(place: &Place, settings: &SmtpSettings) {
    let now = place.clock.now();
    place
        .store
        .write(|conn| {
            smtp::put_smtp(conn, settings)?;
            enqueue_waiting(conn, true, now)
        })
        .unwrap();
}

fn write(place: &Place, receiver: &str, letter: &Letter) -> MailId {
    let now = place.clock.now();
    place
        .store
        .write(|conn| {
            let company = companies::find_company(conn, &place.company)?.unwrap();
            let mail = mail::address(&company, receiver, letter.clone(), now);
            mail::enqueue(conn, &mail, now)?;
            Ok(mail.id)
        })
        .unwrap()
}

fn letter() -> Letter {
    test_letter(MailLanguage::Ru, "Lockwood", "http://localhost:8080")
}

fn look(place: &Place, id: &MailId) -> Mail {
    place.store.read(|conn| mails::get_mail(conn, &place.company, id)).unwrap()
}

fn worker(place: &Place) -> WorkerHandle {
    let patience = Patience(StdDuration::from_millis(1500));
    let settings = WorkerSettings { mail: patience, ..Place::settings() };
    let clock: siteward_worker::clock::SharedClock = place.clock.clone();
    Worker::start(place.store.clone(), &settings, clock, place.hub())
}

async fn until<F: Future<Output = bool>>(what: &str, mut so: impl FnMut() -> F) {
    let end = Instant::now() + StdDuration::from_secs(30);
    while !so().await {
        assert!(Instant::now() < end, "{what}");
        tokio::time::sleep(StdDuration::from_millis(20)).await;
    }
}

async fn ends(place: &Place, worker: &WorkerHandle, id: &MailId, state: MailState) -> Mail {
    worker.wake();
    until(state.as_str(), || async { look(place, id).state == state }).await;
    look(place, id)
}

/// One try, as a person's test makes it.
async fn try_once(place: &Place, id: &MailId) -> Delivered {
    let clock: siteward_worker::clock::SharedClock = place.clock.clone();
    let patience = Patience(StdDuration::from_millis(1500));
    Delivering { store: place.store.clone(), clock, patience, gateway: None }.deliver(id, false).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_waits_in_the_outbox_until_a_server_is_set_and_then_goes_once() {
    let (place, office) = (Place::new(), PostOffice::open(Cover::None, Fault::None).await);
    let worker = worker(&place);
    let id = write(&place, "anna@example.com", &letter());
    worker.wake();
    until("the job ends", || async { worker.status().jobs.done == 1 }).await;
    assert!(look(&place, &id).state == MailState::Waiting);
    set(&place, &settings(&place, &office));
    let sent = ends(&place, &worker, &id, MailState::Sent).await;
    let taken = office.taken();
    assert_eq!((taken.len(), taken[0].to.as_slice()), (1, &["RCPT TO:<anna@example.com>".to_owned()][..]));
    assert_eq!(taken[0].header("Message-ID"), Some(format!("<{}>", sent.message_id)));
    assert_eq!(taken[0].header("Auto-Submitted").as_deref(), Some("auto-generated"));
    assert!(taken[0].content.contains("multipart/alternative"));
    assert!(taken[0].from.starts_with("MAIL FROM:<alarms@lockwood.example>"), "{}", taken[0].from);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_server_says_for_now_is_tried_again_and_what_it_says_for_good_waits_for_a_person() {
    let (place, office) = (Place::new(), PostOffice::open(Cover::None, Fault::Says("RCPT", "451 greylisted")).await);
    set(&place, &settings(&place, &office));
    let worker = worker(&place);
    let id = write(&place, "anna@example.com", &letter());
    until("a first try", || async { look(&place, &id).error.is_some() }).await;
    let busy = look(&place, &id);
    assert_eq!((busy.state, busy.error.clone().unwrap().code.as_str()), (MailState::Waiting, "smtp_busy"));
    assert_eq!(busy.error.unwrap().message, "451 greylisted");
    office.set(Fault::Says("RCPT", "550 5.1.1 no such user here"));
    until("the failure is noted", || async { worker.status().jobs.failed == 1 }).await;
    place.clock.advance(Duration::seconds(60));
    let failed = ends(&place, &worker, &id, MailState::Failed).await;
    let error = failed.error.unwrap();
    assert_eq!((error.code.as_str(), error.message.as_str()), ("smtp_refused", "550 5.1.1 no such user here"));
    office.set(Fault::None);
    until("its job ended", || async { place.store.read(siteward_store::jobs::count_open).unwrap() == 0 }).await;
    let now = place.clock.now();
    place
        .store
        .write(|conn| {
            mails::send_again(conn, &place.company, &id, now)?;
            siteward_store::jobs::enqueue(conn, &siteward_worker::jobs::send_mail::new_job(&id, now), now)
        })
        .unwrap();
    ends(&place, &worker, &id, MailState::Sent).await;
    assert_eq!(office.taken().len(), 1);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_is_told_by_its_name() {
    let place = Place::new();
    for (fault, code) in [
        (Fault::Says("EHLO", "554 go away"), "smtp_refused"),
        (Fault::Says("MAIL", "421 later"), "smtp_busy"),
        (Fault::Says("MAIL", "hello there"), "smtp_broken_off"),
        (Fault::Says("DATA", "554 spam"), "smtp_refused"),
        (Fault::CutsBeforeContent, "smtp_broken_off"),
        (Fault::Stalls, "smtp_timeout"),
        (Fault::Babbles, "smtp_broken_off"),
    ] {
        let office = PostOffice::open(Cover::None, fault).await;
        set(&place, &settings(&place, &office));
        let id = write(&place, "anna@example.com", &letter());
        let (Delivered::Later(error) | Delivered::Failed(error)) = try_once(&place, &id).await else {
            panic!("{fault:?}")
        };
        assert_eq!(error.code, code, "{fault:?}: {error:?}");
        assert!(office.taken().is_empty(), "{fault:?}");
    }
    let office = PostOffice::open(Cover::None, Fault::None).await;
    for (host, port, code) in [
        ("127.0.0.1", 1, "smtp_unreachable"),
        ("169.254.169.254", 25, "smtp_address_refused"),
        ("no-such-host.invalid", 25, "smtp_not_resolved"),
    ] {
        set(&place, &SmtpSettings { host: host.into(), port, ..settings(&place, &office) });
        let id = write(&place, "anna@example.com", &letter());
        let Delivered::Later(error) = try_once(&place, &id).await else { panic!("{host}") };
        assert_eq!(error.code, code, "{host}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_starttls_that_was_asked_for_nothing_is_said_and_an_unknown_certificate_is_refused() {
    let (place, (acceptor, pem)) = (Place::new(), certificate());
    let stripped = PostOffice::open(Cover::None, Fault::None).await;
    let starttls = SmtpSettings { security: SmtpSecurity::Starttls, ..settings(&place, &stripped) };
    set(&place, &starttls);
    let id = write(&place, "anna@example.com", &letter());
    let Delivered::Later(error) = try_once(&place, &id).await else { panic!("it went") };
    assert_eq!(error.code, "smtp_no_starttls");
    assert!(stripped.lines().iter().all(|line| line.starts_with("EHLO")), "{:?}", stripped.lines());
    for (cover, security) in [
        (Cover::Starttls(acceptor.clone()), SmtpSecurity::Starttls),
        (Cover::Implicit(acceptor), SmtpSecurity::Implicit),
    ] {
        let office = PostOffice::open(cover, Fault::None).await;
        let unknown = SmtpSettings { security, ..settings(&place, &office) };
        set(&place, &unknown);
        let id = write(&place, "anna@example.com", &letter());
        let Delivered::Later(error) = try_once(&place, &id).await else { panic!("{security:?}") };
        assert_eq!(error.code, "smtp_tls_failed", "{error:?}");
        assert!(office.lines().iter().all(|line| !line.starts_with("AUTH")), "{:?}", office.lines());
        set(&place, &SmtpSettings { authority: Some(pem.clone()), ..unknown });
        assert_eq!(try_once(&place, &id).await, Delivered::Sent, "{security:?}");
        assert!(office.lines().iter().any(|line| line.starts_with("AUTH PLAIN")), "{:?}", office.lines());
        assert_eq!(office.taken().len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_login_is_not_repeated_and_no_answer_tells_the_password() {
    let said = "535 5.7.8 AHNpdGV3YXJkAENhbmFyeS1tYWlsLTc= Canary-mail-7 is wrong";
    let (place, office) = (Place::new(), PostOffice::open(Cover::None, Fault::Says("AUTH", said)).await);
    set(&place, &settings(&place, &office));
    let worker = worker(&place);
    let ids: Vec<_> = (0..3).map(|_| write(&place, "anna@example.com", &letter())).collect();
    worker.wake();
    until("all were looked at", || async { ids.iter().all(|id| look(&place, id).error.is_some()) }).await;
    until("all jobs end", || async { worker.status().jobs.done == 3 }).await;
    let tries = office.connections();
    assert!(tries <= 3, "{tries}: no more than were under way at once");
    for _ in 0..5 {
        place.clock.advance(Duration::minutes(10));
        worker.wake();
        tokio::time::sleep(StdDuration::from_millis(50)).await;
    }
    assert_eq!(office.connections(), tries);
    let kept = place.store.read(smtp::find_smtp).unwrap().unwrap();
    assert!(kept.login_refused);
    let told: String = ids.iter().map(|id| look(&place, id).error.unwrap().message).collect();
    assert!(told.contains("535 5.7.8 … … is wrong") && !told.contains("Canary"), "{told}");
    office.set(Fault::None);
    set(&place, &SmtpSettings { login_refused: false, ..kept });
    for id in &ids {
        ends(&place, &worker, id, MailState::Sent).await;
    }
    assert_eq!(office.taken().len(), 3);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_was_cut_after_its_content_or_whose_worker_died_goes_again_as_the_same_mail() {
    let (place, office) = (Place::new(), PostOffice::open(Cover::None, Fault::CutsAfterContent).await);
    set(&place, &settings(&place, &office));
    let id = write(&place, "anna@example.com", &letter());
    let Delivered::Later(error) = try_once(&place, &id).await else { panic!("it was cut") };
    assert_eq!(error.code, "smtp_broken_off");
    // A worker that dies between the answer and the commit leaves the mail as it is while being sent.
    let now = place.clock.now();
    place.store.write(|conn| mails::claim(conn, &id, now)).unwrap();
    assert!(look(&place, &id).state == MailState::Sending);
    office.set(Fault::None);
    let worker = worker(&place);
    ends(&place, &worker, &id, MailState::Sent).await;
    let taken = office.taken();
    assert_eq!(taken.len(), 2);
    assert_eq!(taken[0].header("Message-ID"), taken[1].header("Message-ID"));
    assert_eq!(taken[0].header("Date"), taken[1].header("Date"));
    place.clock.advance(Duration::hours(2));
    worker.wake();
    tokio::time::sleep(StdDuration::from_millis(200)).await;
    assert_eq!(office.taken().len(), 2, "a mail that was taken does not go again");
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stalls_keeps_only_mails_waiting() {
    let (place, office) = (Place::new(), PostOffice::open(Cover::None, Fault::Stalls).await);
    set(&place, &settings(&place, &office));
    let worker = worker(&place);
    for _ in 0..8 {
        write(&place, "anna@example.com", &letter());
    }
    worker.wake();
    until("mails are under way", || async { office.connections() > 0 }).await;
    let begun = Instant::now();
    let job = siteward_worker::jobs::sync_time::new_job(&place.company, &place.site, start());
    place.store.write(|conn| siteward_store::jobs::enqueue(conn, &job, start())).unwrap();
    worker.wake();
    until("another job is done", || async { worker.status().jobs.done == 1 }).await;
    assert!(begun.elapsed() < StdDuration::from_millis(1400), "{:?}", begun.elapsed());
    let stopping = Instant::now();
    worker.stop().await;
    assert!(stopping.elapsed() < StdDuration::from_secs(5), "{:?}", stopping.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn names_with_line_ends_and_long_and_foreign_ones_stay_in_their_header() {
    let (place, office) = (Place::new(), PostOffice::open(Cover::None, Fault::None).await);
    let nasty = SmtpSettings { sender_name: "Ж\"<x>,\\ Петров".repeat(8), ..settings(&place, &office) };
    set(&place, &nasty);
    let mut letter = letter();
    letter.subject = format!("Gate\r\nBcc: thief@example.com\r\n\r\n{}", "Очень длинное имя ".repeat(40));
    letter.text = "A dot alone:\r\n.\r\nQUIT\r\n".into();
    let id = write(&place, "анна@пример.example", &letter);
    assert_eq!(try_once(&place, &id).await, Delivered::Sent);
    let taken = &office.taken()[0];
    assert_eq!(taken.to, ["RCPT TO:<анна@пример.example>".to_owned()]);
    let names = taken.header_names();
    assert!(!names.iter().any(|name| name.eq_ignore_ascii_case("bcc")), "{names:?}");
    for name in ["Subject", "From", "To", "Message-ID", "Date"] {
        assert_eq!(names.iter().filter(|found| *found == name).count(), 1, "{name}: {names:?}");
    }
    let head = taken.content.split("\r\n\r\n").next().unwrap();
    assert!(head.lines().all(|line| line.len() <= 998), "{head}");
    assert_eq!(office.lines().iter().filter(|line| line.as_str() == "QUIT").count(), 1, "{:?}", office.lines());
    for bad in ["anna@example.com\r\nRCPT TO:<thief@example.com>", "a@b.example, c@d.example", "nobody"] {
        let id = write(&place, bad, &test_letter(MailLanguage::En, "L", "http://s"));
        let Delivered::Failed(error) = try_once(&place, &id).await else { panic!("{bad}") };
        assert_eq!(error.code, "mail_unsendable");
    }
    assert_eq!(office.taken().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_former_companys_admin_is_told_once_of_an_unbound_device() {
    let (place, office) = (Place::new(), PostOffice::open(Cover::None, Fault::None).await);
    let admin = NewStaff {
        id: StaffId::generate(start()),
        company_id: place.company.clone(),
        name: "Anna".into(),
        email: "anna@lockwood.example".into(),
        password_hash: String::new(),
        is_admin: true,
        role_id: None,
        language: MailLanguage::En,
        time_zone: "UTC".to_owned(),
    };
    let event = NewEvent {
        company_id: place.company.clone(),
        site_id: Some(place.site.clone()),
        device_id: None,
        kind: EventKind::DeviceUnbound,
        actor: "system".into(),
        at: start(),
        data: serde_json::json!({"serial": "G12345678", "name": "Gate\r\nBcc: x@y.example"}),
    };
    place
        .store
        .write(|conn| {
            create_staff(conn, &admin, start())?;
            events::append(conn, &event)
        })
        .unwrap();
    set(&place, &settings(&place, &office));
    let (one, other) = (worker(&place), worker(&place));
    until("it arrives", || async { !office.taken().is_empty() }).await;
    let list = || place.store.read(|conn| mails::list_mails(conn, &place.company, None, None, 10)).unwrap();
    until("it is sent", || async { list().items.iter().all(|mail| mail.state == MailState::Sent) }).await;
    let items = list().items;
    assert_eq!((items.len(), office.taken().len()), (1, 1), "two workers tell it once");
    assert_eq!(office.taken()[0].to, ["RCPT TO:<anna@lockwood.example>".to_owned()]);
    assert!(items[0].text.contains("G12345678") && items[0].text.contains("Harbour"), "{}", items[0].text);
    one.stop().await;
    other.stop().await;
}
