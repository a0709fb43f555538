//! End users in tests: their accounts and sessions, and sites that become theirs.

use anyhow::{Context, Result, anyhow};
use chrono::{Duration, Utc};
use serde_json::{Value, json};
use siteward_domain::company::Region;
use siteward_domain::handover::{Asks, Offer};
use siteward_domain::mail::MailLanguage;
use siteward_domain::{EndUserId, HandoverId, SiteId};
use siteward_store::end_users::{NewEndUser, create_end_user, find_by_email};
use siteward_store::handovers::{self, Accepting, NewHandover};
use siteward_store::{Store, staff};

use crate::app::{ADMIN, App, PASSWORD};
use crate::client::Client;

/// The end user that most tests speak of.
pub const OWNER: &str = "olga@example.com";

impl App {
    /// A signed-in end user who is made in the store, after [`App::admin`]; the password is that of all accounts of the kit.
    pub async fn end_user(&self, email: &str) -> Result<Client> {
        self.silent_end_user(email)?;
        let mut client = self.stranger();
        client.sign_in_as_end_user(email, PASSWORD).await?.ok()?;
        Ok(client)
    }

    /// An end user who has not signed in yet.
    pub fn silent_end_user(&self, email: &str) -> Result<EndUserId> {
        make_end_user(&self.store, email)
    }

    /// A site of the first company becomes an end user's, as [`give_site`] does it.
    pub fn hand_site_over(&self, site_id: &str, email: &str, allowed: &Value) -> Result<()> {
        give_site(&self.store, &site_id.parse()?, email, allowed)
    }

    /// The id of an end user.
    pub fn end_user_id(&self, email: &str) -> Result<EndUserId> {
        Ok(self.store.read(|conn| find_by_email(conn, email))?.context("an end user with this address")?.id)
    }
}

/// A site of the first company becomes an end user's, who lets the company do what is named, e.g.
/// `{"site": true, "devices": []}`: as if they had accepted an invitation, without a mail.
pub fn give_site(store: &Store, site_id: &SiteId, email: &str, allowed: &Value) -> Result<()> {
    let now = Utc::now();
    let allowed: Asks = serde_json::from_value(allowed.clone())?;
    let owner = store.read(|conn| find_by_email(conn, email))?.context("an end user with this address")?;
    let admin = store.read(|conn| staff::find_by_email(conn, ADMIN))?.context("the Admin is there")?;
    let id = HandoverId::generate(now);
    let new = NewHandover {
        id: id.clone(),
        company_id: admin.company_id,
        site_id: site_id.clone(),
        email: email.to_owned(),
        phone: None,
        name: "Olga Owner".to_owned(),
        language: MailLanguage::En,
        remark: String::new(),
        offer: Offer::Transfer(allowed.clone()),
        token_hash: id.to_string(),
        invited_by: admin.id,
        expires_at: now + Duration::days(7),
    };
    let accepting = Accepting { id, token_hash: None, end_user_id: owner.id, email: email.to_owned(), allowed };
    let answer = store.write(|conn| {
        handovers::create_handover(conn, &new, now)?;
        handovers::accept(conn, &accepting, now)
    })?;
    answer.map_err(|refusal| anyhow!("{refusal:?}"))?;
    Ok(())
}

/// Makes an end user with the password of the Admin, who is there by now.
pub fn make_end_user(store: &Store, email: &str) -> Result<EndUserId> {
    let now = Utc::now();
    // One hash does for all.
    let admin = store.read(|conn| staff::find_by_email(conn, ADMIN))?;
    let new = NewEndUser {
        id: EndUserId::generate(now),
        name: "Olga Owner".to_owned(),
        email: email.to_owned(),
        region: Region::parse("DE")?,
        language: MailLanguage::En,
        time_zone: "Europe/Berlin".to_owned(),
        password_hash: admin.map(|admin| admin.password_hash).unwrap_or_default(),
    };
    store.write(|conn| create_end_user(conn, &new, now))?;
    Ok(new.id)
}

/// Hands a site over to an end user who is there already: the company invites them, they accept without the page. `asks`:
/// what the company asks for, e.g. `{"site": true, "devices": []}`, of which they let it do all.
pub async fn hand_over(company: &Client, site: &str, owner: &Client, email: &str, asks: &Value) -> Result<Value> {
    let handover = invite(company, site, email, asks).await?;
    let id = handover["id"].as_str().context("an invitation has an id")?;
    owner.post(&format!("/my/handovers/{id}/accept"), &json!({})).await?.ok()
}

/// Invites somebody to own a site; gives the invitation.
pub async fn invite(company: &Client, site: &str, email: &str, asks: &Value) -> Result<Value> {
    let body = json!({"email": email, "name": "Olga", "language": "en", "asks": asks});
    company.post(&format!("/sites/{site}/handovers"), &body).await?.ok()
}
