//! `siteward-demo STORY [--once]`: a story told with real parts and simulated devices.
//!
//! The server and the simulator run as processes of their own; the story talks to the server
//! through its public API only, as the console does.

#![expect(clippy::print_stdout, reason = "telling the story is what this program is for")]
#![expect(clippy::indexing_slicing, reason = "a JSON value answers null for what it does not have")]

mod cloud;
mod handover;
mod health;
mod import;
mod panels;
mod sharing;
mod table;

use std::process::ExitCode;

use clap::{Parser, ValueEnum};

/// Tells a story with real parts and simulated devices.
#[derive(Parser)]
#[command(arg_required_else_help = true)]
struct Arguments {
    /// Which story.
    story: Story,
    /// End after the story, with status 0 if all went as it should, instead of staying up.
    #[arg(long)]
    once: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Story {
    /// A site of 12 mixed devices is imported from the picture of one export QR, and watched.
    Import,
    /// A router, a recorder and the own network go off, and whoever looks is killed: what is told, and how often.
    Health,
    /// Two sites behind links, one device in each state, each led until it is added or its end is said.
    Cloud,
    /// An alarm panel whose accounts follow the staff, from adding to the proof that nobody can enter it any more.
    Panels,
    /// A site is handed over by a link in a mail; its owner lets the installer back in for an hour.
    Handover,
    /// An owner shares a camera in three ways, takes one back, and loses the camera to whoever holds it.
    Sharing,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let told = match arguments.story {
        Story::Import => import::tell(arguments.once).await,
        Story::Health => health::tell(arguments.once).await,
        Story::Cloud => cloud::tell(arguments.once).await,
        Story::Panels => panels::tell(arguments.once).await,
        Story::Handover => handover::tell(arguments.once).await,
        Story::Sharing => sharing::tell(arguments.once).await,
    };
    match told {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            println!("\nThe story broke off: {error:#}");
            ExitCode::FAILURE
        }
    }
}
