//! Whoever changes what is on a site at the same instant as its customer accepts comes wholly before or wholly after.

use std::sync::Barrier;

use siteward_domain::grant::{GrantEnd, RequestKind};
use siteward_domain::site::SiteAction;
use siteward_domain::{EndUserId, GrantRequestId};

use super::*;
use crate::devices::{self, NewDevice, create_device, delete_device, hold_device, hold_device_and, move_device};
use crate::grant_requests::{self, NewGrantRequest};
use crate::testing::new_linked;

const ROUNDS: u32 = 25;

struct Round {
    scene: Scene,
    elsewhere: SiteId,
    /// On the site before.
    there: DeviceId,
    also_there: DeviceId,
    /// To be added.
    new: NewDevice,
    accepting: Accepting,
}

fn round(store: &Store, of: &Scene, olga: &EndUserId, number: u32, allowed: Asks) -> Round {
    let site_of_round = site(store, &of.company, &format!("Villa {number}"));
    let scene = Scene { company: of.company.clone(), site: site_of_round, by: of.by.clone() };
    let elsewhere = site(store, &of.company, &format!("Barn {number}"));
    let attic = link(store, &scene.company, &scene.site, &format!("Attic {number}"));
    let behind = |n: u32| linked(store, &attic, &format!("10.{number}.0.{n}"), number * 10 + n);
    let (there, also_there) = (behind(1), behind(2));
    let new = new_linked(store, &attic, &format!("10.{number}.0.3"), number * 10 + 3);
    let token = format!("token {number}");
    let id = invited(store, &scene, "olga@example.com", &token, 0).unwrap();
    let accepting = accepting(&id, &token, olga, "olga@example.com", allowed);
    Round { scene, elsewhere, there, also_there, new, accepting }
}

/// What the acceptance says is on the site: read in its own transaction, as the pack is compared.
fn accept_it(store: &Store, round: &Round) -> Vec<String> {
    store
        .write(|conn| {
            accept(conn, &round.accepting, at(1))?.unwrap();
            on_site(conn, &round.scene.site)
        })
        .unwrap()
}

