//! `siteward-bench [PART]…`: what polling, memory, import, the list pages, links, alarm panels, sealed QRs and workers cost on this machine, in one run.
//!
//! Every figure that travels is a ratio to something measured beside it. Each measured side is a process of its own
//! (this program again, as `child`), and so are the simulated devices, so that processor time is told apart. It is
//! a benchmark and no test: goals that are not met are said, and the status is 0.

#![expect(clippy::print_stdout, reason = "showing figures is what this program is for")]
#![expect(clippy::cast_precision_loss, reason = "figures are counts far below 2^52, divided to be shown")]
#![expect(clippy::indexing_slicing, reason = "JSON is indexed by name: what is not there is null")]

mod bare;
mod child;
mod devices;
mod engine;
mod fixture;
mod handover;
mod import;
mod links;
mod memory;
mod pages;
mod panels;
mod polling;
mod report;
mod reports;
mod scale;
mod sealed;
mod sharing;
mod streams;
mod usage;
mod workers;

use anyhow::Result;
use clap::{Parser, Subcommand, ValueEnum};

use child::Job;
use report::Report;

/// Measures polling, memory, import, list pages, links, alarm panels and sealed QRs, and compares them with their goals.
#[derive(Parser)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
struct Arguments {
    /// Which parts; all of them when none is named.
    parts: Vec<Part>,
    #[command(subcommand)]
    inner: Option<Inner>,
}

#[derive(Subcommand)]
enum Inner {
    /// One measured side, started by this program itself.
    #[command(hide = true)]
    Child {
        /// What to do, as JSON.
        job: String,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Polls a second and per processor second, beside a bare hyper client, at 64 and at 8,000 devices.
    Polling,
    /// What a device costs in a period, among 1,000, 10,000 and 50,000.
    Devices,
    /// Memory of 10,000 idle devices.
    Memory,
    /// Import of 10,000 devices from export QRs of 40.
    Import,
    /// Pages of sites and devices, with 100,000 devices.
    Pages,
    /// 1,000 devices behind one link: finding, adding, polling, memory.
    Links,
    /// One password changed that 2,000 alarm panels are to get.
    Panels,
    /// The work of opening a sealed device QR.
    Sealed,
    /// The report of a site with 500 devices over a month: page data, PDF and CSV.
    Report,
    /// Memory of 1,000 idle event streams.
    Streams,
    /// 100,000 devices a minute over two workers on PostgreSQL, and one of them killed.
    Workers,
    /// 1,000 sites handed over in one bulk run.
    Handover,
    /// What is shared: 10,000 devices, each with 64 accounts.
    Sharing,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    if let Some(Inner::Child { job }) = arguments.inner {
        let job: Job = serde_json::from_str(&job)?;
        return runtime.block_on(child::run(job));
    }
    runtime.block_on(measure(&arguments.parts))
}

async fn measure(parts: &[Part]) -> Result<()> {
    let mut report = Report::default();
    println!("Siteward benchmark on {}", report::machine());
    for part in Part::value_variants() {
        if !parts.is_empty() && !parts.contains(part) {
            continue;
        }
        match part {
            Part::Polling => polling::measure(&mut report).await?,
            Part::Devices => scale::measure(&mut report).await?,
            Part::Memory => memory::measure(&mut report).await?,
            Part::Import => import::measure(&mut report).await?,
            Part::Pages => pages::measure(&mut report).await?,
            Part::Links => links::measure(&mut report).await?,
            Part::Panels => panels::measure(&mut report).await?,
            Part::Sealed => sealed::measure(&mut report)?,
            Part::Report => reports::measure(&mut report).await?,
            Part::Streams => streams::measure(&mut report).await?,
            Part::Workers => workers::measure(&mut report).await?,
            Part::Handover => handover::measure(&mut report).await?,
            Part::Sharing => sharing::measure(&mut report).await?,
        }
    }
    report.finish()
}
