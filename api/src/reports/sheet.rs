//! A report on paper: the same as the page of the console tells, as a PDF of tables.

use siteward_domain::availability::Shares;

use super::making::{Report, ReportLine};
use super::percent;
use crate::documents::{Bar, Cell, Chart, Column, DocumentError, Series, Setup, Texts, Writer};

const UP: (u8, u8, u8) = (0x2b, 0x8a, 0x3e);
const DOWN: (u8, u8, u8) = (0xc9, 0x2a, 0x2a);
const UNKNOWN: (u8, u8, u8) = (0xad, 0xb5, 0xbd);
const EXCLUDED: (u8, u8, u8) = (0x74, 0xa5, 0xe0);

/// Writes a report.
pub(super) fn write(report: &Report, texts: Texts) -> Result<Vec<u8>, DocumentError> {
    let mut writer = Writer::new(setup(report, texts));
    if !report.site.address.is_empty() {
        writer.paragraph(&report.site.address);
    }
    summary(&mut writer, report, texts);
    counting(&mut writer, report, texts);
    days(&mut writer, report, texts);
    devices(&mut writer, report, texts);
    exceptions(&mut writer, report, texts);
    disks(&mut writer, report, texts);
    writer.finish()
}

fn setup(report: &Report, texts: Texts) -> Setup {
    let made_at = report.made_at.with_timezone(&report.zone).fixed_offset();
    let (from, to) = (texts.date(report.from), texts.date(report.to));
    let at = texts.instant(report.made_at, report.zone);
    Setup {
        title: texts.get("report.title").to_owned(),
        company: report.company_name.clone(),
        subject: texts.with("report.subject", &[("from", &from), ("to", &to), ("site", &report.site.name)]),
        language: texts.code(),
        made_at,
        foot: texts.with("report.made", &[("at", &at), ("zone", &report.site.time_zone)]),
        page: texts.get("report.page"),
        continued: texts.get("report.continued"),
    }
}

fn summary(writer: &mut Writer, report: &Report, texts: Texts) {
    writer.heading(2, texts.get("report.summary"));
    let columns = [
        Column::left("", 2.0),
        Column::right(texts.get("report.availability"), 1.4),
        Column::right(texts.get("report.up"), 1.2),
        Column::right(texts.get("report.down"), 1.2),
        Column::right(texts.get("report.unknown"), 1.2),
        Column::right(texts.get("report.excluded"), 1.2),
    ];
    let all = texts.with("report.all_devices", &[("number", &report.devices.len().to_string())]);
    let mut cells = vec![Cell::bold(all), Cell::bold(texts.percent(percent(report.total)))];
    cells.extend(times(report.total, texts));
    writer.table(&columns, [cells]);
    if report.devices_left_out {
        writer.note(texts.get("report.devices_left_out"));
    }
}

fn counting(writer: &mut Writer, report: &Report, texts: Texts) {
    writer.heading(2, texts.get("report.counting"));
    writer.note(texts.get("report.counting_rule"));
    for line in counting_lines(report, texts) {
        writer.note(&line);
    }
}

/// How downtime was counted, a sentence each.
fn counting_lines(report: &Report, texts: Texts) -> Vec<String> {
    let counting = report.counting;
    let sentence = |choice: &str, word: &str| texts.word("report", &format!("{choice}_{word}")).to_owned();
    let mut lines = vec![
        sentence("own_network", counting.own_network.as_str()),
        sentence("links", counting.links.as_str()),
        sentence("maintenance", counting.maintenance.as_str()),
        texts.with("report.zone", &[("zone", &report.site.time_zone)]),
    ];
    if report.own_network_lost > 0 {
        lines.push(texts.with("report.own_network_lost", &[("time", &texts.span(report.own_network_lost))]));
    }
    if let Some(date) = report.by_utc_before {
        lines.push(texts.with("report.by_utc", &[("date", &texts.date(date))]));
    }
    lines
}

fn days(writer: &mut Writer, report: &Report, texts: Texts) {
    writer.heading(2, texts.get("report.by_day"));
    let series = [("report.up", UP), ("report.down", DOWN), ("report.unknown", UNKNOWN), ("report.excluded", EXCLUDED)];
    #[expect(clippy::cast_precision_loss, reason = "the height of a bar")]
    let parts =
        |shares: Shares| [shares.up, shares.down, shares.unknown, shares.excluded].map(|seconds| seconds as f32);
    let bars = report
        .days
        .iter()
        .map(|(date, shares)| Bar { label: date.format("%d.%m").to_string(), parts: parts(*shares).to_vec() });
    writer.chart(&Chart {
        meaning: texts.get("report.chart_meaning").to_owned(),
        series: series.map(|(name, colour)| Series { name: texts.get(name).to_owned(), colour }).to_vec(),
        bars: bars.collect(),
    });
    let columns = [
        Column::left(texts.get("report.day"), 2.0),
        Column::right(texts.get("report.availability"), 1.4),
        Column::right(texts.get("report.up"), 1.2),
        Column::right(texts.get("report.down"), 1.2),
        Column::right(texts.get("report.unknown"), 1.2),
        Column::right(texts.get("report.excluded"), 1.2),
    ];
    let rows = report.days.iter().map(|(date, shares)| {
        let mut cells = vec![Cell::from(texts.date(*date)), Cell::bold(texts.percent(percent(*shares)))];
        cells.extend(times(*shares, texts));
        cells
    });
    writer.table(&columns, rows);
}

