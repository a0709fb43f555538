//! Activation against a device in Python with its own RSA and AES: client and simulator must not agree by sharing a mistake.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use secrecy::SecretString;
use serde_json::Value;
use siteward_devices::activation::{self, Activated, ActivationError};
use siteward_devices::service;
use siteward_devices::{AddressPolicy, DeviceClient, Limits, Login, Target, operations};
use siteward_domain::VerificationCode;
use siteward_domain::device::{DeviceAddress, Scheme};
use siteward_tests::peers;

const POLICY: AddressPolicy = AddressPolicy { allow_loopback: true, allow_private: true };

/// A fresh device; ends with its value.
struct PythonDevice {
    child: Child,
    ready: Value,
}

impl PythonDevice {
    fn start() -> Self {
        let mut child = Command::new(peers::python().unwrap())
            .arg(siteward_tests::root().join("tests/peers/activation_device.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, ready: serde_json::from_str(&line).unwrap() }
    }

    fn address(&self) -> DeviceAddress {
        let port = u16::try_from(self.ready["port"].as_u64().unwrap()).unwrap();
        DeviceAddress { scheme: Scheme::Http, host: self.ready["address"].as_str().unwrap().to_owned(), port }
    }

    fn stranger(&self) -> DeviceClient {
        DeviceClient::without_login(self.address(), Limits::default(), POLICY)
    }

    fn client(&self, password: &str) -> DeviceClient {
        let login = Login { user_name: activation::USER.to_owned(), password: SecretString::from(password) };
        let target = Target { address: self.address(), login, pin: None };
        DeviceClient::new(target, Limits::default(), POLICY)
    }
}

impl Drop for PythonDevice {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn a_device_in_python_is_activated_and_takes_its_service_and_another_password() {
    let device = PythonDevice::start();
    let mut stranger = device.stranger();
    assert!(!activation::is_activated(&mut stranger).await.unwrap());
    let first = SecretString::from("Siteward-2031");
    assert_eq!(activation::activate(&mut stranger, &first).await.unwrap(), Activated { risk_password: false });
    assert!(activation::is_activated(&mut device.stranger()).await.unwrap());
    let again = activation::activate(&mut device.stranger(), &SecretString::from("Other+words77")).await;
    assert!(matches!(again, Err(ActivationError::AlreadyActivated)), "{again:?}");

    let mut client = device.client("Siteward-2031");
    service::enable(&mut client, &VerificationCode::parse("Hill42side").unwrap()).await.unwrap();
    let told = service::read(&mut client).await.unwrap();
    assert!(told.enabled && told.registered == Some(true));

    let second = SecretString::from("Other+words77");
    operations::change_password(&mut client, activation::USER, &second).await.unwrap();
    assert!(service::read(&mut device.client("Siteward-2031")).await.is_err());
    assert!(service::read(&mut device.client("Other+words77")).await.is_ok());
}
