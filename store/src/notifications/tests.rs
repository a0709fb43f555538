use siteward_domain::exception::{ExceptionKey, ExceptionKind};
use siteward_domain::incident::Settling;
use siteward_domain::staff::Right;
use siteward_domain::{DeviceId, ExceptionId};

use super::*;
use crate::Store;
use crate::incidents::{self, IncidentFilter};
use crate::polling::{OpenedRow, RoundWrite, write_round};
use crate::site_managers;
use crate::staff::disable_staff;
use crate::testing::{at, company, device, member, member_with, on_both, site};

/// The incident of a device that does not answer.
fn incident(store: &Store, company: &CompanyId, device: &DeviceId) -> IncidentId {
    let key = ExceptionKey::of_device(ExceptionKind::DeviceOffline);
    let opened = OpenedRow { id: ExceptionId::generate(at(0)), device_id: device.clone(), key, at: at(0) };
    let round = RoundWrite { opened: vec![opened], ..RoundWrite::default() };
    let settling = Settling { after: chrono::Duration::zero(), longest: chrono::Duration::zero() };
    store
        .write(|conn| {
            write_round(conn, &round)?;
            incidents::sort(conn, settling, true, at(1))
        })
        .unwrap();
    let reach = Reach::of_company(company);
    store.read(|conn| incidents::list(conn, &reach, &IncidentFilter::default(), None, 1)).unwrap().items.remove(0).id
}

#[test]
fn who_can_be_told_is_who_may_see_it_then() {
    on_both(|store| {
        let company = company(store);
        let villa = site(store, &company, "Villa");
        let rights = [Right::ManageAssignedSites, Right::ViewExceptions];
        let manager = member_with(store, &company, "manager@example.com", &rights);
        let expired = member_with(store, &company, "expired@example.com", &rights);
        let all = member_with(store, &company, "all@example.com", &[Right::ManageAllSites, Right::ViewExceptions]);
        member(store, &company, "nobody@example.com");
        member_with(store, &company, "blind@example.com", &[Right::ManageAllSites]);
        let gone = member_with(store, &company, "gone@example.com", &[Right::ManageAllSites, Right::ViewExceptions]);
        let assignment =
            |staff: &StaffId, expires_at| site_managers::Assignment { staff_id: staff.clone(), expires_at };
        let both = [assignment(&manager, None), assignment(&expired, Some(at(50)))];
        store
            .write(|conn| {
                site_managers::set(conn, &company, std::slice::from_ref(&villa), &both, &all, at(0))?;
                disable_staff(conn, &company, &gone, at(0)).map(drop)
            })
            .unwrap();
        let told = store.read(|conn| receivers(conn, &company, &villa, at(60))).unwrap();
        let mut told: Vec<_> = told.into_iter().map(|one| (one.id, one.is_manager)).collect();
        told.sort_unstable();
        let mut wanted = vec![(manager, true), (all, false)];
        wanted.sort_unstable();
        assert_eq!(told, wanted);
    });
}

#[test]
fn everything_is_told_once_read_once_and_held_back_until_a_digest() {
    on_both(|store| {
        let company = company(store);
        let villa = site(store, &company, "Villa");
        let camera = device(store, &company, &villa, "10.0.0.1", 1);
        let staff = member(store, &company, "a@example.com");
        let incident = incident(store, &company, &camera);
        let tell = |what, mailed, seconds| {
            store.write(|conn| create(conn, &company, &staff, &incident, what, mailed, at(seconds))).unwrap()
        };
        assert!(tell(Told::IncidentOpened, true, 10));
        assert!(!tell(Told::IncidentOpened, true, 11), "told already");
        assert!(tell(Told::IncidentClosed, false, 20));
        let reach = Reach::of_company(&company);
        let listed = store.read(|conn| list(conn, &reach, &staff, None, 10)).unwrap().items;
        assert_eq!(listed.iter().map(|one| one.what).collect::<Vec<_>>(), [Told::IncidentClosed, Told::IncidentOpened]);
        assert_eq!(store.read(|conn| told_of(conn, &incident)).unwrap(), [staff.clone()]);
        let unread = || store.read(|conn| count_unread(conn, &reach, &staff)).unwrap();
        assert_eq!(unread(), 2);
        store.write(|conn| mark_read(conn, &staff, &listed[1].id, at(30))).unwrap();
        assert_eq!(unread(), 1);
        let none = Reach::of_manager(&company, &staff, at(30));
        assert_eq!(store.read(|conn| list(conn, &none, &staff, None, 10)).unwrap().items, [], "out of reach by now");

        assert_eq!(store.read(|conn| count_mailed(conn, &company, at(0))).unwrap(), 1);
        assert_eq!(store.read(|conn| find_unmailed(conn, at(19), 10)).unwrap(), []);
        assert_eq!(store.read(|conn| find_unmailed(conn, at(20), 10)).unwrap(), [(company.clone(), staff.clone())]);
        assert_eq!(store.write(|conn| take_unmailed(conn, &staff)).unwrap().len(), 1);
        assert_eq!(store.write(|conn| take_unmailed(conn, &staff)).unwrap().len(), 0);
        assert_eq!(store.write(|conn| prune(conn, at(15))).unwrap(), 1);
    });
}
