//! Reconcilers: work that compares what should be with what is, again and again. They take no input, doing them twice
//! does no more than doing them once, and each tells how it went.

mod status;

use std::time::Duration;

use chrono::{DateTime, Utc};
use siteward_store::remote_sessions::{self, Lifetime};
use siteward_store::{
    Store, StoreError, additions, address_changes, captchas, end_user_registrations, end_user_sessions, imports,
    invitations, mail_paces, mails, notifications, panel_passwords, password_changes, password_resets, polling,
    sessions, sign_in, unbinding,
};
use tokio_util::sync::CancellationToken;

use crate::clock::SharedClock;
use crate::grants;
use crate::handovers;
use crate::job::{Job as _, on_blocking_thread};
use crate::jobs::import_devices::{self, ImportDevices};
use crate::jobs::send_mail;
use crate::linkage;
use crate::notify::{self, notify};
use crate::webhooks;

pub use status::ReconcilerStatus;
pub(crate) use status::SharedStatus;

/// Time between two turns.
const TURN: Duration = Duration::from_secs(1);
/// Turns of what tells of events: each.
const AT_ONCE: u64 = 1;
/// Turns in ten seconds.
const TEN_SECONDS: u64 = 10;
/// Turns in a minute.
const MINUTE: u64 = 60;
/// Turns in ten minutes: often enough for tidying up.
const TEN_MINUTES: u64 = 600;

/// One of them.
struct Reconciler {
    name: &'static str,
    /// It runs at the first turn and then after so many.
    every: u64,
    /// Brings things to where they should be; gives how many it changed.
    run: fn(&Store, DateTime<Utc>, Lifetime) -> Result<usize, StoreError>,
}

const ALL: [Reconciler; 33] = [
    Reconciler { name: "expire_imports", every: TEN_SECONDS, run: expire_imports },
    Reconciler { name: "end_orphaned_imports", every: MINUTE, run: end_orphaned_imports },
    Reconciler { name: "expire_additions", every: TEN_SECONDS, run: expire_additions },
    Reconciler { name: "close_remote_sessions", every: TEN_SECONDS, run: close_remote_sessions },
    Reconciler { name: "prune_remote_sessions", every: TEN_MINUTES, run: prune_remote_sessions },
    Reconciler { name: "prune_captchas", every: TEN_MINUTES, run: prune_captchas },
    Reconciler { name: "prune_unbinding", every: TEN_MINUTES, run: prune_unbinding },
    Reconciler { name: "erase_panel_passwords", every: 6, run: erase_panel_passwords },
    Reconciler { name: "prune_password_changes", every: TEN_MINUTES, run: prune_password_changes },
    Reconciler { name: "prune_changes", every: TEN_SECONDS, run: prune_changes },
    Reconciler { name: "prune_sessions", every: TEN_MINUTES, run: prune_sessions },
    Reconciler { name: "prune_sign_in", every: TEN_MINUTES, run: prune_sign_in },
    Reconciler { name: "prune_workers", every: TEN_MINUTES, run: prune_workers },
    Reconciler { name: "prune_imports", every: TEN_MINUTES, run: prune_imports },
    Reconciler { name: "notify", every: AT_ONCE, run: tell_by_mail },
    Reconciler { name: "daily_summaries", every: TEN_SECONDS, run: send_summaries },
    Reconciler { name: "digests", every: MINUTE, run: send_digests },
    Reconciler { name: "prune_notifications", every: TEN_MINUTES, run: prune_notifications },
    Reconciler { name: "mail_outbox", every: MINUTE, run: take_up_mails },
    Reconciler { name: "prune_mails", every: TEN_MINUTES, run: prune_mails },
    Reconciler { name: "prune_mail_paces", every: TEN_MINUTES, run: prune_mail_paces },
    Reconciler { name: "prune_invitations", every: TEN_MINUTES, run: prune_invitations },
    Reconciler { name: "expire_handovers", every: TEN_SECONDS, run: expire_handovers },
    Reconciler { name: "end_grants", every: AT_ONCE, run: end_grants },
    Reconciler { name: "end_grants_without_device", every: MINUTE, run: end_grants_without_device },
    Reconciler { name: "prune_registrations", every: TEN_MINUTES, run: prune_registrations },
    Reconciler { name: "void_share_applications", every: MINUTE, run: void_share_applications },
    Reconciler { name: "prune_share_codes", every: TEN_MINUTES, run: prune_share_codes },
    Reconciler { name: "prune_password_resets", every: TEN_MINUTES, run: prune_password_resets },
    Reconciler { name: "linkage", every: AT_ONCE, run: fire_linkage },
    Reconciler { name: "prune_linkage", every: TEN_MINUTES, run: prune_linkage },
    Reconciler { name: "webhooks", every: AT_ONCE, run: tell_webhooks },
    Reconciler { name: "prune_webhooks", every: TEN_MINUTES, run: prune_webhooks },
];

