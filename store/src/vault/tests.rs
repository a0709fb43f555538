use secrecy::{ExposeSecret, SecretString};

use super::*;
use crate::testing::on_both;

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
