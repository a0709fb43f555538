use siteward_domain::device::DeviceKind;
use siteward_domain::{CompanyId, FirmwareFileId, StaffId};

use super::*;
use crate::testing::{at, company, on_both};
use crate::{Store, StoreError};

fn new_file(company: &CompanyId, letter: char) -> NewFirmwareFile {
    NewFirmwareFile {
        id: FirmwareFileId::generate(at(0)),
        company_id: company.clone(),
        sha256: letter.to_string().repeat(64),
        size: 1000,
        file_name: "digicap.dav".into(),
        uploaded_by: StaffId::generate(at(0)),
    }
}

fn upload(store: &Store, company: &CompanyId, letter: char) -> (FirmwareFile, bool) {
    let new = new_file(company, letter);
    store.write(|conn| create(conn, &new, at(0))).unwrap()
}

fn purpose(version: &str, first: Option<&FirmwareFile>) -> FirmwareUse {
    FirmwareUse {
        kind: DeviceKind::Camera,
        models: vec!["DS-2CD2xx2".into()],
        hardware: String::new(),
        region: "WR".into(),
        version: version.into(),
        first: first.map(|file| file.id.clone()),
        first_below: String::new(),
    }
}

#[test]
fn the_same_file_twice_is_one_and_another_company_has_its_own() {
    on_both(|store| {
        let (mine, other) = (company(store), company(store));
        let (first, is_new) = upload(store, &mine, 'a');
        let (again, is_new_again) = upload(store, &mine, 'a');
        assert_eq!((first.id.clone(), is_new, is_new_again), (again.id, true, false));
        let (theirs, is_new) = upload(store, &other, 'a');
        assert!(is_new && theirs.id != first.id);
        assert_eq!(store.read(|conn| list(conn, &mine)).unwrap().len(), 1);
        assert!(matches!(store.read(|conn| get(conn, &other, &first.id)), Err(StoreError::NotFound)));
        let known = store.read(|conn| known_hashes(conn, &["a".repeat(64), "b".repeat(64)])).unwrap();
        assert_eq!(known.len(), 1);
    });
}

#[test]
fn a_file_counts_once_somebody_said_what_it_is_for_and_stays_while_another_needs_it() {
    on_both(|store| {
        let mine = company(store);
        let ((step, _), (aim, _)) = (upload(store, &mine, 'a'), upload(store, &mine, 'b'));
        assert!(store.read(|conn| catalogue(conn, &mine)).unwrap().is_empty());
        store
            .write(|conn| {
                set_use(conn, &mine, &step.id, &purpose("V5.4.41 build 170312", None), "", at(1))?;
                set_use(conn, &mine, &aim.id, &purpose("V5.4.5 build 170124", Some(&step)), "Note", at(1))
            })
            .unwrap();
        let entries = store.read(|conn| catalogue(conn, &mine)).unwrap();
        assert_eq!(entries.len(), 2);
        let entry = entries.iter().find(|entry| entry.id == aim.id).unwrap();
        assert_eq!(entry.first.as_ref().map(|first| &first.entry), Some(&step.id));
        assert!(matches!(store.write(|conn| delete(conn, &mine, &step.id)), Err(StoreError::Stale)));
        store
            .write(|conn| {
                delete(conn, &mine, &aim.id)?;
                delete(conn, &mine, &step.id)
            })
            .unwrap();
        assert!(store.read(|conn| list(conn, &mine)).unwrap().is_empty());
    });
}
