//! The schema's history, embedded: one folder of migrations a database, with the same names.

use diesel::sql_types::BigInt;
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::connection::DbConn;
use crate::error::StoreError;

const SQLITE: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../migrations/postgres");
/// The advisory lock under which PostgreSQL migrates: "siteward" in ASCII.
const LOCK: i64 = 0x7369_7465_7761_7264;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Whether the first migration has run.
pub(crate) fn schema_is_there(conn: &mut DbConn) -> Result<bool, StoreError> {
    let sql = match conn {
        DbConn::Sqlite(_) => "SELECT count(*) AS count FROM sqlite_master WHERE type = 'table' AND name = 'vault_keys'",
        DbConn::Postgresql(_) => {
            "SELECT count(*) AS count FROM pg_tables WHERE tablename = 'vault_keys' AND schemaname = ANY (current_schemas(false))"
        }
    };
    Ok(sql_query(sql).get_result::<Count>(conn)?.count > 0)
}

/// Runs what is pending, inside the caller's transaction: all of it or nothing.
pub(crate) fn run_pending(conn: &mut DbConn) -> Result<Vec<String>, StoreError> {
    let ran = match conn {
        DbConn::Sqlite(conn) => conn.run_pending_migrations(SQLITE).map(names),
        DbConn::Postgresql(conn) => {
            sql_query("SELECT pg_advisory_xact_lock($1)").bind::<BigInt, _>(LOCK).execute(conn)?;
            conn.run_pending_migrations(POSTGRES).map(names)
        }
    };
    ran.map_err(|error| StoreError::Migration(error.to_string()))
}

/// Takes every migration back, for the test that they can go down and up again.
#[cfg(test)]
fn revert_all(conn: &mut DbConn) -> Result<(), StoreError> {
    let reverted = match conn {
        DbConn::Sqlite(conn) => conn.revert_all_migrations(SQLITE).map(names),
        DbConn::Postgresql(conn) => conn.revert_all_migrations(POSTGRES).map(names),
    };
    reverted.map(drop).map_err(|error| StoreError::Migration(error.to_string()))
}

