//! A sighting as the table has it: what a device told, cut to what is reasonable, and whether it is there now.

use diesel::QueryableByName;
use diesel::sql_types::{Bool, Integer, Nullable, Text};
use siteward_domain::link::{BindState, FoundBy, Sighting};
use siteward_domain::text::told_line;

use crate::columns::{number, read, word};
use crate::error::StoreError;

/// Most characters kept of a text that a device tells.
const MOST_CHARACTERS: usize = 256;

#[derive(QueryableByName, PartialEq, Eq)]
pub(super) struct Stored {
    #[diesel(sql_type = Text)]
    pub(super) serial: String,
    #[diesel(sql_type = Text)]
    pub(super) long_serial: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) mac: Option<String>,
    #[diesel(sql_type = Text)]
    pub(super) model: String,
    #[diesel(sql_type = Text)]
    pub(super) firmware: String,
    #[diesel(sql_type = Text)]
    pub(super) host: String,
    #[diesel(sql_type = Integer)]
    pub(super) http_port: i32,
    #[diesel(sql_type = Nullable<Bool>)]
    pub(super) dhcp: Option<bool>,
    #[diesel(sql_type = Nullable<Bool>)]
    pub(super) activated: Option<bool>,
    #[diesel(sql_type = Nullable<Bool>)]
    pub(super) service_enabled: Option<bool>,
    #[diesel(sql_type = Text)]
    pub(super) bind: String,
    #[diesel(sql_type = Nullable<Bool>)]
    pub(super) unbind_supported: Option<bool>,
    #[diesel(sql_type = Text)]
    pub(super) found_by: String,
    #[diesel(sql_type = Bool)]
    pub(super) online: bool,
}

impl Stored {
    /// What is kept of a device that is seen.
    pub(super) fn of(sighting: &Sighting) -> Self {
        let cut = |text: &str| told_line(text, MOST_CHARACTERS);
        Self {
            serial: sighting.serial.as_str().to_owned(),
            long_serial: cut(&sighting.long_serial),
            mac: sighting.mac.as_deref().map(cut),
            model: cut(&sighting.model),
            firmware: cut(&sighting.firmware),
            host: sighting.host.clone(),
            http_port: i32::from(sighting.http_port),
            dhcp: sighting.dhcp,
            activated: sighting.activated,
            service_enabled: sighting.service_enabled,
            bind: sighting.bind.as_str().to_owned(),
            unbind_supported: sighting.unbind_supported,
            found_by: sighting.found_by.as_str().to_owned(),
            online: true,
        }
    }

    /// What was told.
    pub(super) fn into_sighting(self) -> Result<Sighting, StoreError> {
        Ok(Sighting {
            serial: read(self.serial, "sightings.serial")?,
            long_serial: self.long_serial,
            mac: self.mac,
            model: self.model,
            firmware: self.firmware,
            host: self.host,
            http_port: number(self.http_port, "sightings.http_port")?,
            dhcp: self.dhcp,
            activated: self.activated,
            service_enabled: self.service_enabled,
            bind: word(BindState::from_stored(&self.bind), "sightings.bind")?,
            unbind_supported: self.unbind_supported,
            found_by: word(FoundBy::from_stored(&self.found_by), "sightings.found_by")?,
        })
    }
}