/// How long the feed of changed devices is kept: workers read it every second.
const CHANGES_KEPT: chrono::Duration = chrono::Duration::hours(1);
/// How long refused sign-ins and ended locks are kept: longer than any of them counts.
const SIGN_IN_KEPT: chrono::Duration = chrono::Duration::days(1);
/// How long a worker that died is remembered; a lease is far shorter.
const WORKERS_KEPT: chrono::Duration = chrono::Duration::days(1);
/// How long an import that expired can still be looked at.
const EXPIRED_KEPT: chrono::Duration = chrono::Duration::days(7);

/// How long a change of a password, or an ended session of remote configuration, can still be looked at.
const ENDED_KEPT: chrono::Duration = chrono::Duration::days(1);

/// How long an invitation that ended can still be looked at.
const INVITATIONS_KEPT: chrono::Duration = chrono::Duration::days(90);

/// Applications that become void in one transaction.
const APPLICATIONS_AT_ONCE: u32 = 500;

/// How long a mail that was sent can still be looked at.
const MAILS_KEPT: chrono::Duration = chrono::Duration::days(90);

/// The reconcilers of a worker and how they went, in the order of [`ALL`].
#[derive(Clone)]
pub(crate) struct Reconcilers(Vec<SharedStatus>);

impl Default for Reconcilers {
    fn default() -> Self {
        Self(ALL.iter().map(|one| SharedStatus::new(one.name)).collect())
    }
}

impl Reconcilers {
    /// How each last went.
    pub(crate) fn status(&self) -> Vec<ReconcilerStatus> {
        self.0.iter().map(SharedStatus::get).collect()
    }

    /// Runs them all now, and each again in its turn, until told to stop.
    pub(crate) async fn run(self, store: Store, clock: SharedClock, lifetime: Lifetime, stopping: CancellationToken) {
        let mut turn = 0_u64;
        loop {
            let due = ALL.into_iter().zip(&self.0).filter(|(one, _)| turn.is_multiple_of(one.every));
            for (one, status) in due {
                let (store, now) = (store.clone(), clock.now());
                status.note(now, &on_blocking_thread(move || (one.run)(&store, now, lifetime)).await);
            }
            turn = turn.wrapping_add(1);
            tokio::select! {
                () = stopping.cancelled() => return,
                () = tokio::time::sleep(TURN) => {}
            }
        }
    }
}

/// Ends imports that nobody confirmed within 15 minutes, and erases their passwords.
fn expire_imports(store: &Store, now: DateTime<Utc>, _: Lifetime) -> Result<usize, StoreError> {
    store.write(|conn| imports::expire_imports(conn, now))
}

/// Erases login passwords that no alarm panel waits for any more, also where the last of them was deleted.
fn erase_panel_passwords(store: &Store, _: DateTime<Utc>, _: Lifetime) -> Result<usize, StoreError> {
    store.write(panel_passwords::erase_delivered)
}

/// Forgets old entries of the feed that tells workers which devices changed.
fn prune_changes(store: &Store, now: DateTime<Utc>, _: Lifetime) -> Result<usize, StoreError> {
    store.write_relaxed(|conn| polling::prune_changes(conn, now - CHANGES_KEPT))
}