fn names(versions: Vec<diesel::migration::MigrationVersion<'_>>) -> Vec<String> {
    versions.into_iter().map(|version| version.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Store;
    use crate::sightings::report_all;
    use crate::testing::{at, company, count_rows, device, link, linked, on_both, on_both_empty, sighting, site};

    /// Every migration's version.
    const ALL: [&str; 27] = [
        "20261120000000",
        "20261121000000",
        "20261122000000",
        "20261123000000",
        "20261128000000",
        "20261128010000",
        "20261128020000",
        "20261128021000",
        "20261128030000",
        "20261128031000",
        "20261128032000",
        "20261128033000",
        "20261128034000",
        "20261128035000",
        "20261128036000",
        "20261128040000",
        "20261128041000",
        "20261128042000",
        "20261128043000",
        "20261128044000",
        "20261128050000",
        "20261128050500",
        "20261128052000",
        "20261128054000",
        "20261128054500",
        "20261128060000",
        "20261129020000",
    ];

    #[test]
    fn migrations_go_up_down_with_data_and_up_again() {
        on_both(|store| {
            fill(store);
            store.write(revert_all).unwrap();
            assert!(!store.read(schema_is_there).unwrap());
            assert_eq!(store.migrate().unwrap(), ALL);
            fill(store);
            assert!(store.migrate().unwrap().is_empty());
        });
    }

    /// The migrations since are taken back, with devices behind links in place that share an address with another.
    #[test]
    fn cloud_devices_go_and_others_stay_when_their_migration_is_taken_back() {
        on_both(|store| {
            fill(store);
            for _ in [
                "jobs asked again",
                "phones",
                "channel since",
                "alarm mails",
                "sharing",
                "address changes",
                "handover mail",
                "binding owner",
                "changing companies",
                "panel passwords",
                "company logo",
                "handover",
                "reports",
                "monitoring",
                "upgrades",
                "exception rules",
                "linkage",
                "device events",
                "health facts",
                "own network",
                "incidents",
                "webhooks",
                "staff and panels",
                "firmware",
                "mail",
            ] {
                store.write(revert_last).unwrap();
            }
            assert_eq!(store.read(|conn| count_rows(conn, "devices")).unwrap(), 3, "they take no device with them");
            store.write(revert_last).unwrap();
            assert_eq!(store.read(|conn| count_rows(conn, "devices")).unwrap(), 1);
            assert_eq!(store.migrate().unwrap(), ALL[1..]);
            assert_eq!(store.read(|conn| count_rows(conn, "devices WHERE link_id IS NULL")).unwrap(), 1);
        });
    }

    /// Something in most tables.
    fn fill(store: &Store) {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let link = link(store, &company, &site, "Attic");
        device(store, &company, &site, "10.0.0.1", 1);
        linked(store, &link, "10.0.0.1", 2);
        linked(store, &link, "10.0.0.1", 3);
        let seen = [sighting(2, "10.0.0.1"), sighting(4, "10.0.0.4")];
        store.write(|conn| report_all(conn, &link, &seen, at(1))).unwrap();
        let change = "INSERT INTO password_changes (device_id, company_id, sealed_new, state, requested_at, updated_at)
                      SELECT id, company_id, 'v1', 'waiting', 1, 1 FROM devices";
        store.write(|conn| Ok(sql_query(change).execute(conn)?)).unwrap();
        let told = [
            "INSERT INTO maintenance_windows (id, company_id, site_id, device_id, starts_at, ends_at, repeats, note, created_at)
             SELECT id, company_id, site_id, id, 1, 2, 'weekly', '', 1 FROM devices",
            "INSERT INTO incidents (id, company_id, site_id, cause, cause_id, name, kind, opened_at, affected, cameras)
             SELECT id, company_id, site_id, 'device', id, '', 'device_offline', 1, 0, 0 FROM devices",
            "INSERT INTO tellings (incident_id, site_id, what, since) SELECT id, site_id, 'incident_opened', 1 FROM incidents",
            "INSERT INTO rule_firings (incident_id, rule_id, at)
             SELECT i.id, r.id, 1 FROM incidents i CROSS JOIN exception_rules r",
        ];
        for sql in told {
            store.write(|conn| Ok(sql_query(sql).execute(conn)?)).unwrap();
        }
        let days = "INSERT INTO uptime_days (place, day, up_seconds, down_seconds) SELECT place, 1, 1, 1 FROM devices";
        store.write(|conn| Ok(sql_query(days).execute(conn)?)).unwrap();
        let warm = "INSERT INTO disk_temperature_days (place, disk, day, lowest, highest)
                    SELECT place, '1', 20000, 30, 41 FROM devices";
        store.write(|conn| Ok(sql_query(warm).execute(conn)?)).unwrap();
        let rules = "INSERT INTO compatibility_rules (company_id, rules, updated_at) SELECT id, '{}', 1 FROM companies";
        store.write(|conn| Ok(sql_query(rules).execute(conn)?)).unwrap();
        let linkage = [
            "INSERT INTO linkage_rules (id, company_id, site_id, name, enabled, source_device_id, source_kind, content,
             camera_actions, identity_hash, created_at, updated_at)
             SELECT id, company_id, site_id, 'R', stands_alone, id, 'motion', '{}', 0, id, 1, 1 FROM devices",
            "INSERT INTO linkage_firings (id, company_id, site_id, rule_id, rule_name, event_seq, source_device_id,
             source_name, source_kind, event_at, fired_at)
             SELECT id, company_id, site_id, id, 'R', 1, id, 'D', 'motion', 1, 1 FROM linkage_rules",
            "INSERT INTO linkage_actions (firing_id, position, kind, action, state)
             SELECT id, 0, 'webhook', '{}', 'waiting' FROM linkage_firings",
            "INSERT INTO linkage_pictures (firing_id, position, site_id, sealed, taken_at)
             SELECT id, 0, site_id, 'v1', 1 FROM linkage_firings",
        ];
        for sql in linkage {
            store.write(|conn| Ok(sql_query(sql).execute(conn)?)).unwrap();
        }
        let upgrades = [
            "INSERT INTO firmware_files (id, company_id, sha256, size, file_name, uploaded_at, updated_at)
             SELECT id, id, '0000000000000000000000000000000000000000000000000000000000000000', 1, 'x', 1, 1 FROM companies",
            "INSERT INTO upgrades (id, company_id, state, created_by_name, created_at, starts_at, waits_until,
             error_threshold, stage, stages) SELECT id, id, 'running', 'A', 1, 1, 1, 1, 0, 1 FROM companies",
            "INSERT INTO upgrade_devices (upgrade_id, device_id, company_id, stage, state, steps, from_version, to_version,
             due_at, updated_at) SELECT company_id, id, company_id, 0, 'waiting', '[]', '', '', 1, 1 FROM devices",
        ];
        for sql in upgrades {
            store.write(|conn| Ok(sql_query(sql).execute(conn)?)).unwrap();
        }
        let told = "INSERT INTO device_events (company_id, site_id, device_id, kind, channel, word, at, seen_at)
                    SELECT company_id, site_id, id, 'motion', 1, 'VMD', 1, 1 FROM devices";
        store.write(|conn| Ok(sql_query(told).execute(conn)?)).unwrap();
        let sources = "INSERT INTO device_event_sources (device_id, company_id, dropped, token_hash, token_made_at)
                       SELECT id, company_id, 0, id, 1 FROM devices";
        store.write(|conn| Ok(sql_query(sources).execute(conn)?)).unwrap();
        let handover = [
            "INSERT INTO end_users (id, name, email, email_lower, region, language, time_zone, password_hash, created_at)
             SELECT id, 'Olga', id, id, region, 'en', 'UTC', '', 1 FROM companies",
            "INSERT INTO end_user_sessions (id, token_hash, end_user_id, created_at, last_used_at, from_address, user_agent)
             SELECT id, id, id, 1, 1, '', '' FROM end_users",
            "UPDATE sites SET owner_id = company_id, owned_since = 1, status = 'authorized'",
            "UPDATE bindings SET owner_id = company_id",
            "INSERT INTO handovers (id, company_id, site_id, kind, email, email_lower, name, language, remark, asks, token_hash,
             state, created_at, sent_at, expires_at, ended_at, end_user_id)
             SELECT id, company_id, id, 'transfer', 'o', 'o', 'O', 'en', '', '{}', id, 'accepted', 1, 1, 2, 1, company_id FROM sites",
            "INSERT INTO grants (id, company_id, site_id, permission, granted_at) SELECT id, company_id, id, 'site', 1 FROM sites",
            "INSERT INTO grant_requests (id, company_id, site_id, kind, remark, asks, state, asked_by_name, created_at)
             SELECT id, company_id, id, 'rental', '', '{}', 'waiting', 'A', 1 FROM sites",
            "INSERT INTO company_invitations (id, site_id, end_user_id, email, email_lower, remark, asks, token_hash, state,
             created_at, expires_at) SELECT id, id, company_id, 'c', 'c', '', '{}', id, 'pending', 1, 2 FROM sites",
            "INSERT INTO companies (id, name, region, public_url, created_at, keeps_site)
             SELECT id, '-', 'PL', '', 1, id FROM sites",
            "INSERT INTO shares (id, site_id, giver_kind, giver_id, receiver_id, created_at)
             SELECT id, id, 'company', company_id, company_id, 1 FROM sites",
            "INSERT INTO share_channels (share_id, device_id, channel, permissions)
             SELECT site_id, id, 1, '[\"live_view\"]' FROM devices",
            "INSERT INTO share_offers (id, site_id, giver_id, receiver_login, receiver_id, way, state, created_at)
             SELECT s.id, s.id, u.id, 'x', u.id, 'account', 'pending', 1 FROM sites s CROSS JOIN end_users u",
            "INSERT INTO share_offer_channels (offer_id, device_id, channel, permissions)
             SELECT o.id, d.id, 1, '[]' FROM share_offers o JOIN devices d ON d.site_id = o.site_id",
            "INSERT INTO share_codes (id, site_id, giver_id, kind, label, token_hash, created_at, expires_at)
             SELECT s.id, s.id, u.id, 'temporary', '', s.id, 1, 300000001 FROM sites s CROSS JOIN end_users u",
            "INSERT INTO share_code_channels (code_id, device_id, channel, permissions)
             SELECT c.id, d.id, 1, '[]' FROM share_codes c JOIN devices d ON d.site_id = c.site_id",
            "INSERT INTO share_applications (id, code_id, applicant_id, state, created_at)
             SELECT c.id, c.id, c.giver_id, 'pending', 2 FROM share_codes c",
            "INSERT INTO alarm_mails (end_user_id, device_id, wanted, told_at)
             SELECT u.id, d.id, 1, 2 FROM end_users u CROSS JOIN devices d",
            "INSERT INTO account_codes (token_hash, end_user_id, created_at, expires_at) SELECT id, id, 1, 2 FROM end_users",
            "INSERT INTO share_uses (share_id, device_id, channel, permission, first_at)
             SELECT share_id, device_id, channel, 'live_view', 3 FROM share_channels",
            "INSERT INTO device_transfers (id, device_id, site_id, giver_id, receiver_login, state, code_hash, code_until,
             tries_left, created_at)
             SELECT d.id, d.id, d.site_id, u.id, 'x', 'offered', 'x', 5, 3, 1 FROM devices d CROSS JOIN end_users u",
            "INSERT INTO access_log (site_id, n, at, actor_kind, actor_id, actor_name, company_id, company_name, action, device_id,
             device_name, detail, previous_hash, hash)
             SELECT id, 1, 1, 'platform', '', '', company_id, '', 'accepted', '', '', '{}', '', 'x' FROM sites
             WHERE NOT EXISTS (SELECT 1 FROM access_log)",
            "INSERT INTO panel_passwords (person_kind, person_id, version, sealed, held_since) SELECT 'end_user', id, 1, 'v1', 1
             FROM end_users",
            "INSERT INTO address_changes (token_hash, end_user_id, email, created_at, expires_at)
             SELECT id, id, 'o@example.com', 1, 2 FROM end_users",
            "INSERT INTO mails (id, message_id, receiver, language, template, subject, body_text, body_html, state, attempts,
             created_at, updated_at, link_hash, dropped_at)
             SELECT id, id, 'o', 'en', 'test', '', '', '', 'failed', 0, 1, 1, 'x', 2 FROM end_users",
        ];
        for sql in handover {
            store.write(|conn| Ok(sql_query(sql).execute(conn)?)).unwrap();
        }
        let logo = crate::company_logos::Logo { png: vec![0], width: 1, height: 1, updated_at: at(1) };
        store.write(|conn| crate::company_logos::put_logo(conn, &company, &logo)).unwrap();
    }

    fn revert_last(conn: &mut DbConn) -> Result<(), StoreError> {
        let reverted = match conn {
            DbConn::Sqlite(conn) => conn.revert_last_migration(SQLITE).map(drop),
            DbConn::Postgresql(conn) => conn.revert_last_migration(POSTGRES).map(drop),
        };
        reverted.map_err(|error| StoreError::Migration(error.to_string()))
    }

    #[test]
    fn several_processes_that_start_at_once_migrate_once() {
        on_both_empty(|open| {
            let stores: Vec<_> = (0..3).map(|_| open()).collect();
            let ran: usize = std::thread::scope(|threads| {
                let handles: Vec<_> =
                    stores.iter().map(|store| threads.spawn(|| store.migrate().unwrap().len())).collect();
                handles.into_iter().map(|handle| handle.join().unwrap()).sum()
            });
            assert_eq!(ran, ALL.len());
        });
    }

    #[test]
    fn both_databases_have_migrations_of_the_same_names() {
        let names = |folder: &str| {
            let entries = std::fs::read_dir(std::path::Path::new("../migrations").join(folder)).unwrap();
            let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
            names.sort();
            names
        };
        assert_eq!(names("sqlite"), names("postgres"));
    }
}
