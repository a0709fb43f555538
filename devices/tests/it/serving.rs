//! The cloud service of a device: read, switched on, its code checked.

use std::fs;
use std::path::Path;

use siteward_devices::service::{CodeCheck, ServiceError, check_code, enable, is_ezviz, read, set_code, unbind};
use siteward_devices::{CallError, Limits};
use siteward_domain::VerificationCode;
use siteward_domain::link::BindState;

use crate::fake::PASSWORD;
use crate::played::{Does, Played, ok, refuses, xml};

const PATH: &str = "/ISAPI/System/Network/EZVIZ";
const PLAIN: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<EZVIZ version=\"2.0\" xmlns=\"http://www.isapi.org/ver20/XMLSchema\">\n<enabled>false</enabled>\n<registerStatus>flase</registerStatus>\n<verificationCode></verificationCode>\n<bindStatus>unbind</bindStatus>\n</EZVIZ>";
const FOREIGN: &str = "<h:EZVIZ version=\"1.0\" xmlns:h=\"urn:psialliance-org\">\n <h:enabled>false</h:enabled>\n <h:redirect>true</h:redirect>\n <h:serverAddress><h:hostName>dev.ezvizlife.com</h:hostName></h:serverAddress>\n <x:own xmlns:x=\"urn:selfextension:psiaext-ver10-xsd\">1</x:own>\n</h:EZVIZ>";

async fn device(document: &'static str, ending: fn() -> Does) -> Played {
    Played::start(PASSWORD, move |asked| match asked.method.as_str() {
        _ if !asked.logged_in => Does::WantsLogin,
        "GET" => xml(document),
        _ => ending(),
    })
    .await
}

fn code(text: &str) -> VerificationCode {
    VerificationCode::parse(text).unwrap()
}

#[tokio::test]
async fn the_service_is_switched_on_in_the_devices_own_document() {
    let plain = device(PLAIN, ok).await;
    let mut client = plain.client(PASSWORD, Limits::default());
    assert!(!enable(&mut client, &code("Gate2026")).await.unwrap().needs_reboot);
    let expected =
        PLAIN.replace("<enabled>false", "<enabled>true").replace("<verificationCode>", "<verificationCode>Gate2026");
    assert_eq!(plain.written(PATH), [format!("{expected}\n")]);

    let foreign = device(FOREIGN, || refuses(200, "rebootRequired")).await;
    let mut client = foreign.client(PASSWORD, Limits::default());
    assert!(enable(&mut client, &code("Gate2026")).await.unwrap().needs_reboot);
    let expected = FOREIGN
        .replace("<h:enabled>false", "<h:enabled>true")
        .replace("</h:EZVIZ>", "<h:verificationCode>Gate2026</h:verificationCode></h:EZVIZ>");
    assert_eq!(foreign.written(PATH), [format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{expected}\n")]);
    assert!(is_ezviz(&read(&mut client).await.unwrap().host.unwrap()));
}

#[tokio::test]
async fn a_code_is_set_without_touching_the_switch() {
    let plain = device(PLAIN, ok).await;
    set_code(&mut plain.client(PASSWORD, Limits::default()), &code("Gate2026")).await.unwrap();
    let written = plain.written(PATH).concat();
    assert!(written.contains("<enabled>false</enabled>") && written.contains(">Gate2026<"));
}

#[tokio::test]
async fn a_code_against_the_devices_rule_is_told_apart() {
    for (ending, error) in [
        ((|| refuses(400, "illegalVerificationCode")) as fn() -> Does, ServiceError::CodeRule),
        (|| refuses(400, "invalidEZVIZSecretKey"), ServiceError::CodeRule),
        (|| refuses(403, "lowPrivilege"), ServiceError::Call(CallError::LowPrivilege)),
    ] {
        let played = device(PLAIN, ending).await;
        let ended = enable(&mut played.client(PASSWORD, Limits::default()), &code("SECRET9")).await.unwrap_err();
        assert!(!format!("{ended:?} {ended}").contains("SECRET9"));
        assert_eq!(ended, error);
    }
}

#[tokio::test]
async fn a_code_is_compared_where_the_device_tells_its_own() {
    const TOLD: &str = "<EZVIZ><enabled>true</enabled><registerStatus>true</registerStatus><verificationCode>Gate2026</verificationCode><bindStatus>bind</bindStatus></EZVIZ>";
    let told = device(TOLD, ok).await;
    let mut client = told.client(PASSWORD, Limits::default());
    assert_eq!(check_code(&mut client, &code("Gate2026")).await, Ok(CodeCheck::Right));
    assert_eq!(check_code(&mut client, &code("gate2026")).await, Ok(CodeCheck::Wrong));
    let service = read(&mut client).await.unwrap();
    assert_eq!((service.enabled, service.registered, service.bind), (true, Some(true), BindState::Bound));
    let silent = device(PLAIN, ok).await;
    let checked = check_code(&mut silent.client(PASSWORD, Limits::default()), &code("Gate2026")).await;
    assert_eq!(checked, Ok(CodeCheck::NotTold));
}

#[tokio::test]
async fn a_device_without_the_service_says_so() {
    let without =
        Played::start(PASSWORD, |asked| if asked.logged_in { refuses(403, "notSupport") } else { Does::WantsLogin })
            .await;
    let mut client = without.client(PASSWORD, Limits::default());
    assert_eq!(read(&mut client).await.unwrap_err(), CallError::NotSupported);
    assert_eq!(unbind(&mut client).await, Err(CallError::NotSupported));
    let ended = enable(&mut client, &code("Gate2026")).await.unwrap_err();
    assert_eq!(ended, ServiceError::Call(CallError::NotSupported));
}

#[tokio::test]
async fn unbinding_writes_once() {
    let bound = device(PLAIN, ok).await;
    unbind(&mut bound.client(PASSWORD, Limits::default())).await.unwrap();
    assert_eq!(bound.written("/ISAPI/System/Network/EZVIZ/unbind?format=json"), ["{}"]);
}

#[tokio::test]
async fn captured_documents_of_the_service_are_read_and_changed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/terminal");
    let Ok(document) = fs::read_to_string(folder.join("system-platform-services.01.xml")) else {
        eprintln!("SKIPPED: no captured service document at {}", folder.display());
        return;
    };
    let page: &'static str = Box::leak(document.into_boxed_str());
    let played = device(page, ok).await;
    let mut client = played.client(PASSWORD, Limits::default());
    let service = read(&mut client).await.unwrap();
    assert_eq!((service.enabled, service.registered, service.bind), (false, Some(false), BindState::Free));
    assert_eq!(service.host.as_deref(), Some("litedev.hik-connect.com"));
    assert!(service.code.is_none());
    enable(&mut client, &code("Gate2026")).await.unwrap();
    let expected =
        page.replace("<enabled>false", "<enabled>true").replace("<verificationCode>", "<verificationCode>Gate2026");
    assert_eq!(played.written(PATH).concat().trim_end(), expected);
}
