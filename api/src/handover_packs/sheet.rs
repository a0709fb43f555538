//! A handover pack on paper, to be printed and filed.

use chrono_tz::Tz;
use siteward_domain::handover_pack::{
    CheckOutcome, CheckResult, HandoverPack, InstalledDevice, NotKnownBecause, PanelAccounts,
};

use crate::documents::{Cell, Column, DocumentError, Setup, Texts, Writer};

/// Writes a pack; `sha256`: that of its text.
pub(super) fn write(pack: &HandoverPack, sha256: &str, texts: Texts) -> Result<Vec<u8>, DocumentError> {
    let zone = siteward_domain::schedule::zone_named(&pack.site.time_zone);
    let mut writer = Writer::new(setup(pack, zone, texts));
    if !pack.site.address.is_empty() {
        writer.paragraph(&pack.site.address);
    }
    acceptance(&mut writer, pack, zone, texts);
    commissioning(&mut writer, pack, texts);
    devices(&mut writer, pack, zone, texts);
    baseline(&mut writer, pack, texts);
    panels(&mut writer, pack, zone, texts);
    writer.heading(2, texts.get("pack.hash"));
    writer.paragraph(sha256);
    writer.note(texts.get("pack.hash_text"));
    writer.finish()
}

fn setup(pack: &HandoverPack, zone: Tz, texts: Texts) -> Setup {
    let at = pack.acceptance.accepted_at;
    let instant = texts.instant(at, zone);
    Setup {
        title: texts.get("pack.title").to_owned(),
        company: pack.company.name.clone(),
        subject: pack.site.name.clone(),
        language: texts.code(),
        made_at: at.with_timezone(&zone).fixed_offset(),
        foot: texts.with("pack.made", &[("at", &instant), ("zone", &pack.site.time_zone)]),
        page: texts.get("report.page"),
        continued: texts.get("report.continued"),
    }
}

fn acceptance(writer: &mut Writer, pack: &HandoverPack, zone: Tz, texts: Texts) {
    let told = &pack.acceptance;
    writer.heading(2, texts.get("pack.acceptance"));
    let from = if told.handed_over_by.is_empty() { "–" } else { &told.handed_over_by };
    let rows = [
        ("pack.handed_over_by", format!("{from}, {}", pack.company.name)),
        ("pack.accepted_by", format!("{}, {}", told.owner_name, told.owner_email)),
        ("pack.invited_at", texts.instant(told.invited_at, zone)),
        ("pack.accepted_at", texts.instant(told.accepted_at, zone)),
        ("pack.site_allowed", texts.get(if told.allowed.site { "pack.yes" } else { "pack.no" }).to_owned()),
    ];
    let columns = [Column::left("", 1.0), Column::left("", 2.4)];
    writer.table(&columns, rows.map(|(key, value)| vec![Cell::bold(texts.get(key)), Cell::from(value)]));
    if told.allowed.devices.is_empty() {
        return;
    }
    let columns = [
        Column::left(texts.get("pack.device"), 2.0),
        Column::left(texts.get("pack.permission"), 1.4),
        Column::left(texts.get("pack.validity"), 1.0),
    ];
    let rows = told.allowed.devices.iter().map(|ask| {
        vec![
            Cell::bold(pack.name_of(&ask.device_id)),
            Cell::from(texts.word("device_permission", ask.permission.as_str())),
            Cell::from(texts.word("validity", ask.validity.as_str())),
        ]
    });
    writer.table(&columns, rows);
}

fn commissioning(writer: &mut Writer, pack: &HandoverPack, texts: Texts) {
    writer.heading(2, texts.get("pack.checklist"));
    let columns = [
        Column::left(texts.get("pack.check"), 2.6),
        Column::left(texts.get("pack.outcome"), 1.2),
        Column::left(texts.get("pack.concerned"), 3.0),
    ];
    let row = |result: &CheckResult| {
        let mut names: Vec<&str> = result.devices.iter().map(|id| pack.name_of(id)).collect();
        names.extend(result.because.iter().map(|why| texts.word("pack_because", why.as_str())));
        let outcome = texts.word("pack_outcome", result.outcome.as_str());
        let is_good = result.outcome == CheckOutcome::Passed;
        vec![
            Cell::bold(texts.word("pack_check", result.check.as_str())),
            if is_good { Cell::from(outcome) } else { Cell::bold(outcome) },
            Cell::from(names.join(", ")),
        ]
    };
    writer.table(&columns, pack.checklist.iter().map(row));
}