/// Ends imports whose job was given up by a worker that died before it could say so.
fn end_orphaned_imports(store: &Store, now: DateTime<Utc>, _: Lifetime) -> Result<usize, StoreError> {
    let orphaned = store.read(|conn| imports::find_orphaned(conn, ImportDevices::KIND))?;
    let reason = import_devices::given_up();
    for id in &orphaned {
        store.write(|conn| imports::fail_remaining(conn, id, &reason, now))?;
    }
    Ok(orphaned.len())
}

/// Forgets sessions that are over.
fn prune_sessions(store: &Store, now: DateTime<Utc>, _: Lifetime) -> Result<usize, StoreError> {
    store.write_relaxed(|conn| Ok(sessions::prune(conn, now)? + end_user_sessions::prune(conn, now)?))
}

/// Forgets registrations of end users, and other addresses and phone numbers of theirs, that nobody confirmed in time.
fn prune_registrations(store: &Store, now: DateTime<Utc>, _: Lifetime) -> Result<usize, StoreError> {
    store.write_relaxed(|conn| {
        let pending = end_user_registrations::prune(conn, now)? + address_changes::prune(conn, now)?;
        Ok(pending + siteward_store::phone_codes::prune(conn, now)?)
    })
}

/// Voids applications for what is not the owner's to share any more.
fn void_share_applications(store: &Store, now: DateTime<Utc>, _: Lifetime) -> Result<usize, StoreError> {
    store.write(|conn| siteward_store::share_applications::void_without_giver(conn, now, APPLICATIONS_AT_ONCE))
}

/// Forgets codes that owners shared with, and codes of accounts, that are over.
fn prune_share_codes(store: &Store, now: DateTime<Utc>, _: Lifetime) -> Result<usize, StoreError> {
    store.write_relaxed(|conn| {
        let codes = siteward_store::share_codes::prune(conn, now)? + siteward_store::account_codes::prune(conn, now)?;
        Ok(codes + siteward_store::share_offers::prune(conn, now)?)
    })
}

/// Forgets refused sign-ins and locks that do not count any more.
fn prune_sign_in(store: &Store, now: DateTime<Utc>, _: Lifetime) -> Result<usize, StoreError> {
    store.write_relaxed(|conn| sign_in::prune(conn, now - SIGN_IN_KEPT))
}

/// Forgets workers that died without a word.
fn prune_workers(store: &Store, now: DateTime<Utc>, _: Lifetime) -> Result<usize, StoreError> {
    store.write_relaxed(|conn| polling::prune_workers(conn, now - WORKERS_KEPT))
}

/// Forgets imports that expired long ago.
fn prune_imports(store: &Store, now: DateTime<Utc>, _: Lifetime) -> Result<usize, StoreError> {
    store.write_relaxed(|conn| imports::prune_expired(conn, now - EXPIRED_KEPT))
}

/// Forgets additions that nobody went on with for an hour, with their secrets.
fn expire_additions(store: &Store, now: DateTime<Utc>, _: Lifetime) -> Result<usize, StoreError> {
    store.write(|conn| additions::expire(conn, now))
}

/// Ends sessions of remote configuration that nobody uses, or that lasted long enough.
fn close_remote_sessions(store: &Store, now: DateTime<Utc>, lifetime: Lifetime) -> Result<usize, StoreError> {
    store.write(|conn| remote_sessions::close_idle(conn, now, lifetime))
}

/// Forgets sessions of remote configuration that ended long ago.
fn prune_remote_sessions(store: &Store, now: DateTime<Utc>, _: Lifetime) -> Result<usize, StoreError> {
    store.write_relaxed(|conn| remote_sessions::prune(conn, now - ENDED_KEPT))
}

/// Forgets captchas that nobody answered.
fn prune_captchas(store: &Store, now: DateTime<Utc>, _: Lifetime) -> Result<usize, StoreError> {
    store.write_relaxed(|conn| captchas::prune(conn, now))
}

/// Forgets wrong passwords at unbinding, and locks, that do not count any more.
fn prune_unbinding(store: &Store, now: DateTime<Utc>, _: Lifetime) -> Result<usize, StoreError> {
    store.write_relaxed(|conn| unbinding::prune(conn, now))
}

