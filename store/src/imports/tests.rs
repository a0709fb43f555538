use chrono::Duration;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use siteward_domain::JobId;

use super::*;
use crate::devices::NewDevice;
use crate::store::Store;
use crate::testing::{at, company, count_rows, device, link, linked, new_device, new_linked, on_both, serial, site};

fn rows(store: &Store, company: &CompanyId, import: &ImportId, count: u32) -> Vec<NewRow> {
    (0..count)
        .map(|index| {
            let key = row_key(import, index);
            let secret = SecretString::from("Canary-7");
            NewRow {
                index,
                name: format!("Camera {index}"),
                host: format!("10.0.0.{index}"),
                port: 8000,
                user_name: "admin".into(),
                sealed_password: Some(store.vault().seal(password_place(company, &key), &secret).unwrap()),
                state: RowState::New,
                reason: None,
                other_site_id: None,
                serial: None,
                sealed_code: None,
            }
        })
        .collect()
}

fn import(store: &Store, company: &CompanyId, site: &SiteId, count: u32) -> ImportId {
    let id = ImportId::generate(at(0));
    let rows = rows(store, company, &id, count);
    store.write(|conn| create_import(conn, &new_import(company, site, &id, NewContent::Rows(rows.clone())))).unwrap();
    id
}

fn new_import(company: &CompanyId, site: &SiteId, id: &ImportId, content: NewContent) -> NewImport {
    NewImport {
        id: id.clone(),
        company_id: company.clone(),
        site_id: site.clone(),
        staff_id: StaffId::generate(at(0)),
        kind: ImportKind::VendorExport,
        qr_created_at: Some(at(-86_400)),
        content,
        created_at: at(0),
        expires_at: at(900),
    }
}

fn job(import: &ImportId) -> NewJob {
    NewJob {
        id: JobId::generate(at(0)),
        kind: "import_devices".into(),
        payload: json!({ "import_id": import }),
        run_at: at(0),
        dedup_key: Some(import.to_string()),
        most_attempts: 5,
    }
}

fn confirmed(store: &Store, company: &CompanyId, id: &ImportId, indexes: &[u32], seconds: i64) -> Confirmed {
    store.write(|conn| confirm(conn, company, id, indexes, &job(id), at(seconds))).unwrap()
}

fn found(store: &Store, company: &CompanyId, site: &SiteId, index: u32) -> NewDevice {
    let host = format!("10.0.0.{index}");
    NewDevice { given_port: Some(8000), ..new_device(store, company, site, &host, index) }
}

fn add(device: &NewDevice) -> RowResult {
    RowResult::Add(Box::new(device.clone()))
}

fn sealed_left(store: &Store) -> i64 {
    store.read(|conn| count_rows(conn, "import_rows WHERE sealed_password IS NOT NULL")).unwrap()
}

#[test]
fn ticked_rows_are_claimed_with_their_passwords_and_the_others_lose_theirs() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let id = import(store, &company, &site, 3);
        assert_eq!(confirmed(store, &company, &id, &[0, 2], 1), Confirmed::Started);
        assert_eq!(sealed_left(store), 2);
        let claimed = store.write(|conn| claim_rows(conn, &id, 10, at(1))).unwrap();
        assert_eq!(claimed.iter().map(|row| row.index).collect::<Vec<_>>(), [0, 2]);
        let key = row_key(&id, 2);
        let opened = store.vault().open(password_place(&company, &key), &claimed[1].sealed_password).unwrap();
        assert_eq!(opened.expose_secret(), "Canary-7");
        assert!(store.write(|conn| claim_rows(conn, &id, 10, at(1))).unwrap().is_empty());
        assert_eq!(store.read(jobs::count_open).unwrap(), 1);
    });
}

