//! Accounts on a panel, in both ways that panels keep them.

use secrecy::SecretString;
use serde_json::{Value, json};
use siteward_devices::panel::{
    AccountError, Deleted, NewAccount, PanelAccount, PanelAccounts, PanelSession, UserLevel,
};
use siteward_devices::{CallError, DeviceClient};
use siteward_domain::panel::PanelRole;

use crate::panel_fake::{Hashing, Panel, Reply, told};

const CLOUD: &str = "/ISAPI/Security/CloudUserManage/users";
const CONFIGURED: &str = "/ISAPI/SecurityCP/Configuration/users";
const BOTH: [(PanelAccounts, &str); 2] =
    [(PanelAccounts::CloudUsers, CLOUD), (PanelAccounts::ConfiguredUsers, CONFIGURED)];

async fn open(client: &mut DeviceClient) -> PanelSession<'_> {
    PanelSession::open(client, Some(UserLevel::Installer)).await.unwrap()
}

fn password() -> SecretString {
    SecretString::from("Yard-2026")
}

fn new<'a>(password: &'a SecretString, role: &'a PanelRole) -> NewAccount<'a> {
    NewAccount { user_name: "boris", password, role, email: Some("boris@example.com") }
}

async fn create(panel: &Panel, accounts: PanelAccounts) -> Result<u32, AccountError> {
    let mut client = panel.client();
    accounts.create(&mut open(&mut client).await, new(&password(), &PanelRole::InstallerEmployee)).await
}

fn boris() -> PanelAccount {
    PanelAccount { index: 7, user_name: "boris".into(), role: PanelRole::InstallerEmployee }
}

fn sent(panel: &Panel, method: &str) -> Vec<Value> {
    let asked = panel.state().asked;
    let bodies = asked.iter().filter(|one| one.method == method && one.path.contains("/users"));
    bodies.map(|one| serde_json::from_str(&one.body).unwrap_or(Value::Null)).collect()
}

