//! `GET /sites/{site_id}/linkage_templates`: rules that installers set up again and again, filled in with what a site has.

use actix_web::{get, web};
use serde::Serialize;
use siteward_domain::SiteId;
use siteward_domain::firmware::Function;
use siteward_domain::linkage::{SiteDevice, Template};
use siteward_store::devices::{self, DeviceFilter};
use siteward_store::{monitoring, notifications};
use utoipa::ToSchema;

use super::body::{LinkageAction, LinkagePeriod, LinkageSource, periods};
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;
use crate::words::{DeviceKind, LinkageTemplateKind};

/// So many devices of a site are looked at.
const MOST_DEVICES: u32 = 100;

/// The templates.
#[derive(Serialize, ToSchema)]
pub(crate) struct LinkageTemplateList {
    /// All of them, in the order in which they are shown.
    #[schema(max_items = 10)]
    items: Vec<LinkageTemplate>,
}

/// A template.
#[derive(Serialize, ToSchema)]
pub(crate) struct LinkageTemplate {
    /// Which.
    template: LinkageTemplateKind,
    /// A site needs one of these to use it.
    #[schema(max_items = 10)]
    sources: Vec<DeviceKind>,
    /// A rule of what the site has; null where it has no source for it.
    #[schema(required = true)]
    draft: Option<LinkageDraft>,
}

/// A rule as a template proposes it.
#[derive(Serialize, ToSchema)]
pub(crate) struct LinkageDraft {
    /// What sets it off.
    source: LinkageSource,
    /// When; none: always.
    #[schema(max_items = 20)]
    schedule: Vec<LinkagePeriod>,
    /// What it does.
    #[schema(max_items = 128)]
    actions: Vec<LinkageAction>,
}

/// Lists the templates for linkage rules, filled in with the devices of a site. Nothing is made of them yet.
#[utoipa::path(tag = "linkage", params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 200, description = "The templates", body = LinkageTemplateList),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/sites/{site_id}/linkage_templates")]
pub(crate) async fn list_linkage_templates(
    on: OnSites,
    platform: web::Data<Platform>,
    site: web::Path<SiteId>,
) -> Result<web::Json<LinkageTemplateList>, ApiError> {
    let (company, reach, now) = (on.company_id(), on.reach(), platform.clock.now());
    let (period, caller) = (platform.period(), on.caller().staff_id());
    let (devices, receiver) = platform
        .read(move |conn| {
            let filter = DeviceFilter { site_id: Some(site.clone()), ..DeviceFilter::default() };
            let listed = devices::list_devices(conn, &reach, &filter, now, period, None, MOST_DEVICES)?;
            let mut able = Vec::new();
            for device in listed.items.into_iter().map(|item| item.device) {
                if monitoring::standing(conn, &company, &device.id)?.may(Function::LinkageRules).is_ok() {
                    able.push(SiteDevice { id: device.id, kind: device.kind });
                }
            }
            let receivers = notifications::receivers(conn, &company, &site, now)?;
            let own = receivers.iter().find(|receiver| receiver.id == caller);
            Ok((able, own.or(receivers.first()).map(|receiver| receiver.id.clone())))
        })
        .await?;
    let items = Template::ALL.iter().map(|template| LinkageTemplate {
        template: LinkageTemplateKind(*template),
        sources: template.sources().iter().copied().map(DeviceKind).collect(),
        draft: template.draft(&devices, receiver.as_ref()).map(|draft| LinkageDraft {
            source: (&draft.source).into(),
            schedule: periods(draft.schedule.as_ref()),
            actions: draft.actions.iter().map(LinkageAction::from).collect(),
        }),
    });
    Ok(web::Json(LinkageTemplateList { items: items.collect() }))
}