fn devices(writer: &mut Writer, pack: &HandoverPack, zone: Tz, texts: Texts) {
    writer.heading(2, texts.get("pack.devices"));
    if pack.devices.is_empty() {
        return writer.paragraph(texts.get("report.no_devices"));
    }
    let columns = [
        Column::left(texts.get("pack.device"), 2.2),
        Column::left(texts.get("pack.kind"), 1.2),
        Column::left(texts.get("report.model"), 1.8),
        Column::left(texts.get("pack.serial"), 1.2),
        Column::left(texts.get("pack.address"), 2.0),
        Column::left(texts.get("report.firmware"), 1.8),
        Column::left(texts.get("report.verdict"), 1.6),
        Column::left(texts.get("pack.added"), 1.5),
    ];
    let row = |device: &InstalledDevice| {
        vec![
            Cell::bold(device.name.as_str()),
            Cell::from(texts.word("kind", device.kind.as_str())),
            Cell::from(or_dash(&device.model)),
            Cell::from(device.serial.as_deref().unwrap_or("–")),
            Cell::from(device.address.as_str()),
            Cell::from(or_dash(&device.firmware)),
            Cell::from(texts.word("verdict", device.firmware_verdict.as_str())),
            Cell::from(texts.instant(device.added_at, zone)),
        ]
    };
    writer.table(&columns, pack.devices.iter().map(row));
}

fn baseline(writer: &mut Writer, pack: &HandoverPack, texts: Texts) {
    writer.heading(2, texts.get("pack.baseline"));
    if pack.devices.is_empty() {
        return writer.paragraph(texts.get("report.no_devices"));
    }
    let columns = [
        Column::left(texts.get("pack.device"), 2.2),
        Column::left(texts.get("pack.health"), 1.3),
        Column::right(texts.get("pack.channels"), 1.0),
        Column::left(texts.get("pack.disks"), 2.4),
        Column::right(texts.get("pack.clock"), 1.0),
        Column::left(texts.get("pack.wrong"), 3.0),
    ];
    let row = |device: &InstalledDevice| {
        let told = &device.baseline;
        let channels = told.channels.map_or_else(|| "–".to_owned(), |(all, online)| format!("{online} / {all}"));
        let disks: Vec<String> = told
            .disks
            .iter()
            .map(|disk| {
                let state = texts.word("disk", disk.state.as_str());
                format!("{} {} ({state})", disk.name, texts.capacity(disk.capacity_mb))
            })
            .collect();
        let clock = told.clock_offset_seconds.map_or_else(|| "–".to_owned(), |seconds| format!("{seconds:+} s"));
        let wrong: Vec<&str> =
            told.open_exceptions.iter().map(|one| texts.word("exception_kind", one.kind.as_str())).collect();
        vec![
            Cell::bold(device.name.as_str()),
            Cell::from(texts.word("health", told.health.as_str())),
            Cell::from(channels),
            Cell::from(or_dash(&disks.join(", "))),
            Cell::from(clock),
            Cell::from(or_dash(&wrong.join(", "))),
        ]
    };
    writer.table(&columns, pack.devices.iter().map(row));
}

fn panels(writer: &mut Writer, pack: &HandoverPack, zone: Tz, texts: Texts) {
    if pack.panels.is_empty() {
        return;
    }
    writer.heading(2, texts.get("pack.panels"));
    writer.note(texts.get("pack.panels_text"));
    let columns = [
        Column::left(texts.get("pack.device"), 2.0),
        Column::left(texts.get("pack.person"), 2.0),
        Column::left(texts.get("pack.role"), 1.4),
    ];
    let rows = pack.panels.iter().flat_map(|panel: &PanelAccounts| {
        panel.accounts.iter().map(move |account| {
            vec![
                Cell::bold(panel.name.as_str()),
                Cell::from(account.name.as_str()),
                Cell::from(texts.word("account_role", account.role.as_str())),
            ]
        })
    });
    writer.table(&columns, rows);
    still_there(writer, pack, zone, texts);
}

/// Who was on a panel and should not be, or that it was not read.
fn still_there(writer: &mut Writer, pack: &HandoverPack, zone: Tz, texts: Texts) {
    let is_open = |panel: &&PanelAccounts| panel.read_at.is_none() || !panel.still_there.is_empty();
    if pack.version < 2 || !pack.panels.iter().any(|panel| is_open(&panel)) {
        return;
    }
    writer.note(texts.get("pack.still_there_text"));
    let columns = [
        Column::left(texts.get("pack.device"), 2.0),
        Column::left(texts.get("pack.read_at"), 1.4),
        Column::left(texts.get("pack.still_there"), 2.6),
    ];
    let rows = pack.panels.iter().filter(is_open).map(|panel| {
        let left: Vec<String> =
            panel
                .still_there
                .iter()
                .map(|one| {
                    if one.name.is_empty() {
                        one.user_name.clone()
                    } else {
                        format!("{} ({})", one.user_name, one.name)
                    }
                })
                .collect();
        let read_at = panel.read_at.map_or_else(
            || texts.word("pack_because", NotKnownBecause::NotRead.as_str()).to_owned(),
            |at| texts.instant(at, zone),
        );
        vec![Cell::bold(panel.name.as_str()), Cell::from(read_at), Cell::from(or_dash(&left.join(", ")))]
    });
    writer.table(&columns, rows);
}

fn or_dash(text: &str) -> &str {
    if text.is_empty() { "–" } else { text }
}