#[tokio::test]
async fn a_panel_says_itself_how_it_keeps_its_accounts() {
    let panel = Panel::start(Hashing::TwoSalts).await;
    let mut client = panel.client();
    let mut session = open(&mut client).await;
    assert_eq!(PanelAccounts::of(&mut session).await, Ok(PanelAccounts::ConfiguredUsers));
    for (body, expected) in [
        ("<SDKCap><isSupportCloudUserManage>true</isSupportCloudUserManage></SDKCap>", PanelAccounts::CloudUsers),
        (r#"{"SDKCap":{"isSupportCloudUserManage":true}}"#, PanelAccounts::CloudUsers),
        ("<SDKCap><isSupportCloudUserManage>false</isSupportCloudUserManage></SDKCap>", PanelAccounts::ConfiguredUsers),
        ("<SDKCap><other>1</other></SDKCap>", PanelAccounts::ConfiguredUsers),
    ] {
        panel.answers("GET /SDK/capabilities", 200, body);
        assert_eq!(PanelAccounts::of(&mut session).await, Ok(expected), "{body}");
    }
    panel.does("GET /SDK/capabilities", Reply::HangsUp);
    assert!(matches!(PanelAccounts::of(&mut session).await, Err(CallError::Unreachable { .. })));
}

#[tokio::test]
async fn an_account_is_listed_made_changed_and_taken_off() {
    let panel = Panel::start(Hashing::TwoSalts).await;
    panel.answers(&format!("GET {CLOUD}?format=json"), 200,
        r#"{"CloudUserList":[{"CloudUser":{"indexID":7,"userName":"boris","userType":"installerEmployee","email":"","phone":""}}]}"#);
    panel.answers(
        &format!("GET {CONFIGURED}?format=json"),
        200,
        r#"{"UserCfgList":[{"UserCfg":{"id":7,"userName":"boris","UserPermission":{"userType":"installer"}}}]}"#,
    );
    let mut client = panel.client();
    let mut session = open(&mut client).await;
    for (accounts, root) in BOTH {
        panel.answers(
            &format!("POST {root}?format=json"),
            200,
            r#"{"statusCode":1,"statusString":"OK","subStatusCode":"ok","indexID":7}"#,
        );
        panel.answers(&format!("PUT {root}/7?format=json"), 200, &told(1, "ok"));
        panel.answers(&format!("DELETE {root}/7?format=json"), 200, &told(1, "ok"));
        assert_eq!(accounts.list(&mut session).await, Ok(vec![boris()]));
        assert_eq!(accounts.create(&mut session, new(&password(), &PanelRole::InstallerEmployee)).await, Ok(7));
        assert_eq!(accounts.set_password(&mut session, &boris(), &password()).await, Ok(()));
        assert_eq!(accounts.delete(&mut session, 7).await, Ok(Deleted::Deleted));
    }
    let made = json!({ "userName": "boris", "password": "Yard-2026", "userType": "installerEmployee", "email": "boris@example.com" });
    let configured =
        json!({ "userName": "boris", "password": "Yard-2026", "UserPermission": { "userType": "installer" } });
    assert_eq!(sent(&panel, "POST"), [json!({ "CloudUser": made }), json!({ "UserCfg": configured })]);
    let changed = json!({ "UserCfg": { "id": 7, "userName": "boris", "password": "Yard-2026" } });
    assert_eq!(sent(&panel, "PUT"), [json!({ "CloudUser": { "password": "Yard-2026" } }), changed]);
    assert_eq!(sent(&panel, "DELETE"), [Value::Null, Value::Null]);
}

#[tokio::test]
async fn a_number_that_was_not_told_is_looked_up() {
    for (accounts, root) in BOTH {
        let panel = Panel::start(Hashing::TwoSalts).await;
        panel.answers(&format!("POST {root}?format=json"), 200, &told(1, "ok"));
        panel.answers(
            &format!("GET {root}?format=json"),
            200,
            r#"{"List":[{"UserCfg":{"id":9,"userName":"boris"}},{"CloudUser":{"indexID":9,"userName":"boris"}}]}"#,
        );
        assert_eq!(create(&panel, accounts).await, Ok(9));
        panel.answers(&format!("GET {root}?format=json"), 200, r#"{"UserCfgList":[]}"#);
        assert!(matches!(create(&panel, accounts).await, Err(AccountError::NotKnown(_))));
    }
}

#[tokio::test]
async fn refusals_of_a_new_account_are_told_apart() {
    for (accounts, root) in BOTH {
        let panel = Panel::start(Hashing::TwoSalts).await;
        let post = format!("POST {root}?format=json");
        let refused = |code: &str| AccountError::PasswordRefused { code: code.into() };
        for (status, sub, expected) in [
            (403, "userExist", AccountError::AlreadyThere),
            (403, "userMaxNum", AccountError::Full),
            (400, "passwordLenNoMoreThan16", refused("passwordLenNoMoreThan16")),
            (400, "riskPassword", refused("riskPassword")),
            (400, "badParameters", refused("badParameters")),
            (403, "lowPrivilege", CallError::LowPrivilege.into()),
            (404, "notSupport", CallError::NotSupported.into()),
            (503, "deviceBusy", CallError::Refused { status_code: 4, sub_status_code: "deviceBusy".into() }.into()),
        ] {
            panel.answers(&post, status, &told(4, sub));
            assert_eq!(create(&panel, accounts).await, Err(expected), "{sub}");
        }
        panel.answers(&post, 400, r#"{"statusCode":6,"subStatusCode":"badParameters","errorMsg":"userName"}"#);
        assert!(matches!(create(&panel, accounts).await, Err(AccountError::Call(CallError::Refused { .. }))));
    }
}

#[tokio::test]
async fn an_account_that_is_gone_already_counts_as_taken_off_and_takes_no_password() {
    for (accounts, root) in BOTH {
        let panel = Panel::start(Hashing::TwoSalts).await;
        panel.answers(&format!("DELETE {root}/7?format=json"), 403, &told(4, "userInexistence"));
        panel.answers(&format!("PUT {root}/7?format=json"), 403, &told(4, "userInexistence"));
        let mut client = panel.client();
        let mut session = open(&mut client).await;
        assert_eq!(accounts.delete(&mut session, 7).await, Ok(Deleted::WasGone));
        assert_eq!(accounts.set_password(&mut session, &boris(), &password()).await, Err(AccountError::Gone));
        panel.answers(&format!("PUT {root}/7?format=json"), 400, &told(6, "badParameters"));
        let error = accounts.set_password(&mut session, &boris(), &password()).await.unwrap_err();
        assert_eq!(error.code(), "panel_password_refused");
    }
}

#[tokio::test]
async fn a_write_whose_answer_got_lost_is_not_known_and_not_sent_again() {
    for (accounts, root) in BOTH {
        for reply in
            [Reply::HangsUp, Reply::Answers(200, "<html>ok</html>".into()), Reply::Answers(200, "{\"a\":".repeat(9))]
        {
            let panel = Panel::start(Hashing::TwoSalts).await;
            let post = format!("POST {root}?format=json");
            panel.does(&post, reply);
            assert_eq!(create(&panel, accounts).await.unwrap_err().code(), "panel_account_not_known");
            assert_eq!(panel.times(&post), 1);
        }
    }
}

#[tokio::test]
async fn room_is_told_where_the_panel_tells_it() {
    let panel = Panel::start(Hashing::TwoSalts).await;
    let mut client = panel.client();
    let mut session = open(&mut client).await;
    for (accounts, _) in BOTH {
        assert_eq!(accounts.most_accounts(&mut session).await, Ok(None));
    }
    panel.answers(&format!("GET {CLOUD}/capabilities?format=json"), 200, r#"{"CloudUserManageCap":{"maxUserNum":16}}"#);
    panel.answers(
        &format!("GET {CONFIGURED}/capabilities?format=json"),
        200,
        r#"{"UserCfgCap":{"id":{"@min":1,"@max":13}}}"#,
    );
    assert_eq!(PanelAccounts::CloudUsers.most_accounts(&mut session).await, Ok(Some(16)));
    assert_eq!(PanelAccounts::ConfiguredUsers.most_accounts(&mut session).await, Ok(Some(13)));
}

#[tokio::test]
async fn no_password_shows_in_what_is_written_down_of_an_account() {
    let (password, role) = (password(), PanelRole::InstallerAdmin);
    assert!(!format!("{:?}", new(&password, &role)).contains("Yard"));
}
