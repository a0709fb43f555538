//! The figures with their goals: said as they come, shown as one table at the end, written to `target/bench.json`.

use std::fs;

use anyhow::Result;
use serde::Serialize;

/// What a figure should be.
#[derive(Clone, Copy)]
pub(crate) enum Goal {
    /// Not less than this.
    AtLeast(f64),
    /// Not more than this.
    AtMost(f64),
    /// Told without a goal.
    None,
}

impl Goal {
    fn is_met(self, value: f64) -> Option<bool> {
        match self {
            Self::AtLeast(goal) => Some(value >= goal),
            Self::AtMost(goal) => Some(value <= goal),
            Self::None => None,
        }
    }

    fn text(self) -> String {
        match self {
            Self::AtLeast(goal) => format!("≥ {}", number(goal)),
            Self::AtMost(goal) => format!("≤ {}", number(goal)),
            Self::None => String::new(),
        }
    }
}

#[derive(Serialize)]
struct Figure {
    part: &'static str,
    name: String,
    value: f64,
    unit: &'static str,
    goal: String,
    met: Option<bool>,
}

/// All figures of a run.
#[derive(Default)]
pub(crate) struct Report {
    figures: Vec<Figure>,
}

impl Report {
    /// Adds a figure.
    pub(crate) fn add(
        &mut self,
        part: &'static str,
        name: impl Into<String>,
        value: f64,
        unit: &'static str,
        goal: Goal,
    ) {
        self.figures.push(Figure { part, name: name.into(), value, unit, goal: goal.text(), met: goal.is_met(value) });
    }

    /// Shows the table and writes the file.
    pub(crate) fn finish(&self) -> Result<()> {
        let widest = self.figures.iter().map(|figure| figure.name.chars().count()).max().unwrap_or(0);
        println!("\n{:8} {:widest$} {:>10} {:19} {:>8} verdict", "part", "figure", "value", "unit", "goal");
        for figure in &self.figures {
            let verdict = figure.met.map_or("", |met| if met { "met" } else { "NOT MET" });
            let (part, name, value, unit) = (figure.part, &figure.name, number(figure.value), figure.unit);
            println!("{part:8} {name:widest$} {value:>10} {unit:19} {:>8} {verdict}", figure.goal);
        }
        let program = siteward_tests::process::program_folder()?;
        let path = program.parent().unwrap_or(&program).join("bench.json");
        let whole = serde_json::json!({ "at": chrono::Utc::now(), "machine": machine(), "figures": self.figures });
        fs::write(&path, serde_json::to_string_pretty(&whole)?)?;
        println!("\nwritten to {}", path.display());
        Ok(())
    }
}

/// Says what goes on.
pub(crate) fn say(text: impl AsRef<str>) {
    println!("  {}", text.as_ref());
}

/// A headline.
pub(crate) fn headline(text: &str) {
    println!("\n{text}");
}

/// A number as short as it is good.
pub(crate) fn number(value: f64) -> String {
    match value.abs() {
        large if large >= 1000.0 => {
            let digits = format!("{value:.0}");
            let mut out = String::new();
            for (place, digit) in digits.chars().enumerate() {
                if place > 0 && (digits.len() - place).is_multiple_of(3) {
                    out.push(',');
                }
                out.push(digit);
            }
            out
        }
        whole if whole >= 10.0 && value.fract() == 0.0 => format!("{value:.0}"),
        medium if medium >= 10.0 => format!("{value:.1}"),
        small if small >= 1.0 => format!("{value:.2}"),
        0.0 => "0".to_owned(),
        _ => format!("{value:.4}").trim_end_matches('0').to_owned(),
    }
}

/// Processors and kernel of this machine.
pub(crate) fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!("{cores} cores ({}), Linux {}", model.trim_start_matches([' ', '\t', ':']), kernel.trim())
}
