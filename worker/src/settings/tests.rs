use super::*;

fn from_environment(pairs: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    Settings::from_sources(None, pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

fn written(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.toml");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

#[test]
fn the_embedded_defaults_are_complete() {
    let settings = from_environment(&[]).unwrap();
    assert_eq!(settings.polling.period_seconds, 60);
    assert!(!settings.devices.allow_loopback);
    assert_eq!(settings.key_file(), PathBuf::from("data/master.key"));
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_defaults() {
    let (_folder, path) = written("[polling]\nperiod_seconds = 30\nmost_at_once = 9\n");
    let environment = [("SITEWARD__POLLING__PERIOD_SECONDS".to_owned(), "10".to_owned())];
    let settings = Settings::from_sources(Some(&path), environment).unwrap();
    assert_eq!((settings.polling.period_seconds, settings.polling.most_at_once), (10, 9));
    assert_eq!(settings.polling.slow_at_once, 64);
}

#[test]
fn unknown_keys_are_refused_wherever_they_stand() {
    let (_folder, path) = written("[polling]\nperiod = 30\n");
    assert!(Settings::from_sources(Some(&path), []).unwrap_err().to_string().contains("period"));
    assert!(from_environment(&[("SITEWARD__POLING__PERIOD_SECONDS", "1")]).is_err());
    assert!(from_environment(&[("SITEWARD__DEVICES__ALLOW_LOOPBAK", "true")]).is_err());
}

#[test]
fn a_named_file_must_be_there() {
    let error = Settings::from_sources(Some(Path::new("/nowhere/siteward.toml")), []).unwrap_err();
    assert!(matches!(error, SettingsError::NoFile(_)));
}

#[test]
fn the_database_variable_wins_and_its_password_is_never_shown() {
    let settings = from_environment(&[
        ("SITEWARD__DATABASE__URL", "postgres://other/db"),
        ("DATABASE_URL", "postgres://siteward:hunter2@db.example/siteward?password=hunter2&sslmode=require"),
    ])
    .unwrap();
    let url = settings.database.url.as_ref().unwrap();
    assert!(url.expose().contains("hunter2"));
    assert_eq!(url.to_string(), "postgres://siteward@db.example/siteward?sslmode=require");
    assert!(!settings.shown().contains("hunter2") && !format!("{settings:?}").contains("hunter2"));
}

#[test]
fn a_log_filter_with_commas_and_equals_stays_text() {
    let settings = from_environment(&[("SITEWARD__LOG__FILTER", "info,siteward_devices=debug")]).unwrap();
    assert_eq!(settings.log.filter, "info,siteward_devices=debug");
}

#[test]
fn what_is_shown_reads_back_as_the_same_settings() {
    let settings = from_environment(&[("SITEWARD__SERVER__TRUSTED_PROXIES", "[\"10.0.0.1\"]")]).unwrap();
    let (_folder, path) = written(&settings.shown());
    assert_eq!(Settings::from_sources(Some(&path), []).unwrap(), settings);
}

#[test]
fn values_out_of_range_name_their_key() {
    let error = from_environment(&[("SITEWARD__DEVICES__LOOK_TIMEOUT_SECONDS", "60")]).unwrap_err();
    assert_eq!(error.to_string(), "settings: devices.look_timeout_seconds is 1 to 10");
}

#[test]
fn a_domain_for_remote_configuration_is_a_name_and_no_address() {
    assert!(from_environment(&[("SITEWARD__REMOTE__DOMAIN", "remote.example.com")]).is_ok());
    for bad in ["192.0.2.7", "https://remote.example.com", ".example.com", "a b"] {
        let error = from_environment(&[("SITEWARD__REMOTE__DOMAIN", bad)]).unwrap_err();
        assert!(error.to_string().contains("remote.domain"), "{bad}: {error}");
    }
}

#[test]
fn remote_configuration_is_not_idle_for_longer_than_it_lasts() {
    let error = from_environment(&[("SITEWARD__REMOTE__IDLE_MINUTES", "90")]).unwrap_err();
    assert!(error.to_string().contains("remote.longest_minutes"), "{error}");
}

#[test]
fn a_gateway_for_text_messages_is_told_whom_to_reach_and_its_password_is_never_shown() {
    let url = ("SITEWARD__SMS__URL", "https://sms.example.com/send");
    let secret = ("SITEWARD__SMS__URL", "https://sms.example.com/send?key=hunter2");
    let body = ("SITEWARD__SMS__BODY", r#"{"key": "hunter2", "to": "{to}", "text": "{text}"}"#);
    let settings = from_environment(&[secret, body, ("SITEWARD__SMS__AUTHORIZATION", "Bearer hunter2")]).unwrap();
    assert!(!settings.shown().contains("hunter2") && !format!("{settings:?}").contains("hunter2"));
    for (bad, of) in [
        (("SITEWARD__SMS__URL", "sms.example.com"), "sms.url"),
        (("SITEWARD__SMS__BODY", "{to}"), "sms.body"),
        (("SITEWARD__SMS__CONTENT_TYPE", "text/plain\nb"), "sms.body"),
        (("SITEWARD__SMS__CONTENT_TYPE", "text/xml"), "sms.body"),
        (("SITEWARD__SMS__AUTHORIZATION", "Bearer a\nHost: b"), "sms.authorization"),
    ] {
        let error = from_environment(&[url, bad]).unwrap_err();
        assert!(error.to_string().contains(of), "{bad:?}: {error}");
    }
}
