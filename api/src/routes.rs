//! Every route. A handler's URL is its folder; who may call it stands in its arguments.

use actix_web::http::header::ALLOW;
use actix_web::middleware::from_fn;
use actix_web::{HttpRequest, HttpResponse, ResponseError as _, web};
use utoipa_actix_web::scope;

use crate::error::{ApiError, codes};
use crate::openapi::Description;
use crate::{
    access, additions, captchas, company, compatibility_rules, device_events, device_qr, devices, exception_rules,
    exceptions, firmware_files, fleet, found, handovers, imports, incidents, link, linkage_firings, linkage_rules, links, live,
    mail_settings, mails, maintenance_windows, monitoring, my, network, notifications, openapi, operation_log,
    panel_accounts, panel_exits, panels, parents, password_changes, password_resets, profile, remote_sessions, reports,
    roles, routers, session, sessions, setup, site_managers, sites, staff, staff_invitations, unbind, upgrades,
    webhooks,
};

/// Most bytes of a JSON body.
const MOST_JSON: usize = 64 * 1024;

/// The API, `/api/v1`.
pub(crate) fn api() -> impl actix_web::dev::HttpServiceFactory + utoipa_actix_web::OpenApiFactory {
    scope("/api/v1")
        .service(setup::get::get_setup)
        .service(setup::create::create_setup)
        .service(session::get::get_session)
        .service(session::create::create_session)
        .service(session::delete::delete_session)
        .service(password_resets::create::create_password_reset)
        .service(my::session::get::get_my_session)
        .service(my::session::create::create_my_session)
        .service(my::session::delete::delete_my_session)
        .service(sessions::list::list_sessions)
        .service(sessions::delete_others::end_other_sessions)
        .service(sessions::delete::end_session)
        .service(profile::get::get_profile)
        .service(profile::update::update_profile)
        .service(profile::password::change_password)
        .service(profile::two_factor::begin::begin_two_factor)
        .service(profile::two_factor::confirm::confirm_two_factor)
        .service(profile::two_factor::end::end_two_factor)
        .service(profile::recovery_codes::renew_recovery_codes)
        .service(company::update::update_company)
        .service(company::admin::hand_over_admin)
        .service(staff::list::list_staff)
        .service(staff::get::get_staff)
        .service(staff::update::update_staff)
        .service(staff::delete::delete_staff)
        .service(staff::disable::disable_staff)
        .service(staff::enable::enable_staff)
        .service(staff::end_sessions::end_staff_sessions)
        .service(staff::reset_two_factor::reset_two_factor)
        .service(staff_invitations::list::list_invitations)
        .service(staff_invitations::create::create_invitation)
        .service(staff_invitations::send::send_invitation)
        .service(staff_invitations::delete::cancel_invitation)
        .service(roles::list::list_roles)
        .service(roles::create::create_role)
        .service(roles::update::update_role)
        .service(roles::delete::delete_role)
        .service(operation_log::list::list_operations)
        .service(mail_settings::get::get_mail_settings)
        .service(mail_settings::update::update_mail_settings)
        .service(mail_settings::delete::delete_mail_settings)
        .service(mail_settings::test::test_mail_settings)
        .service(mails::list::list_mails)
        .service(mails::get::get_mail)
        .service(mails::send::send_mail)
        .service(webhooks::list::list_webhooks)
        .service(webhooks::create::create_webhook)
        .service(webhooks::update::update_webhook)
        .service(webhooks::delete::delete_webhook)
        .service(webhooks::secret::renew_webhook_secret)
        .service(webhooks::test::test_webhook)
        .service(webhooks::deliveries::list_deliveries)
        .service(webhooks::send::send_delivery)
        .service(webhooks::replay::replay_webhook)
        .service(sites::list::list_sites)
        .service(sites::create::create_site)
        .service(sites::get::get_site)
        .service(sites::update::update_site)
        .service(sites::delete::delete_site)
        .service(sites::time::set_site_time)
        .service(handovers::list::list_handovers)
        .service(handovers::create::create_handover)
        .service(handovers::bulk::create_handovers)
        .service(handovers::send::send_handover)
        .service(handovers::update::update_handover)
        .service(handovers::delete::cancel_handover)
        .service(my::handovers::list::list_my_handovers)
        .service(my::handovers::accept::accept_my_handover)
        .service(my::handovers::refuse::refuse_my_handover)
        .service(reports::get::get_site_report)
        .service(reports::pdf::get_site_report_pdf)
        .service(reports::csv::get_site_report_csv)
        .service(reports::disk_temperatures::list_disk_temperatures)
        .service(site_managers::list::list_site_managers)
        .service(site_managers::update::update_site_managers)
        .service(staff::sites::list_assigned_sites)
        .service(password_changes::list::list_password_changes)
        .service(password_changes::create::create_password_changes)
        .service(linkage_rules::list::list_linkage_rules)
        .service(linkage_rules::create::create_linkage_rule)
        .service(linkage_rules::dry_run::dry_run_linkage_rule)
        .service(linkage_rules::templates::list_linkage_templates)
        .service(linkage_rules::get::get_linkage_rule)
        .service(linkage_rules::update::update_linkage_rule)
        .service(linkage_rules::delete::delete_linkage_rule)
        .service(linkage_firings::list::list_linkage_firings)
        .service(linkage_firings::picture::get_linkage_picture)
        .service(links::list::list_links)
        .service(links::create::create_link)
        .service(links::update::update_link)
        .service(links::delete::delete_link)
        .service(links::code::create_link_code)
        .service(links::discover::discover_devices)
        .service(link::enrolment::create_enrolment)
        .service(link::session::open_link_session)
        .service(link::forward::forward_link)
        .service(found::list::list_found)
        .service(additions::list::list_additions)
        .service(additions::create::create_addition)
        .service(additions::batch::create_additions)
        .service(additions::get::get_addition)
        .service(additions::delete::delete_addition)
        .service(additions::check::check_addition)
        .service(additions::activation::activate_addition)
        .service(additions::service::enable_addition_service)
        .service(additions::login::give_addition_login)
        .service(additions::verification_code::give_addition_code)
        .service(additions::upgrade::upgrade_addition)
        .service(captchas::create::create_captcha)
        .service(unbind::create::unbind_device)
        .service(company::app_hint::get_app_hint)
        .service(imports::scan::create_scan)
        .service(imports::get::get_import)
        .service(imports::password::open_import)
        .service(imports::confirm::confirm_import)
        .service(imports::events::stream_import)
        .service(devices::list::list_devices)
        .service(devices::create::create_device)
        .service(routers::create::create_router)
        .service(parents::get::get_parent)
        .service(parents::set::set_parent)
        .service(monitoring::set::set_monitoring)
        .service(monitoring::set_of_site::set_site_monitoring)
        .service(compatibility_rules::get::get_compatibility_rules)
        .service(compatibility_rules::update::update_compatibility_rules)
        .service(compatibility_rules::delete::delete_compatibility_rules)
        .service(compatibility_rules::preview::preview_compatibility_rules)
        .service(devices::get::get_device)
        .service(devices::update::update_device)
        .service(devices::delete::delete_device)
        .service(devices::check::check_device)
        .service(devices::certificate::accept_certificate)
        .service(devices::history::get_history)
        .service(devices::moving::move_device)
        .service(devices::reboot::reboot_device)
        .service(devices::time::set_device_time)
        .service(devices::snapshot::get_snapshot)
        .service(devices::password::change_device_password)
        .service(panels::get::get_panel)
        .service(panels::arm::arm_panel)
        .service(panels::disarm::disarm_panel)
        .service(panels::clear_alarm::clear_panel_alarm)
        .service(panels::bypass::bypass_panel_zone)
        .service(panels::take_in::take_in_panel_zone)
        .service(panel_accounts::list::list_panel_accounts)
        .service(panel_accounts::check::check_panel_accounts)
        .service(panel_accounts::delete::delete_panel_account)
        .service(panel_accounts::of_staff::list_panels_of_staff)
        .service(panel_exits::list::list_panel_exits)
        .service(panel_exits::get::get_panel_exit)
        .service(panel_exits::give_up::give_up_panel_exit)
        .service(device_qr::create::create_device_qr)
        .service(remote_sessions::create::create_remote_session)
        .service(remote_sessions::list::list_remote_sessions)
        .service(remote_sessions::delete::delete_remote_session)
        .service(exceptions::list::list_exceptions)
        .service(exception_rules::list::list_exception_rules)
        .service(exception_rules::create::create_exception_rule)
        .service(exception_rules::update::update_exception_rule)
        .service(exception_rules::delete::delete_exception_rule)
        .service(maintenance_windows::list::list_maintenance_windows)
        .service(maintenance_windows::create::create_maintenance_window)
        .service(maintenance_windows::delete::end_maintenance_window)
        .service(incidents::list::list_incidents)
        .service(incidents::get::get_incident)
        .service(network::get::get_network)
        .service(notifications::list::list_notifications)
        .service(notifications::read::read_notifications)
        .service(fleet::get::get_fleet)
        .service(firmware_files::list::list_firmware_files)
        .service(firmware_files::create::create_firmware_file)
        .service(firmware_files::get::get_firmware_file)
        .service(firmware_files::update::update_firmware_file)
        .service(firmware_files::delete::delete_firmware_file)
        .service(upgrades::list::list_upgrades)
        .service(upgrades::create::create_upgrade)
        .service(upgrades::plan::plan_upgrade)
        .service(upgrades::get::get_upgrade)
        .service(upgrades::devices::list_upgrade_devices)
        .service(upgrades::cancel::cancel_upgrade)
        .service(upgrades::retry::retry_upgrade)
        .service(upgrades::go_on::go_on_with_upgrade)
        .service(upgrades::configuration::get_saved_configuration)
        .service(upgrades::of_device::list_upgrades_of_device)
        .service(device_events::list::list_device_events)
        .service(device_events::push::push_device_events)
        .service(device_events::source::get_event_source)
        .service(device_events::token::create_event_listener)
        .service(device_events::token::delete_event_listener)
        .service(live::stream::stream_live)
        .route("/openapi.json", web::get().to(openapi::serve))
        .default_service(web::to(no_route))
        // The last is the outermost: first who is asking, then the log of what they did.
        .wrap(from_fn(operation_log::record))
        .wrap(from_fn(access::session::identify))
}

