//! `siteward admin`: accounts, when nobody can sign in.

use chrono::Utc;
use clap::{Args, Subcommand};
use siteward_api::staff::{self, FirstAdmin};
use siteward_worker::settings::Settings;

use super::{Failure, password_from_stdin};

#[derive(Subcommand)]
pub(super) enum Admin {
    /// Make the company and its Installer Admin, instead of the set-up page.
    Create(Create),
    /// Set a new password; ends every session of the account and takes its lock away.
    ResetPassword(ResetPassword),
    /// Take the second factor of an account away that lost it; ends every session of the account.
    ResetTwoFactor(ResetTwoFactor),
}

/// Make the company and its Installer Admin, instead of the set-up page.
#[derive(Args)]
#[command(after_help = "Example:
  siteward admin create --company 'Lockwood Alarms' --region PL --name 'Anna Nowak' --email anna@example.com")]
pub(super) struct Create {
    /// The company's name.
    #[arg(long)]
    company: String,
    /// Its country, two letters.
    #[arg(long)]
    region: String,
    /// The Admin's name.
    #[arg(long)]
    name: String,
    /// The Admin's e-mail address.
    #[arg(long)]
    email: String,
    /// How people reach the server, instead of server.public_url of the settings.
    #[arg(long)]
    public_url: Option<String>,
    /// Read the password from standard input; else one is made and printed.
    #[arg(long)]
    password_stdin: bool,
}

/// Set a new password.
#[derive(Args)]
pub(super) struct ResetPassword {
    /// The account's e-mail address.
    email: String,
    /// Read the password from standard input; else one is made and printed.
    #[arg(long)]
    password_stdin: bool,
}

/// Take a second factor away.
#[derive(Args)]
pub(super) struct ResetTwoFactor {
    /// The account's e-mail address.
    email: String,
}

impl Admin {
    pub(super) fn run(&self, settings: &Settings) -> Result<(), Failure> {
        let store = siteward_api::serve::open_store(settings)?;
        match self {
            Self::Create(create) => {
                let password = password(create.password_stdin)?;
                let first = FirstAdmin {
                    company: create.company.clone(),
                    region: create.region.clone(),
                    public_url: create.public_url.clone().unwrap_or_else(|| settings.server.public_url.clone()),
                    name: create.name.clone(),
                    email: create.email.clone(),
                };
                staff::create_admin(&store, &first, password.text(), Utc::now())?;
                password.tell("The company is made.");
            }
            Self::ResetPassword(reset) => {
                let password = password(reset.password_stdin)?;
                staff::reset_password(&store, &reset.email, password.text(), Utc::now())?;
                password.tell("The password is set, and every session of the account has ended.");
            }
            Self::ResetTwoFactor(reset) => {
                staff::reset_two_factor(&store, &reset.email, Utc::now())?;
                println!("The second factor is taken away, and every session of the account has ended.");
            }
        }
        Ok(())
    }
}

enum Password {
    Given(String),
    Made(String),
}

impl Password {
    fn text(&self) -> &str {
        match self {
            Self::Given(text) | Self::Made(text) => text,
        }
    }

    fn tell(&self, done: &str) {
        println!("{done}");
        if let Self::Made(text) = self {
            println!("Password: {text}");
        }
    }
}

fn password(from_stdin: bool) -> Result<Password, Failure> {
    if from_stdin { password_from_stdin().map(Password::Given) } else { Ok(Password::Made(staff::new_password())) }
}
