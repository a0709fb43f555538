//! What owners let companies do, as the companies ask about it.

use chrono::Utc;
use serde_json::json;
use siteward_domain::grant::{DevicePermission, RequestKind, Validity};
use siteward_domain::handover::{Asks, DeviceAsk};
use siteward_domain::{DeviceId, GrantRequestId, SiteId};
use siteward_store::grant_requests::{self, NewGrantRequest};
use siteward_store::grants;
use siteward_tests::app::{ADMIN, App};

use super::scene::Ids;
use super::{NO_BODY, Row, within_reach};

pub(super) fn rows() -> Vec<Row> {
    vec![
        ("GET", "/sites/{site_id}/grants", NO_BODY, within_reach(200)),
        ("GET", "/sites/{site_id}/grant_requests", NO_BODY, within_reach(200)),
        // Nobody owns the site.
        ("POST", "/sites/{site_id}/grant_requests", |_| json!({"site": true}), within_reach(409)),
        ("GET", "/devices/{device_id}/permissions", NO_BODY, within_reach(200)),
        ("DELETE", "/grant_requests/{grant_request_id}", NO_BODY, within_reach(204)),
        ("DELETE", "/grants/{grant_id}", NO_BODY, within_reach(204)),
    ]
}

/// A permission and an application on a site, as if an owner had been there.
pub(super) fn furnish(app: &App, ids: &mut Ids) {
    let now = Utc::now();
    let (site, device): (SiteId, DeviceId) = (ids.of("site_id").parse().unwrap(), ids.of("device_id").parse().unwrap());
    let ask = DeviceAsk { device_id: device, permission: DevicePermission::Playback, validity: Validity::Permanent };
    let asks = Asks { site: false, devices: vec![ask] };
    let made = app.store.write(|conn| {
        let admin = siteward_store::staff::find_by_email(conn, ADMIN)?.ok_or(siteward_store::StoreError::NotFound)?;
        let new = NewGrantRequest {
            id: GrantRequestId::generate(now),
            company_id: admin.company_id.clone(),
            site_id: site.clone(),
            kind: RequestKind::Devices,
            remark: String::new(),
            asks: asks.clone(),
            asked_by: admin.id,
            asked_by_name: admin.name,
        };
        grant_requests::create_request(conn, &new, now)?;
        Ok((grants::give(conn, &admin.company_id, &site, &asks, now)?.remove(0), new.id))
    });
    let (grant, request) = made.unwrap();
    ids.put("grant_id", grant.to_string());
    ids.put("grant_request_id", request.to_string());
}