/// Forgets changes of passwords that ended long ago.
fn prune_password_changes(store: &Store, now: DateTime<Utc>, _: Lifetime) -> Result<usize, StoreError> {
    store.write_relaxed(|conn| password_changes::prune(conn, now - ENDED_KEPT))
}

/// Writes mails about what happened to whom it concerns.
fn tell_by_mail(store: &Store, now: DateTime<Utc>, _: Lifetime) -> Result<usize, StoreError> {
    notify(store, now)
}

/// Fires the linkage rules that are set off by what devices told.
fn fire_linkage(store: &Store, now: DateTime<Utc>, _: Lifetime) -> Result<usize, StoreError> {
    linkage::fire(store, now)
}

/// Forgets what linkage rules did long ago, and their pictures.
fn prune_linkage(store: &Store, now: DateTime<Utc>, _: Lifetime) -> Result<usize, StoreError> {
    linkage::prune(store, now)
}

/// Sends daily summaries whose time has come.
fn send_summaries(store: &Store, now: DateTime<Utc>, _: Lifetime) -> Result<usize, StoreError> {
    notify::send_summaries(store, now)
}

/// Sends what the pace of mails held back, together.
fn send_digests(store: &Store, now: DateTime<Utc>, _: Lifetime) -> Result<usize, StoreError> {
    notify::send_digests(store, now)
}

/// Forgets what people were told long ago.
fn prune_notifications(store: &Store, now: DateTime<Utc>, _: Lifetime) -> Result<usize, StoreError> {
    store.write_relaxed(|conn| notifications::prune(conn, now - MAILS_KEPT))
}

/// Gives mails that wait without a job one, once a mail server is set.
fn take_up_mails(store: &Store, now: DateTime<Utc>, _: Lifetime) -> Result<usize, StoreError> {
    store.write_relaxed(|conn| send_mail::enqueue_waiting(conn, false, now))
}

/// Forgets mails that were sent long ago.
fn prune_mails(store: &Store, now: DateTime<Utc>, _: Lifetime) -> Result<usize, StoreError> {
    store.write_relaxed(|conn| mails::prune_sent(conn, now - MAILS_KEPT))
}

/// Forgets mails that count no more towards how many may be sent.
fn prune_mail_paces(store: &Store, now: DateTime<Utc>, _: Lifetime) -> Result<usize, StoreError> {
    store.write_relaxed(|conn| mail_paces::prune(conn, now))
}

/// Forgets invitations that ended long ago.
fn prune_invitations(store: &Store, now: DateTime<Utc>, _: Lifetime) -> Result<usize, StoreError> {
    store.write_relaxed(|conn| invitations::prune(conn, now - INVITATIONS_KEPT))
}

/// Ends invitations to own a site that nobody answered in time.
fn expire_handovers(store: &Store, now: DateTime<Utc>, _: Lifetime) -> Result<usize, StoreError> {
    handovers::expire(store, now)
}

/// Writes down that what owners let companies do is over.
fn end_grants(store: &Store, now: DateTime<Utc>, _: Lifetime) -> Result<usize, StoreError> {
    grants::end_over(store, now)
}

/// Ends what owners let companies do with devices that are gone.
fn end_grants_without_device(store: &Store, now: DateTime<Utc>, _: Lifetime) -> Result<usize, StoreError> {
    grants::end_without_device(store, now)
}

/// Forgets links to a new password that ended long ago.
fn prune_password_resets(store: &Store, now: DateTime<Utc>, _: Lifetime) -> Result<usize, StoreError> {
    store.write_relaxed(|conn| password_resets::prune(conn, now - ENDED_KEPT))
}

/// Has webhooks told of what happened.
fn tell_webhooks(store: &Store, now: DateTime<Utc>, _: Lifetime) -> Result<usize, StoreError> {
    webhooks::fan_out(store, now)
}

/// Forgets deliveries of webhooks that ended long ago.
fn prune_webhooks(store: &Store, now: DateTime<Utc>, _: Lifetime) -> Result<usize, StoreError> {
    webhooks::prune(store, now)
}
