//! What hangs behind what on a site, as it follows from the rows, and what a person says of it.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use siteward_domain::device::DeviceKind;
use siteward_domain::health::DeviceHealth;
use siteward_domain::incident::{BehindBecause, Place, Said, Standing, Tree};
use siteward_domain::observation::Channel;
use siteward_domain::{CompanyId, DeviceId, SiteId};

use crate::columns::{read, read_or_none, time_or_none, word};
use crate::connection::DbConn;
use crate::devices::get_device;
use crate::error::StoreError;
use crate::select::Select;

/// Most devices of a site that are looked through.
const MOST_DEVICES: i64 = 20_000;

/// A site's devices, what hangs behind what, and which of them do not answer.
pub(super) struct Premises {
    pub(super) places: Vec<Place>,
    pub(super) tree: Tree,
    answers: HashMap<DeviceId, (DeviceHealth, Option<DateTime<Utc>>)>,
    pub(super) offline: std::collections::HashSet<DeviceId>,
    pub(super) names: HashMap<DeviceId, (String, DeviceKind)>,
}

/// What a device hangs behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parent {
    /// What a person said.
    pub said: Said,
    /// What holds: the device, its name, what it is, and why.
    pub parent: Option<(DeviceId, String, DeviceKind, BehindBecause)>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    host: String,
    #[diesel(sql_type = Nullable<Text>)]
    link_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    parent_id: Option<String>,
    #[diesel(sql_type = Bool)]
    stands_alone: bool,
    #[diesel(sql_type = Text)]
    health: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    measured_at: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    channels: Option<String>,
    #[diesel(sql_type = Bool)]
    offline: bool,
}

/// Reads a site.
pub(super) fn load(conn: &mut DbConn, site: &SiteId) -> Result<Premises, StoreError> {
    let rows: Vec<Row> = Select::new(
        "SELECT d.id, d.name, d.kind, d.host_lower AS host, d.link_id, d.parent_id, d.stands_alone, d.health,
         m.reachability AS measured_at, f.value AS channels, EXISTS (SELECT 1 FROM exceptions e WHERE e.device_id = d.id
         AND e.kind = 'device_offline' AND e.part = '' AND e.closed_at IS NULL) AS offline
         FROM devices d LEFT JOIN measured m ON m.place = d.place
         LEFT JOIN facts f ON f.place = d.place AND f.topic = 'channels' AND d.kind IN ('nvr', 'dvr')
         WHERE d.site_id = ",
    )
    .text(site.as_str())
    .sql(" ORDER BY d.id LIMIT ")
    .number(MOST_DEVICES)
    .load(conn)?;
    let mut found = Premises {
        places: Vec::with_capacity(rows.len()),
        tree: Tree::default(),
        answers: HashMap::new(),
        offline: std::collections::HashSet::new(),
        names: HashMap::new(),
    };
    for row in rows {
        let health = word(DeviceHealth::from_stored(&row.health), "devices.health")?;
        let measured_at = time_or_none(row.measured_at)?;
        let (offline, name) = (row.offline, row.name.clone());
        let place = place(row)?;
        found.answers.insert(place.id.clone(), (health, measured_at));
        found.names.insert(place.id.clone(), (name, place.kind));
        if offline {
            found.offline.insert(place.id.clone());
        }
        found.places.push(place);
    }
    found.tree = Tree::of(&found.places);
    Ok(found)
}

impl Premises {
    /// How a device stands, as far as it may be the cause of what is behind it.
    pub(super) fn standing(&self, id: &DeviceId) -> Standing {
        if self.offline.contains(id) {
            return Standing::Offline;
        }
        match self.answers.get(id) {
            Some((health, Some(at))) if *health != DeviceHealth::Offline => Standing::Answered(*at),
            _ => Standing::NotSure,
        }
    }

    /// What a person calls a device: its name, or its address where it has none.
    pub(super) fn name(&self, id: &DeviceId) -> String {
        let name = self.names.get(id).map(|(name, _)| name.as_str()).filter(|name| !name.is_empty());
        let host = || self.places.iter().find(|place| place.id == *id).map(|place| place.host.clone());
        name.map(str::to_owned).or_else(host).unwrap_or_default()
    }

    /// Whether a device is a camera.
    pub(super) fn is_camera(&self, id: &DeviceId) -> bool {
        self.names.get(id).is_some_and(|(_, kind)| *kind == DeviceKind::Camera)
    }
}

fn place(row: Row) -> Result<Place, StoreError> {
    let channels: Vec<Channel> =
        row.channels.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let shows: BTreeMap<String, String> = channels
        .into_iter()
        .filter_map(|channel| Some((channel.number.to_string(), channel.address?.to_lowercase())))
        .collect();
    let parent: Option<DeviceId> = read_or_none(row.parent_id, "devices.parent_id")?;
    Ok(Place {
        id: read(row.id, "devices.id")?,
        kind: word(DeviceKind::from_stored(&row.kind), "devices.kind")?,
        host: row.host,
        link: read_or_none(row.link_id, "devices.link_id")?,
        said: match parent {
            Some(parent) => Said::Behind(parent),
            None if row.stands_alone => Said::Alone,
            None => Said::Nothing,
        },
        shows,
    })
}

/// What a device of a company hangs behind.
pub fn find_parent(conn: &mut DbConn, company: &CompanyId, id: &DeviceId) -> Result<Parent, StoreError> {
    let device = get_device(conn, company, id)?;
    let premises = load(conn, &device.site_id)?;
    let place = premises.places.iter().find(|place| place.id == *id).ok_or(StoreError::NotFound)?;
    let parent = premises.tree.parent(id).map(|(parent, because)| {
        let kind = premises.names.get(parent).map_or(DeviceKind::Unknown, |(_, kind)| *kind);
        (parent.clone(), premises.name(parent), kind, because)
    });
    Ok(Parent { said: place.said.clone(), parent })
}

/// Whether a device would hang behind itself if it hung behind `parent`. [`StoreError::NotFound`] where the two are not on
/// the same site of the company.
pub fn would_be_circle(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &DeviceId,
    parent: &DeviceId,
) -> Result<bool, StoreError> {
    let device = get_device(conn, company, id)?;
    let mut premises = load(conn, &device.site_id)?;
    if !premises.names.contains_key(parent) {
        return Err(StoreError::NotFound);
    }
    for place in premises.places.iter_mut().filter(|place| place.id == *id) {
        place.said = Said::Behind(parent.clone());
    }
    Ok(Tree::of(&premises.places).would_be_circle(id, parent))
}

/// Notes what a person says of what a device hangs behind. Ask [`would_be_circle`] before, in the same transaction.
pub fn set_parent(conn: &mut DbConn, company: &CompanyId, id: &DeviceId, said: &Said) -> Result<(), StoreError> {
    let alone = match (&*conn, *said == Said::Alone) {
        (DbConn::Sqlite(_), alone) => {
            if alone {
                "1"
            } else {
                "0"
            }
        }
        (DbConn::Postgresql(_), alone) => {
            if alone {
                "TRUE"
            } else {
                "FALSE"
            }
        }
    };
    let query = Select::new("UPDATE devices SET stands_alone = ").sql(alone).sql(", parent_id = ");
    let query = match said {
        Said::Behind(parent) => query.text(parent.as_str()),
        Said::Alone | Said::Nothing => query.sql("NULL"),
    };
    let query = query.sql(" WHERE company_id = ").text(company.as_str()).sql(" AND id = ").text(id.as_str());
    if query.execute(conn)? == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}