#[test]
fn confirming_twice_starts_once_and_rows_that_cannot_be_ticked_are_refused() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let id = import(store, &company, &site, 2);
        assert_eq!(confirmed(store, &company, &id, &[7], 1), Confirmed::RowsNotSelectable);
        assert_eq!(confirmed(store, &company, &id, &[], 1), Confirmed::RowsNotSelectable);
        let outcomes: Vec<Confirmed> = std::thread::scope(|threads| {
            let handles: Vec<_> =
                (0..4).map(|_| threads.spawn(|| confirmed(store, &company, &id, &[0, 1], 1))).collect();
            handles.into_iter().map(|handle| handle.join().unwrap()).collect()
        });
        assert_eq!(outcomes.iter().filter(|outcome| **outcome == Confirmed::Started).count(), 1, "{outcomes:?}");
        assert_eq!(outcomes.iter().filter(|outcome| **outcome == Confirmed::Already).count(), 3);
    });
}

#[test]
fn finishing_a_row_again_adds_nothing_twice() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let id = import(store, &company, &site, 2);
        confirmed(store, &company, &id, &[0, 1], 1);
        store.write(|conn| claim_rows(conn, &id, 10, at(1))).unwrap();
        let (first, again) = (found(store, &company, &site, 0), found(store, &company, &site, 0));
        let added = store.write(|conn| finish_row(conn, &id, 0, &add(&first), at(2))).unwrap();
        assert_eq!(added, Finished::Added(first.id.clone()));
        let repeated = store.write(|conn| finish_row(conn, &id, 0, &add(&again), at(3))).unwrap();
        assert_eq!(repeated, Finished::Added(first.id));
        let failed = RowResult::Fail(Reason { code: "device_unreachable".into(), message: "no answer".into() });
        assert_eq!(store.write(|conn| finish_row(conn, &id, 1, &failed, at(4))).unwrap(), Finished::Failed);
        let import = store.read(|conn| get_import(conn, &company, &id, at(5))).unwrap();
        assert_eq!(
            (import.state, import.rows[0].found),
            (ImportState::Done, Some((siteward_domain::device::Scheme::Http, 80)))
        );
        assert_eq!(import.rows[1].reason.as_ref().unwrap().code, "device_unreachable");
        assert_eq!((store.read(|conn| count_rows(conn, "devices")).unwrap(), sealed_left(store)), (1, 0));
        let kinds: Vec<_> = store.read(|conn| events::after(conn, Some(&company), 0, 100)).unwrap();
        assert_eq!(kinds.iter().filter(|event| event.kind == EventKind::DeviceAdded).count(), 1);
    });
}

#[test]
fn a_device_that_is_there_already_fails_its_row_and_names_the_site() {
    on_both(|store| {
        let company = company(store);
        let (villa, shop) = (site(store, &company, "Villa"), site(store, &company, "Shop"));
        device(store, &company, &shop, "10.0.0.0", 77);
        let id = import(store, &company, &villa, 1);
        confirmed(store, &company, &id, &[0], 1);
        let result = add(&found(store, &company, &villa, 0));
        let finished = store.write(|conn| finish_row(conn, &id, 0, &result, at(2))).unwrap();
        assert!(matches!(finished, Finished::Occupied(_)));
        let row = store.read(|conn| get_import(conn, &company, &id, at(2))).unwrap().rows.remove(0);
        assert_eq!((row.state, row.reason.unwrap().code.as_str()), (RowState::Failed, "device_on_other_site"));
        assert_eq!(row.other_site, Some((shop, "Shop".to_owned())));
    });
}

#[test]
fn the_last_rows_finished_at_the_same_instant_end_the_import() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let id = import(store, &company, &site, 8);
        let all: Vec<u32> = (0..8).collect();
        confirmed(store, &company, &id, &all, 1);
        store.write(|conn| claim_rows(conn, &id, 10, at(1))).unwrap();
        let devices: Vec<NewDevice> = all.iter().map(|index| found(store, &company, &site, *index)).collect();
        std::thread::scope(|threads| {
            for (index, device) in all.iter().zip(&devices) {
                let id = &id;
                threads.spawn(move || store.write(|conn| finish_row(conn, id, *index, &add(device), at(2))).unwrap());
            }
        });
        let import = store.read(|conn| get_import(conn, &company, &id, at(3))).unwrap();
        assert_eq!(import.state, ImportState::Done);
        assert!(import.rows.iter().all(|row| row.state == RowState::Added));
    });
}

