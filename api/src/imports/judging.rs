//! Which rows of a QR can be ticked, and why the others cannot.

use std::collections::HashSet;

use siteward_devices::AddressPolicy;
use siteward_domain::device::MOST_NAME_CHARACTERS;
use siteward_domain::import::RowState;
use siteward_domain::{CompanyId, ImportId, SiteId};
use siteward_qr::export::{DeviceRecord, RecordError, RecordFault};
use siteward_qr::sealed::{Place, SealedDevice};
use siteward_store::devices::{self, Occupant};
use siteward_store::imports::{NewRow, Reason, code_place, password_place, row_key};
use siteward_store::{DbConn, SealedText, StoreError, Vault, VaultError};

use super::reading::Exports;
use crate::error::codes::{self, Code};

/// A row as far as the QR alone tells, its password sealed already.
#[derive(Clone)]
pub(super) struct Candidate(NewRow);

/// Judges rows by the QR and the address policy, and seals the passwords of those that can be ticked.
pub(super) fn candidates(
    exports: &Exports,
    company: &CompanyId,
    import: &ImportId,
    policy: AddressPolicy,
    vault: &Vault,
) -> Result<Vec<Candidate>, VaultError> {
    let mut seen = HashSet::new();
    let records = exports.exports.iter().flat_map(|export| &export.records);
    let mut rows = Vec::new();
    for (index, record) in (0_u32..).zip(records) {
        let mut row = match record {
            Ok(device) => judged(index, device, policy, &mut seen),
            Err(error) => unreadable(index, error),
        };
        if let (RowState::New, Ok(device)) = (row.state, record) {
            let key = row_key(import, index);
            row.sealed_password = Some(vault.seal(password_place(company, &key), &device.password)?);
        }
        rows.push(Candidate(row));
    }
    Ok(rows)
}

/// The same for the devices of sealed codes.
pub(super) fn sealed_candidates(
    devices: &[SealedDevice],
    company: &CompanyId,
    import: &ImportId,
    policy: AddressPolicy,
    vault: &Vault,
) -> Result<Vec<Candidate>, VaultError> {
    let (mut seen, mut seen_serials) = (HashSet::new(), HashSet::new());
    let mut rows = Vec::new();
    for (index, device) in (0_u32..).zip(devices) {
        let key = row_key(import, index);
        let mut row = match &device.place {
            Place::Address { host, port } => judged_at(index, host, *port, policy, &mut seen),
            Place::Serial { serial, .. } => {
                let first = seen_serials.insert(serial.clone());
                let (state, reason) = if first {
                    (RowState::New, None)
                } else {
                    (RowState::DuplicateInQr, Some(reason(codes::ROW_DUPLICATE_IN_QR)))
                };
                NewRow { state, reason, serial: Some(serial.clone()), ..empty(index) }
            }
        };
        row.name = shown(&device.name);
        row.user_name.clone_from(&device.user_name);
        if row.state == RowState::New {
            row.sealed_password = Some(vault.seal(password_place(company, &key), &device.password)?);
            if let Place::Serial { verification_code: Some(code), .. } = &device.place {
                row.sealed_code = Some(vault.seal(code_place(company, &key), &code.expose().into())?);
            }
        }
        rows.push(Candidate(row));
    }
    Ok(rows)
}

/// Judges rows by what the company has already: one query for the whole QR.
pub(super) fn rows(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    candidates: &[Candidate],
) -> Result<Vec<NewRow>, StoreError> {
    let hosts: Vec<&str> = candidates.iter().map(|row| row.0.host.as_str()).filter(|host| !host.is_empty()).collect();
    let there = if hosts.is_empty() { Vec::new() } else { devices::find_by_hosts(conn, company, &hosts)? };
    let mut rows: Vec<NewRow> = candidates.iter().map(|candidate| candidate.0.clone()).collect();
    for row in rows.iter_mut().filter(|row| row.state == RowState::New) {
        if let Some(serial) = &row.serial {
            if let Some(occupant) = devices::find_by_serial(conn, company, serial)? {
                occupy(row, &occupant, site);
            }
            continue;
        }
        let host = row.host.to_lowercase();
        if let Some(occupant) = there.iter().find(|there| there.host == host && there.has_port(row.port)) {
            occupy(row, occupant, site);
        }
    }
    Ok(rows)
}

fn occupy(row: &mut NewRow, occupant: &Occupant, site: &SiteId) {
    let here = occupant.site_id == *site;
    let code = if here { codes::DEVICE_ON_THIS_SITE } else { codes::DEVICE_ON_OTHER_SITE };
    row.state = if here { RowState::OnThisSite } else { RowState::OnOtherSite };
    row.reason = Some(reason(code));
    row.other_site_id = (!here).then(|| occupant.site_id.clone());
    row.sealed_password = None::<SealedText>;
    row.sealed_code = None;
}

fn judged(index: u32, device: &DeviceRecord, policy: AddressPolicy, seen: &mut HashSet<(String, u16)>) -> NewRow {
    let mut row = if device.is_supported() {
        judged_at(index, &device.host, device.port, policy, seen)
    } else {
        let why = Some(reason(codes::ROW_UNSUPPORTED_ENTRY));
        let (host, port) = (device.host.clone(), device.port);
        NewRow { host, port, state: RowState::UnsupportedEntry, reason: why, ..empty(index) }
    };
    row.name = shown(&device.name);
    row.user_name.clone_from(&device.user_name);
    row
}

fn judged_at(index: u32, host: &str, port: u16, policy: AddressPolicy, seen: &mut HashSet<(String, u16)>) -> NewRow {
    let (state, reason) = if !seen.insert((host.to_lowercase(), port)) {
        (RowState::DuplicateInQr, Some(reason(codes::ROW_DUPLICATE_IN_QR)))
    } else if let Err(refused) = policy.check_host_text(host) {
        let why = Reason { code: refused.code().to_owned(), message: refused.to_string() };
        (RowState::AddressNotAllowed, Some(why))
    } else {
        (RowState::New, None)
    };
    NewRow { host: host.to_owned(), port, state, reason, ..empty(index) }
}

fn unreadable(index: u32, error: &RecordError) -> NewRow {
    let state = if error.fault == RecordFault::Mode { RowState::UnsupportedEntry } else { RowState::Invalid };
    NewRow {
        name: shown(error.name.as_deref().unwrap_or_default()),
        host: error.host.clone().unwrap_or_default(),
        state,
        reason: Some(Reason { code: error.code().to_owned(), message: error.to_string() }),
        ..empty(index)
    }
}

fn empty(index: u32) -> NewRow {
    NewRow {
        index,
        name: String::new(),
        host: String::new(),
        port: 0,
        user_name: String::new(),
        sealed_password: None,
        state: RowState::New,
        reason: None,
        other_site_id: None,
        serial: None,
        sealed_code: None,
    }
}

/// A name as it may be stored: no control characters, at most as long as a device's name.
fn shown(name: &str) -> String {
    let clean: String = name.chars().filter(|c| !c.is_control()).take(MOST_NAME_CHARACTERS).collect();
    clean.trim().to_owned()
}

fn reason(code: &Code) -> Reason {
    Reason { code: code.code.to_owned(), message: code.meaning.to_owned() }
}