fn on_site(conn: &mut DbConn, site: &SiteId) -> Result<Vec<String>, StoreError> {
    #[derive(QueryableByName)]
    struct Id {
        #[diesel(sql_type = Text)]
        id: String,
    }
    let query = Select::new("SELECT id FROM devices WHERE site_id = ").text(site.as_str()).sql(" ORDER BY id");
    let rows: Vec<Id> = query.load(conn)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Adds, moves away and deletes as the handlers do: held, then asked, then done.
fn add(store: &Store, round: &Round) -> bool {
    let (company, site) = (&round.scene.company, &round.scene.site);
    let add = |conn: &mut DbConn| {
        let may = crate::sites::hold_site(conn, company, site)?.status.allows(SiteAction::ManageDevices);
        if may { create_device(conn, &round.new, at(1)).map(|()| true) } else { Ok(false) }
    };
    store.write(add).unwrap()
}

fn move_away(store: &Store, round: &Round) -> bool {
    let move_it = |conn: &mut DbConn| {
        let (company, to) = (&round.scene.company, &round.elsewhere);
        let (device, site) = hold_device_and(conn, company, &round.there, Some(to))?;
        let is_owned = grants::owner_of(conn, &device.site_id)?.is_some();
        if is_owned || !site.status.allows(SiteAction::ManageDevices) {
            return Ok(false);
        }
        move_device(conn, company, &round.there, to, None, at(1)).map(|_| true)
    };
    store.write(move_it).unwrap()
}

fn delete(store: &Store, round: &Round) -> bool {
    let delete_it = |conn: &mut DbConn| {
        let (_, site) = hold_device(conn, &round.scene.company, &round.also_there)?;
        if site.status == S::Authorized || !site.status.allows(SiteAction::ManageDevices) {
            return Ok(false);
        }
        delete_device(conn, &round.scene.company, &round.also_there, at(1)).map(|()| true)
    };
    store.write(delete_it).unwrap()
}

#[test]
fn what_is_added_moved_or_deleted_while_a_customer_accepts_is_so_before_or_not_at_all() {
    on_both(|store| {
        let of = scene(store);
        let olga = end_user(store, "olga@example.com");
        for number in 1..=ROUNDS {
            let round = &round(store, &of, &olga, number, Asks::default());
            let begin = &Barrier::new(4);
            let (accepted, added, moved, deleted) = std::thread::scope(|threads| {
                let at_once = |work: fn(&Store, &Round) -> bool| {
                    threads.spawn(move || {
                        begin.wait();
                        work(store, round)
                    })
                };
                let others = (at_once(add), at_once(move_away), at_once(delete));
                begin.wait();
                let accepted = accept_it(store, round);
                (accepted, others.0.join().unwrap(), others.1.join().unwrap(), others.2.join().unwrap())
            });
            let now = store.read(|conn| on_site(conn, &round.scene.site)).unwrap();
            assert_eq!(now, accepted, "round {number}: what was handed over is what is there");
            let is_there = |id: &DeviceId| now.iter().any(|one| one == id.as_str());
            assert_eq!((is_there(&round.new.id), is_there(&round.there)), (added, !moved), "round {number}");
            assert_eq!(is_there(&round.also_there), !deleted, "round {number}");
            for id in &now {
                let owner = owner_of_binding(store, &id.parse().unwrap());
                assert_eq!(owner.as_deref(), Some(olga.as_str()), "round {number}: it is the owner's");
            }
            let elsewhere = store.read(|conn| devices::get_device(conn, &round.scene.company, &round.there)).unwrap();
            if elsewhere.site_id == round.elsewhere {
                assert_eq!(owner_of_binding(store, &round.there), None, "round {number}: it is the company's");
            }
        }
    });
}

#[test]
fn nobody_applies_for_a_device_while_the_owner_takes_the_site_back() {
    on_both(|store| {
        let of = scene(store);
        let olga = end_user(store, "olga@example.com");
        for number in 1..=ROUNDS {
            let round = &round(store, &of, &olga, number, Asks { site: true, devices: Vec::new() });
            accept_it(store, round);
            let open = store.read(|conn| grants::list_open(conn, &round.scene.site, at(2), None, 20)).unwrap();
            let begin = &Barrier::new(2);
            std::thread::scope(|threads| {
                threads.spawn(move || {
                    begin.wait();
                    store.write(|conn| apply(conn, round)).unwrap();
                });
                begin.wait();
                store
                    .write(|conn| {
                        grants::end(conn, &round.scene.site, &open.items[0].id, GrantEnd::Revoked, at(2)).map(drop)
                    })
                    .unwrap();
            });
            let waiting = "grant_requests WHERE state = 'waiting'";
            assert_eq!(store.read(|conn| count_rows(conn, waiting)).unwrap(), 0, "round {number}: it could not work");
        }
    });
}

fn apply(conn: &mut DbConn, round: &Round) -> Result<(), StoreError> {
    let (company, site) = (&round.scene.company, &round.scene.site);
    if crate::sites::hold_site(conn, company, site)?.status != S::Authorized {
        return Ok(());
    }
    let device_id = round.there.clone();
    let ask = DeviceAsk { device_id, permission: DevicePermission::LiveView, validity: Validity::Hours1 };
    let new = NewGrantRequest {
        id: GrantRequestId::generate(at(2)),
        company_id: company.clone(),
        site_id: site.clone(),
        kind: RequestKind::Devices,
        remark: String::new(),
        asks: Asks { site: false, devices: vec![ask] },
        asked_by: round.scene.by.clone(),
        asked_by_name: "Anna".into(),
    };
    grant_requests::create_request(conn, &new, at(2))
}