#[test]
fn rows_of_a_dead_worker_are_tried_again_and_a_given_up_import_ends() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let id = import(store, &company, &site, 2);
        confirmed(store, &company, &id, &[0, 1], 1);
        store.write(|conn| claim_rows(conn, &id, 1, at(1))).unwrap();
        store.write(|conn| resume(conn, &id)).unwrap();
        assert_eq!(store.write(|conn| claim_rows(conn, &id, 10, at(2))).unwrap().len(), 2);
        let reason = Reason { code: "internal".into(), message: "given up".into() };
        store.write(|conn| fail_remaining(conn, &id, &reason, at(3))).unwrap();
        let import = store.read(|conn| get_import(conn, &company, &id, at(3))).unwrap();
        assert_eq!((import.state, sealed_left(store)), (ImportState::Done, 0));
    });
}

#[test]
fn an_import_expires_at_its_instant_and_its_secrets_are_erased() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let id = import(store, &company, &site, 2);
        let state = |seconds| store.read(|conn| get_import(conn, &company, &id, at(seconds))).unwrap().state;
        assert_eq!((state(899), state(900)), (ImportState::Ready, ImportState::Expired));
        assert_eq!(confirmed(store, &company, &id, &[0], 900), Confirmed::Expired);
        assert_eq!(store.write(|conn| expire_imports(conn, at(899))).unwrap(), 0);
        assert_eq!(store.write(|conn| expire_imports(conn, at(900))).unwrap(), 1);
        assert_eq!((state(0), sealed_left(store)), (ImportState::Expired, 0));
    });
}

#[test]
fn a_locked_qr_waits_for_its_password_and_forgets_its_text_after_too_many_tries() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let (good, bad) = (ImportId::generate(at(0)), ImportId::generate(at(1)));
        for id in [&good, &bad] {
            let text = store.vault().seal(text_place(&company, id), &SecretString::from("QR")).unwrap();
            let new = new_import(&company, &site, id, NewContent::Locked(text));
            store.write(|conn| create_import(conn, &new)).unwrap();
        }
        let text =
            |id: &ImportId, seconds| store.read(|conn| find_sealed_text(conn, &company, id, at(seconds))).unwrap();
        assert!(text(&good, 899).is_some() && text(&good, 900).is_none());
        let rows = rows(store, &company, &good, 1);
        store.write(|conn| set_rows(conn, &company, &good, None, &rows, at(1))).unwrap();
        assert!(text(&good, 1).is_none());
        assert!(matches!(
            store.write(|conn| set_rows(conn, &company, &good, None, &rows, at(1))),
            Err(StoreError::Stale)
        ));
        for left in [1, 0] {
            assert_eq!(store.write(|conn| count_wrong_password(conn, &company, &bad, 2)).unwrap(), left);
        }
        assert!(text(&bad, 1).is_none());
        assert_eq!(store.write(|conn| count_wrong_password(conn, &company, &bad, 2)).unwrap(), 0);
        assert_eq!(store.read(|conn| get_import(conn, &company, &bad, at(1))).unwrap().state, ImportState::Expired);
    });
}

#[test]
fn only_expired_imports_are_forgotten() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        import(store, &company, &site, 2);
        let kept = import(store, &company, &site, 1);
        confirmed(store, &company, &kept, &[0], 1);
        store.write(|conn| expire_imports(conn, at(900))).unwrap();
        assert_eq!(store.write(|conn| prune_expired(conn, at(900))).unwrap(), 0);
        assert_eq!(store.write(|conn| prune_expired(conn, at(5000))).unwrap(), 1);
        assert_eq!(store.read(|conn| count_rows(conn, "import_rows")).unwrap(), 1);
        assert!(store.read(|conn| get_import(conn, &company, &kept, at(5000))).is_ok());
    });
}

