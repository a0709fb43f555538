//! SADP over UDP: answers inquiries for every device that is up, and carries out commands sent to one of them.
//!
//! One socket for all devices, on loopback; answers go to whoever asked. Real devices answer to the multicast group and
//! all at once; here they come in small bursts, so that a thousand answers fit through an ordinary receive buffer.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::task::{JoinHandle, JoinSet};

use crate::change::{Hostile, Network};
use crate::device::{Device, Now, count, held};
use crate::profile::Profile;
use crate::simulator::Street;

mod commands;
mod description;
mod probe;
use probe::Probe;

const GROUP: Ipv4Addr = Ipv4Addr::new(239, 255, 255, 250);
/// Answers sent without a pause.
const BURST: usize = 20;
/// The pause between two bursts: 1,000 devices take 0.4 s, and a reader may sleep for 30 ms before the usual 208 KiB of
/// a receive buffer are full.
const PAUSE: Duration = Duration::from_millis(6);
/// Inquiries answered at a time; more are left unanswered, as a network that is too busy does.
const AT_ONCE: usize = 16;
const LARGEST: usize = 64 * 1024;

/// Starts hearing at an address and, where the system allows it, as a member of the multicast group on its port.
pub(crate) async fn listen(wanted: SocketAddr, street: &Arc<Street>) -> io::Result<(SocketAddr, Vec<JoinHandle<()>>)> {
    let socket = Arc::new(UdpSocket::bind(wanted).await?);
    let address = socket.local_addr()?;
    let mut tasks = vec![tokio::spawn(hear(Arc::clone(&socket), Arc::clone(&socket), Arc::clone(street)))];
    if let Ok(member) = UdpSocket::bind((GROUP, address.port())).await
        && member.join_multicast_v4(GROUP, Ipv4Addr::LOCALHOST).is_ok()
    {
        tasks.push(tokio::spawn(hear(Arc::new(member), socket, Arc::clone(street))));
    }
    Ok((address, tasks))
}

async fn hear(socket: Arc<UdpSocket>, mouth: Arc<UdpSocket>, street: Arc<Street>) {
    let mut inquiries = JoinSet::new();
    let mut buffer = vec![0; LARGEST];
    loop {
        let Ok((length, from)) = socket.recv_from(&mut buffer).await else { continue };
        while inquiries.try_join_next().is_some() {}
        let Some(probe) = buffer.get(..length).and_then(Probe::parse).filter(|_| from.ip().is_loopback()) else {
            continue;
        };
        if probe.is_inquiry() {
            if inquiries.len() < AT_ONCE {
                inquiries.spawn(answer_inquiry(Arc::clone(&mouth), Arc::clone(&street), probe, from));
            }
        } else if let Some(device) = street.devices.iter().find(|device| probe.is_for(device) && hears(device)) {
            let answer = commands::obey(device, &probe, Now::read());
            let _ = mouth.send_to(answer.as_bytes(), from).await;
        }
    }
}

/// Whether what is sent to it reaches the device, and what it says comes back.
fn hears(device: &Device) -> bool {
    let condition = held(&device.condition);
    condition.is_up() && condition.network != Network::Drop && device.identity.profile != Profile::Router
}

async fn answer_inquiry(mouth: Arc<UdpSocket>, street: Arc<Street>, probe: Probe, from: SocketAddr) {
    let mut sent = 0;
    for device in street.devices.iter().filter(|device| hears(device)) {
        if sent == BURST {
            tokio::time::sleep(PAUSE).await;
            sent = 0;
        }
        count(&device.tallies.inquiries);
        let answer = match device.manners().0 {
            Some(Hostile::Garbage) => rand::random::<[u8; 32]>().repeat(16),
            _ => description::describe(device, &probe, Now::read()).into_bytes(),
        };
        let _ = mouth.send_to(&answer, from).await;
        sent += 1;
    }
}
