//! A customer's LAN within the test process: simulated devices, and a link that finds them and dials a server.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use secrecy::SecretString;
use serde_json::{Value, json};
use siteward_link::{Config, Discovery, LanPage};
use siteward_simulator::{Simulator, SimulatorSettings};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use crate::client::Client;

/// How long anything here may take.
const LONGEST: Duration = Duration::from_secs(30);

/// Simulated devices that answer SADP on loopback; several links may look at them.
pub struct Lan {
    /// The devices.
    pub simulator: Simulator,
}

/// A link in a LAN, enrolled for a site; it ends when it is dropped.
pub struct Link {
    /// The site.
    pub site: String,
    /// Its id.
    pub id: String,
    /// The token that it got.
    pub token: String,
    /// Where its page is that shows a code, if it serves one.
    pub page: Option<SocketAddr>,
    stop: CancellationToken,
}

impl Drop for Link {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Link {
    /// The code that the page shows now, as somebody in the network reads it.
    pub async fn code(&self) -> Result<String> {
        let place = self.page.context("this link serves a page")?;
        let mut caller = TcpStream::connect(place).await?;
        caller.write_all(format!("GET / HTTP/1.1\r\nHost: {place}\r\n\r\n").as_bytes()).await?;
        let mut page = String::new();
        caller.read_to_string(&mut page).await?;
        let (_, rest) = page.split_once("class=\"code\"").context("the page shows a code")?;
        let shown = rest.split_once('>').and_then(|(_, rest)| rest.split_once('<')).context("the code")?.0;
        Ok(shown.chars().filter(char::is_ascii_digit).collect())
    }
}

impl Lan {
    /// Starts the devices.
    pub async fn start(mut settings: SimulatorSettings) -> Result<Self> {
        settings.sadp = Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
        settings.registration = Duration::from_millis(200);
        Ok(Self { simulator: Simulator::start(settings).await? })
    }

    /// A site of the caller's company with a link in this LAN, that has looked around once.
    pub async fn site(&self, admin: &Client, name: &str) -> Result<Link> {
        let site = admin.post("/sites", &json!({"name": name, "time_zone": "Europe/Berlin"})).await?.ok()?;
        let site = site["id"].as_str().context("a site has an id")?.to_owned();
        let link = self.link(admin, &site).await?;
        self.wait_until_found(admin, &link).await?;
        Ok(link)
    }

    /// The same with a link that serves the page of its network.
    pub async fn site_with_page(&self, admin: &Client, name: &str) -> Result<Link> {
        let site = admin.post("/sites", &json!({"name": name, "time_zone": "Europe/Berlin"})).await?.ok()?;
        let site = site["id"].as_str().context("a site has an id")?.to_owned();
        let place = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?.local_addr()?;
        let link = self.start_link(admin, &site, Some(place)).await?;
        self.wait_until_found(admin, &link).await?;
        wait(|| async { Ok(TcpStream::connect(place).await.is_ok()) }).await.context("the page is served")?;
        Ok(link)
    }

    /// A link of a site in this LAN, enrolled and running.
    pub async fn link(&self, admin: &Client, site: &str) -> Result<Link> {
        self.start_link(admin, site, None).await
    }

    async fn start_link(&self, admin: &Client, site: &str, page: Option<SocketAddr>) -> Result<Link> {
        let (id, token) = enrol(admin, site).await?;
        let discovery = Discovery {
            targets: vec![self.simulator.sadp().context("the simulator answers SADP")?],
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            every_seconds: 1.0,
            wait_seconds: 0.5,
            devices: Vec::new(),
            allow_loopback: true,
        };
        let mut config = Config::new(admin.base(), SecretString::from(token.as_str()), discovery);
        if let Some(place) = page {
            config.lan_page = LanPage { enabled: true, address: place.ip(), port: place.port() };
        }
        let stop = CancellationToken::new();
        tokio::spawn(siteward_link::run(config, stop.clone()));
        Ok(Link { site: site.to_owned(), id, token, page, stop })
    }

    async fn wait_until_found(&self, admin: &Client, link: &Link) -> Result<()> {
        let on = |place: usize| self.simulator.view(place).is_ok_and(|view| view.power);
        let expected = (0..self.simulator.devices().len()).filter(|place| on(*place)).count();
        let path = format!("/sites/{}/found", link.site);
        wait(|| async {
            Ok(admin.get(&path).await?.ok()?["items"].as_array().is_some_and(|all| all.len() >= expected))
        })
        .await
        .context("the link finds its devices")
    }
}

/// Makes a link of a site and takes its code as a box would: the link's id and token.
pub async fn enrol(admin: &Client, site: &str) -> Result<(String, String)> {
    let made = admin.post(&format!("/sites/{site}/links"), &json!({"name": "Box"})).await?.ok()?;
    let body = json!({"code": made["code"], "version": "1.0", "system": "linux test"});
    let enrolled = Client::new(admin.base()).post("/link/enrolment", &body).await?.ok()?;
    let text = |value: &Value| value.as_str().map(str::to_owned).context("a text");
    Ok((text(&enrolled["link_id"])?, text(&enrolled["token"])?))
}

/// Waits until something holds.
pub async fn wait<F: Future<Output = Result<bool>>>(mut holds: impl FnMut() -> F) -> Result<()> {
    let started = Instant::now();
    while !holds().await? {
        if started.elapsed() > LONGEST {
            bail!("it did not come about in time");
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}
