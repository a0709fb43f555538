//! What a receiver is told of an event.

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_domain::{CompanyId, DeviceId, SiteId};
use siteward_store::events::Event;
use siteward_store::{DbConn, StoreError, devices, sites};

/// The body of a telling, as JSON. Names are those of now; null where the thing is gone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Told {
    /// The number of the event; the same whenever it is told again. 0 for a test.
    pub id: i64,
    /// What happened, e.g. `exception_opened`.
    pub kind: String,
    /// When, RFC 3339.
    pub at: DateTime<Utc>,
    /// The company.
    pub company_id: CompanyId,
    /// The site it happened on.
    pub site: Option<Thing>,
    /// The device it happened to.
    pub device: Option<Thing>,
    /// Who or what made it happen: `staff:<id>`, `poller`, `system` ….
    pub actor: String,
    /// What more there is to tell, by kind.
    pub data: serde_json::Value,
}

/// Something with a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Thing {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
}

impl Told {
    /// Reads what there is to tell of an event.
    pub fn of(conn: &mut DbConn, event: &Event) -> Result<Self, StoreError> {
        let company = &event.company_id;
        let site = event.site_id.as_ref().map(|id| site(conn, company, id)).transpose()?;
        let device = event.device_id.as_ref().map(|id| device(conn, company, id)).transpose()?;
        Ok(Self {
            id: event.seq,
            kind: event.kind.as_str().to_owned(),
            at: event.at,
            company_id: company.clone(),
            site,
            device,
            actor: event.actor.clone(),
            data: event.data.clone(),
        })
    }

    /// The bytes that are signed and sent.
    pub fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }
}

/// What a person's test of a webhook tells.
pub fn test_body(company: &CompanyId, now: DateTime<Utc>) -> Told {
    Told {
        id: 0,
        kind: "test".to_owned(),
        at: now,
        company_id: company.clone(),
        site: None,
        device: None,
        actor: "system".to_owned(),
        data: serde_json::json!({}),
    }
}

fn site(conn: &mut DbConn, company: &CompanyId, id: &SiteId) -> Result<Thing, StoreError> {
    let name = gone_is_none(sites::get_site(conn, company, id).map(|site| site.name))?;
    Ok(Thing { id: id.to_string(), name })
}

fn device(conn: &mut DbConn, company: &CompanyId, id: &DeviceId) -> Result<Thing, StoreError> {
    let name = gone_is_none(devices::get_device(conn, company, id).map(|device| device.name))?;
    Ok(Thing { id: id.to_string(), name })
}

fn gone_is_none(found: Result<String, StoreError>) -> Result<Option<String>, StoreError> {
    match found {
        Ok(name) => Ok(Some(name)),
        Err(StoreError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}