fn devices(writer: &mut Writer, report: &Report, texts: Texts) {
    writer.heading(2, texts.get("report.devices"));
    if report.devices.is_empty() {
        return writer.paragraph(texts.get("report.no_devices"));
    }
    let columns = [
        Column::left(texts.get("report.device"), 2.6),
        Column::left(texts.get("report.model"), 2.0),
        Column::left(texts.get("report.firmware"), 2.0),
        Column::left(texts.get("report.verdict"), 2.2),
        Column::right(texts.get("report.availability"), 1.3),
        Column::right(texts.get("report.up"), 1.1),
        Column::right(texts.get("report.down"), 1.1),
        Column::right(texts.get("report.unknown"), 1.1),
        Column::right(texts.get("report.excluded"), 1.1),
        Column::right(texts.get("report.outages"), 0.9),
        Column::right(texts.get("report.longest"), 1.2),
    ];
    let row = |line: &ReportLine| {
        let device = &line.device;
        let model = if device.model.is_empty() { texts.word("kind", device.kind.as_str()) } else { &device.model };
        let mut cells = vec![
            Cell::bold(line.name()),
            Cell::from(model),
            Cell::from(if device.firmware.is_empty() { "–" } else { &device.firmware }),
            Cell::from(texts.word("verdict", line.verdict.as_str())),
            Cell::bold(texts.percent(percent(line.shares))),
        ];
        cells.extend(times(line.shares, texts));
        cells.extend([Cell::from(line.outages.count.to_string()), Cell::from(texts.span(line.outages.longest))]);
        cells
    };
    writer.table(&columns, report.devices.iter().map(row));
}

fn exceptions(writer: &mut Writer, report: &Report, texts: Texts) {
    writer.heading(2, texts.get("report.exceptions"));
    if report.exception_counts.is_empty() {
        return writer.paragraph(texts.get("report.no_exceptions"));
    }
    let columns = [
        Column::left(texts.get("report.kind"), 3.0),
        Column::left(texts.get("report.severity"), 1.5),
        Column::right(texts.get("report.count"), 1.0),
        Column::right(texts.get("report.lasted"), 1.5),
    ];
    let rows = report.exception_counts.iter().map(|one| {
        let (kind, severity) = (one.kind.as_str(), one.kind.severity().as_str());
        vec![
            Cell::bold(texts.word("exception_kind", kind)),
            Cell::from(texts.word("severity", severity)),
            Cell::from(one.count.to_string()),
            Cell::from(texts.span(one.seconds)),
        ]
    });
    writer.table(&columns, rows);
    let columns = [
        Column::left(texts.get("report.device"), 2.6),
        Column::left(texts.get("report.kind"), 2.2),
        Column::left(texts.get("report.part"), 1.0),
        Column::right(texts.get("report.opened"), 1.5),
        Column::right(texts.get("report.closed"), 1.5),
        Column::right(texts.get("report.lasted"), 1.3),
    ];
    let rows = report.exceptions.iter().map(|one| {
        let closed = one.closed_at.map(|at| texts.instant(at, report.zone));
        let lasted = one.closed_at.unwrap_or(report.made_at) - one.opened_at;
        vec![
            Cell::bold(report.name(&one.device_id)),
            Cell::from(texts.word("exception_kind", one.key.kind.as_str())),
            Cell::from(one.key.part.as_str()),
            Cell::from(texts.instant(one.opened_at, report.zone)),
            Cell::from(closed.unwrap_or_else(|| texts.get("report.still_open").to_owned())),
            Cell::from(texts.span(lasted.num_seconds())),
        ]
    });
    writer.table(&columns, rows);
    let left_out = report.exceptions_left_out();
    if left_out > 0 {
        writer.note(&texts.with("report.exceptions_left_out", &[("number", &left_out.to_string())]));
    }
}

fn disks(writer: &mut Writer, report: &Report, texts: Texts) {
    writer.heading(2, texts.get("report.disks"));
    if report.disks.is_empty() {
        return writer.paragraph(texts.get("report.no_disks"));
    }
    let columns = [
        Column::left(texts.get("report.device"), 2.6),
        Column::left(texts.get("report.disk"), 1.6),
        Column::left(texts.get("report.state"), 1.6),
        Column::right(texts.get("report.capacity"), 1.2),
        Column::right(texts.get("report.temperature"), 1.6),
    ];
    let rows = report.disks.iter().map(|one| {
        let disk = &one.disk;
        let name = if disk.name.is_empty() { &disk.id } else { &disk.name };
        let temperature = one.temperature.map(|(lowest, highest)| {
            let values = [("lowest", lowest.to_string()), ("highest", highest.to_string())];
            texts.with("report.temperatures", &values.each_ref().map(|(key, value)| (*key, value.as_str())))
        });
        vec![
            Cell::bold(report.name(&one.device_id)),
            Cell::from(format!("{name} {}", disk.kind)),
            Cell::from(texts.word("disk", disk.state.as_str())),
            Cell::from(texts.capacity(disk.capacity_mb)),
            Cell::from(temperature.unwrap_or_else(|| "–".to_owned())),
        ]
    });
    writer.table(&columns, rows);
}

fn times(shares: Shares, texts: Texts) -> [Cell; 4] {
    [shares.up, shares.down, shares.unknown, shares.excluded].map(|seconds| Cell::from(texts.span(seconds)))
}