#[test]
fn a_running_import_whose_job_is_gone_is_found() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let id = import(store, &company, &site, 1);
        let orphaned = || store.read(|conn| find_orphaned(conn, "import_devices")).unwrap();
        confirmed(store, &company, &id, &[0], 1);
        assert_eq!(orphaned(), []);
        store.write(|conn| Ok(diesel::sql_query("UPDATE jobs SET state = 'dead'").execute(conn)?)).unwrap();
        assert_eq!(orphaned(), vec![id.clone()]);
        let reason = Reason { code: "import_failed".into(), message: "given up".into() };
        store.write(|conn| fail_remaining(conn, &id, &reason, at(3))).unwrap();
        assert_eq!(orphaned(), []);
    });
}

#[test]
fn another_companys_import_is_not_found() {
    on_both(|store| {
        let (mine, other) = (company(store), company(store));
        let site = site(store, &mine, "Villa");
        let id = import(store, &mine, &site, 1);
        assert!(matches!(store.read(|conn| get_import(conn, &other, &id, at(0))), Err(StoreError::NotFound)));
        let refused = store.write(|conn| confirm(conn, &other, &id, &[0], &job(&id), at(0)));
        assert!(matches!(refused, Err(StoreError::NotFound)));
        let later = at(0) + Duration::seconds(1);
        assert!(store.read(|conn| find_sealed_text(conn, &other, &id, later)).unwrap().is_none());
    });
}

/// A sealed QR with devices behind a link: the code waits sealed like the password, and both go with the row.
#[test]
fn rows_of_devices_behind_links_bind_them_and_one_of_another_account_fails() {
    on_both(|store| {
        let (company, other) = (company(store), self::company(store));
        let (villa, office) = (site(store, &company, "Villa"), site(store, &other, "Office"));
        let (attic, cellar) = (link(store, &company, &villa, "Attic"), link(store, &other, &office, "Cellar"));
        linked(store, &cellar, "10.0.0.1", 2);
        let id = ImportId::generate(at(0));
        let mut rows = rows(store, &company, &id, 3);
        for row in &mut rows {
            let key = row_key(&id, row.index);
            let code = store.vault().seal(code_place(&company, &key), &SecretString::from("CANARY")).unwrap();
            (row.host, row.port) = (String::new(), 0);
            (row.serial, row.sealed_code) = (Some(serial(row.index + 1)), Some(code));
        }
        let content = NewContent::Rows(rows);
        let new = NewImport { kind: ImportKind::Sealed, ..new_import(&company, &villa, &id, content) };
        store.write(|conn| create_import(conn, &new)).unwrap();
        confirmed(store, &company, &id, &[0, 1], 1);
        let codes = || store.read(|conn| count_rows(conn, "import_rows WHERE sealed_code IS NOT NULL")).unwrap();
        assert_eq!(codes(), 2);
        let claimed = store.write(|conn| claim_rows(conn, &id, 10, at(1))).unwrap();
        let key = row_key(&id, 1);
        let code = store.vault().open(code_place(&company, &key), claimed[1].sealed_code.as_ref().unwrap()).unwrap();
        assert_eq!((code.expose_secret(), claimed[1].serial.clone()), ("CANARY", Some(serial(2))));
        let finish = |index: u32| {
            let device = new_linked(store, &attic, "10.0.0.9", index + 1);
            store.write(|conn| finish_row(conn, &id, index, &add(&device), at(2))).unwrap()
        };
        assert!(matches!(finish(0), Finished::Added(_)));
        assert_eq!(finish(1), Finished::Failed);
        let import = store.read(|conn| get_import(conn, &company, &id, at(3))).unwrap();
        assert_eq!((import.kind, import.state), (ImportKind::Sealed, ImportState::Done));
        assert_eq!(import.rows[1].reason.as_ref().unwrap().code, "device_someone_elses");
        assert_eq!((import.rows[0].serial.clone(), codes(), sealed_left(store)), (Some(serial(1)), 0, 0));
        assert_eq!(store.read(|conn| count_rows(conn, "bindings")).unwrap(), 2);
    });
}
