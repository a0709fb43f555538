//! Set-up, the company, its log and its mails.

use serde_json::{Value, json};
use siteward_tests::app::PASSWORD;

use super::{NO_BODY, Row, admin_only, within_reach};

pub(super) fn rows() -> Vec<Row> {
    vec![
        ("GET", "/setup", NO_BODY, [200; 7]),
        ("POST", "/setup", set_up, [409; 7]),
        ("GET", "/company/logo", NO_BODY, [401, 200, 200, 200, 200, 200, 200]),
        ("PUT", "/company/logo", |_| json!({}), admin_only(415, 415)),
        ("DELETE", "/company/logo", NO_BODY, admin_only(204, 204)),
        ("PATCH", "/company", |_| json!({}), admin_only(200, 200)),
        ("GET", "/compatibility_rules", NO_BODY, [401, 200, 200, 200, 200, 200, 200]),
        ("POST", "/compatibility_rules/preview", |_| json!({"rules": []}), admin_only(200, 200)),
        ("PUT", "/compatibility_rules", |_| json!({"rules": []}), admin_only(200, 200)),
        ("DELETE", "/compatibility_rules", NO_BODY, admin_only(200, 200)),
        ("GET", "/operation_log", NO_BODY, admin_only(200, 200)),
        ("GET", "/mail_settings", NO_BODY, admin_only(403, 200)),
        ("POST", "/mail_settings/test", |_| json!({"receiver": "a@example.com"}), admin_only(403, 409)),
        ("PUT", "/mail_settings", mail_server, admin_only(403, 200)),
        ("DELETE", "/mail_settings", NO_BODY, admin_only(403, 204)),
        ("GET", "/mails", NO_BODY, admin_only(200, 200)),
        ("GET", "/mails/{mail_id}", NO_BODY, admin_only(404, 200)),
        ("POST", "/mails/{mail_id}/send", NO_BODY, admin_only(404, 409)),
        ("GET", "/mails/{mail_id}/attachments/{position}", NO_BODY, admin_only(404, 200)),
        ("GET", "/mail_templates", NO_BODY, admin_only(200, 200)),
        ("GET", "/mail_templates/{template}/{language}", NO_BODY, admin_only(200, 200)),
        ("GET", "/handovers/{handover_id}/pack", NO_BODY, within_reach(404)),
        ("GET", "/handovers/{handover_id}/pack/pdf", NO_BODY, within_reach(404)),
        ("GET", "/webhooks", NO_BODY, admin_only(200, 200)),
        ("POST", "/webhooks", webhook, admin_only(201, 201)),
        ("PATCH", "/webhooks/{webhook_id}", |_| json!({"name": "Desk"}), admin_only(404, 200)),
        ("POST", "/webhooks/{webhook_id}/secret", NO_BODY, admin_only(404, 200)),
        ("POST", "/webhooks/{webhook_id}/test", NO_BODY, admin_only(404, 200)),
        ("GET", "/webhooks/{webhook_id}/deliveries", NO_BODY, admin_only(404, 200)),
        ("POST", "/webhooks/{webhook_id}/deliveries/{delivery_id}/send", NO_BODY, admin_only(404, 404)),
        ("POST", "/webhooks/{webhook_id}/replay", range, admin_only(404, 202)),
    ]
}

fn set_up(_: &str) -> Value {
    json!({
        "setup_code": "x", "company": {"name": "C", "region": "DE"}, "public_url": "http://localhost",
        "admin": {"name": "A", "email": "a@example.com", "password": PASSWORD},
    })
}

fn mail_server(_: &str) -> Value {
    json!({
        "host": "127.0.0.1", "port": 9, "security": "none", "sender_name": "S", "sender_address": "s@example.com",
        "language": "en",
    })
}

fn webhook(_: &str) -> Value {
    json!({"name": "Desk", "url": "http://127.0.0.1:9/hook"})
}

fn range(_: &str) -> Value {
    json!({"from": "2026-01-01T00:00:00Z", "until": "2026-01-02T00:00:00Z"})
}