/// How bodies, queries and paths are read, and what a bad one answers.
pub(crate) fn reading(config: &mut web::ServiceConfig) {
    config
        .app_data(web::JsonConfig::default().limit(MOST_JSON).error_handler(|error, _| bad_json(&error).into()))
        .app_data(web::QueryConfig::default().error_handler(|_, _| ApiError::new(codes::BAD_QUERY).into()))
        // An id that is no id names nothing.
        .app_data(web::PathConfig::default().error_handler(|_, _| ApiError::new(codes::NOT_FOUND).into()));
}

pub(crate) fn bad_json(error: &actix_web::error::JsonPayloadError) -> ApiError {
    use actix_web::error::JsonPayloadError as E;
    match error {
        E::OverflowKnownLength { .. } | E::Overflow { .. } => ApiError::new(codes::BODY_TOO_LARGE),
        E::ContentType => ApiError::new(codes::UNSUPPORTED_CONTENT),
        // Where it went wrong, never what stood there: serde quotes values, and values may be secrets.
        E::Deserialize(error) => ApiError::new(codes::BAD_JSON)
            .with_details(serde_json::json!({ "line": error.line(), "column": error.column() })),
        _ => ApiError::new(codes::BAD_REQUEST),
    }
}

async fn no_route(request: HttpRequest, description: web::Data<Description>) -> Result<HttpResponse, ApiError> {
    match description.methods_of(request.path()) {
        None => Err(ApiError::new(codes::NOT_FOUND)),
        Some(methods) => {
            let error = ApiError::new(codes::METHOD_NOT_ALLOWED);
            let mut response = error.error_response();
            if let Ok(value) = methods.join(", ").parse() {
                response.headers_mut().insert(ALLOW, value);
            }
            Ok(response)
        }
    }
}

/// `GET /healthz`: the process answers.
pub(crate) async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "status": "ok" }))
}
