use secrecy::{ExposeSecret, SecretString};

use super::*;
use crate::testing::{at, company, count_rows, link, linked, on_both, serial, site};
use crate::{additions, password_changes};
use siteward_domain::{AdditionId, StaffId};

const PLACE: Place<'_> = Place { table: "devices", column: "sealed_password", row: "r1", company: "c1" };

#[test]
fn a_ciphertext_moved_to_another_place_is_refused() {
    on_both(|store| {
        let vault = store.vault();
        let sealed = vault.seal(PLACE, &SecretString::from("Canary-7")).unwrap();
        assert_eq!(vault.open(PLACE, &sealed).unwrap().expose_secret(), "Canary-7");
        for moved in [
            Place { row: "r2", ..PLACE },
            Place { company: "c2", ..PLACE },
            Place { column: "other", ..PLACE },
            Place { table: "import_rows", ..PLACE },
            Place { row: "r", company: "1c1", ..PLACE },
        ] {
            assert_eq!(vault.open(moved, &sealed).err(), Some(VaultError::Refused), "{moved:?}");
        }
    });
}

#[test]
fn a_damaged_or_foreign_text_is_refused() {
    on_both(|store| {
        let vault = store.vault();
        let sealed = vault.seal(PLACE, &SecretString::from("Canary-7")).unwrap();
        let mut damaged = sealed.as_str().to_owned();
        let last = damaged.pop().unwrap();
        damaged.push(if last == 'A' { 'B' } else { 'A' });
        for text in [damaged.as_str(), "", "v1.1.", "v1.9.AAAA", "v2.1.AAAA", "Canary-7"] {
            let sealed = SealedText::from_stored(text.to_owned());
            assert_eq!(vault.open(PLACE, &sealed).err(), Some(VaultError::Refused), "{text}");
        }
    });
}

#[test]
fn equal_secrets_look_different_and_no_debug_output_shows_one() {
    on_both(|store| {
        let vault = store.vault();
        let secret = SecretString::from("Canary-7");
        let (one, two) = (vault.seal(PLACE, &secret).unwrap(), vault.seal(PLACE, &secret).unwrap());
        assert_ne!(one.as_str(), two.as_str());
        let shown = format!("{vault:?} {one:?} {:?}", MasterKey::generate());
        assert_eq!(shown, "Vault(…) SealedText(…) MasterKey(…)");
    });
}

#[test]
fn another_master_key_opens_the_store_and_says_that_secrets_are_locked() {
    on_both(|store| {
        let sealed = store.vault().seal(PLACE, &SecretString::from("Canary-7")).unwrap();
        let other = Vault::new(MasterKey::generate());
        store.write(|conn| other.load(conn)).unwrap();
        assert_eq!(other.locked_key(), Some(1));
        assert_eq!(other.open(PLACE, &sealed).err(), Some(VaultError::Locked { key: 1 }));
        assert_eq!(other.seal(PLACE, &SecretString::from("x")).err(), Some(VaultError::Locked { key: 1 }));
    });
}

#[test]
fn a_key_file_is_made_once_readable_by_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data/master.key");
    let made = MasterKey::load(None, &path).unwrap();
    let read = MasterKey::load(None, &path).unwrap();
    assert_eq!(*made.0, *read.0);
    #[cfg(unix)]
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions()) & 0o777,
        0o600
    );
}

#[test]
fn a_master_key_is_read_from_hex_and_base64_and_nothing_else() {
    let hex = "00".repeat(31) + "ff";
    let base64 = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAP8=";
    assert_eq!(*MasterKey::parse(&hex).unwrap().0, *MasterKey::parse(base64).unwrap().0);
    for text in ["", "short", &"zz".repeat(32), &"00".repeat(33)] {
        assert!(MasterKey::parse(text).is_none(), "{text}");
    }
    assert!(matches!(
        MasterKey::load(Some("short"), std::path::Path::new("unused")),
        Err(MasterKeyError::NotAKey { .. })
    ));
}

/// T10: whatever holds a password or a verification code holds it sealed.
#[test]
fn columns_of_secrets_hold_sealed_texts_alone() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let link = link(store, &company, &site, "Attic");
        let device = linked(store, &link, "10.0.0.1", 1);
        let seal = |place: Place<'_>| store.vault().seal(place, &SecretString::from("Canary-7")).unwrap();
        let code = seal(crate::devices::code_place(&company, &device));
        store.write(|conn| crate::devices::set_code(conn, &company, &device, &code)).unwrap();
        let new = seal(password_changes::new_password_place(&company, &device));
        store.write(|conn| password_changes::request(conn, &company, &device, &new, at(1))).unwrap();
        let id = AdditionId::generate(at(0));
        let addition = additions::NewAddition {
            company_id: company.clone(),
            site_id: site.clone(),
            staff_id: StaffId::generate(at(0)),
            serial: serial(2),
            name: String::new(),
            user_name: "admin".into(),
            sealed_password: Some(seal(additions::password_place(&company, &id))),
            sealed_code: Some(seal(additions::code_place(&company, &id))),
            hold: false,
            id,
        };
        store.write(|conn| additions::create(conn, &addition, at(1))).unwrap();
        let sealed = [
            "devices.sealed_password",
            "devices.sealed_code",
            "password_changes.sealed_new",
            "additions.sealed_password",
            "additions.sealed_code",
        ];
        for column in sealed {
            let (table, column) = column.split_once('.').unwrap();
            let looks_sealed = format!("{table} WHERE {column} LIKE 'v1.1.%' AND {column} NOT LIKE '%anary%'");
            assert_eq!(store.read(|conn| count_rows(conn, &looks_sealed)).unwrap(), 1, "{table}.{column}");
        }
        for text in ["devices WHERE search LIKE '%canary%'", "events WHERE data LIKE '%anary%'"] {
            assert_eq!(store.read(|conn| count_rows(conn, text)).unwrap(), 0, "{text}");
        }
        assert!(!format!("{addition:?}").contains("anary"));
    });
}
