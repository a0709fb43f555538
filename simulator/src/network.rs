//! Sockets: who listens where, who takes a connection, and what becomes of it before a request is read.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use crate::change::{Hostile, Network};
use crate::connection::{HANDSHAKE, Open, serve};
use crate::device::{Device, count, held};
use crate::hostile;
use crate::profile::Profile;

/// Listens at a device's own address and starts taking connections.
pub(crate) fn switch_on(device: &Arc<Device>, listener: std::net::TcpListener) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    let taker = Arc::clone(device);
    let task = tokio::spawn(async move {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => take(&taker, stream),
                Err(_) => pause().await,
            }
        }
    });
    *held(&device.accepting) = Some(task);
    Ok(())
}

/// Listens again at wherever the device is now.
pub(crate) fn switch_on_again(device: &Arc<Device>) -> io::Result<()> {
    let listener = bound_again(device)?.listen(1024)?.into_std()?;
    switch_on(device, listener)
}

/// A socket at a device's place: the one that kept its port free, or a new one where it moved meanwhile.
fn bound_again(device: &Device) -> io::Result<TcpSocket> {
    let address = SocketAddr::from((device.address(), device.port));
    let kept = held(&device.keeping).take();
    match kept.filter(|socket| socket.local_addr().is_ok_and(|kept| kept == address)) {
        Some(socket) => Ok(socket),
        None => bound(address),
    }
}

fn bound(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

/// Takes the device away for as long as a reboot takes, and brings it back if nobody has switched it off meanwhile.
pub(crate) fn reboot(device: &Arc<Device>) {
    count(&device.tallies.reboots);
    let away = Arc::clone(device);
    let task = tokio::spawn(async move {
        // Its answer to whoever asked for this goes out first.
        tokio::time::sleep(Duration::from_millis(20)).await;
        held(&away.condition).rebooting = true;
        switch_off(&away).await;
        disconnect(&away);
        tokio::time::sleep(away.limits.reboot).await;
        crate::upgrade::restarted(&away);
        held(&away.setup).rebooted = Some(tokio::time::Instant::now());
        if let Some(panel) = &away.panel {
            held(panel).sessions.close_all();
        }
        away.forget_documents();
        let power = {
            let mut condition = held(&away.condition);
            condition.rebooting = false;
            condition.power
        };
        if power && away.limits.own_listeners && held(&away.condition).is_up() {
            for _ in 0..50 {
                if switch_on_again(&away).is_ok() {
                    break;
                }
                pause().await;
            }
        }
    });
    if let Some(before) = held(&device.rebooting).replace(task) {
        before.abort();
    }
}

/// Stops listening; when this returns the port refuses connections. It is kept, so that nobody else gets it meanwhile.
pub(crate) async fn switch_off(device: &Device) {
    let task = held(&device.accepting).take();
    if let Some(task) = task {
        task.abort();
        let _ = task.await;
        *held(&device.keeping) = bound(SocketAddr::from((device.address(), device.port))).ok();
    }
}

/// A listener whose queue is full: the system leaves every further connection without any answer, as it is with a
/// machine that is off.
pub(crate) struct Swallowing {
    _listener: tokio::net::TcpListener,
    _filling: Vec<TcpStream>,
}

/// From now on nothing answers at a device's address, not even with a refusal.
pub(crate) async fn swallow(device: &Device) -> io::Result<()> {
    if held(&device.swallowing).is_some() {
        return Ok(());
    }
    let address = SocketAddr::from((device.address(), device.port));
    let listener = bound_again(device)?.listen(0)?;
    let mut filling = Vec::new();
    // A queue of no length takes one; the second finds it full and is the proof.
    for _ in 0..8 {
        match tokio::time::timeout(Duration::from_millis(5), TcpStream::connect(address)).await {
            Ok(Ok(stream)) => filling.push(stream),
            _ => break,
        }
    }
    *held(&device.swallowing) = Some(Swallowing { _listener: listener, _filling: filling });
    Ok(())
}

/// The port refuses again.
pub(crate) fn spit_out(device: &Device) {
    if held(&device.swallowing).take().is_some() {
        *held(&device.keeping) = bound(SocketAddr::from((device.address(), device.port))).ok();
    }
}

/// Ends every open connection.
pub(crate) fn disconnect(device: &Device) {
    held(&device.connections).abort_all();
}

/// One listener for every device: the local address of a connection says whose it is.
pub(crate) fn listen_for_all(
    listener: std::net::TcpListener,
    first: Ipv4Addr,
    devices: Vec<Arc<Device>>,
) -> io::Result<JoinHandle<()>> {
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    Ok(tokio::spawn(async move {
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => match device_at(&stream, peer, first, &devices) {
                    Some(device) => take(device, stream),
                    None => reset(stream),
                },
                Err(_) => pause().await,
            }
        }
    }))
}

/// The device at the connection's local address; nobody but this machine is served.
fn device_at<'a>(
    stream: &TcpStream,
    peer: SocketAddr,
    first: Ipv4Addr,
    devices: &'a [Arc<Device>],
) -> Option<&'a Arc<Device>> {
    let Ok(SocketAddr::V4(local)) = stream.local_addr() else { return None };
    if !peer.ip().is_loopback() || !local.ip().is_loopback() {
        return None;
    }
    let at_home = u32::from(*local.ip()).checked_sub(u32::from(first)).and_then(|index| devices.get(index as usize));
    let here = |device: &&Arc<Device>| device.address() == *local.ip();
    // Only a device that moved is looked for.
    let device = at_home.filter(here).or_else(|| devices.iter().find(here));
    device.filter(|device| held(&device.condition).is_up())
}

fn take(device: &Arc<Device>, stream: TcpStream) {
    let network = held(&device.condition).network;
    if network == Network::Reset {
        return reset(stream);
    }
    let Some(open) = Open::claim(device) else {
        count(&device.tallies.connections_refused);
        return reset(stream);
    };
    count(&device.tallies.connections);
    if device.identity.profile == Profile::Router {
        return drop((stream, open));
    }
    let _ = stream.set_nodelay(true);
    let mut connections = held(&device.connections);
    while connections.try_join_next().is_some() {}
    let device = Arc::clone(device);
    // Boxed: a connection that only waits should not hold room for a handshake.
    match (network, &device.certificate) {
        (Network::Drop, _) => drop(connections.spawn(silence(stream, open, device.limits.idle_timeout))),
        (_, None) => drop(connections.spawn(serve_plain(stream, open, Arc::clone(&device)))),
        (_, Some(_)) => drop(connections.spawn(Box::pin(serve_tls(stream, open, Arc::clone(&device))))),
    }
}

async fn serve_plain(stream: TcpStream, open: Open, device: Arc<Device>) {
    serve(stream, device).await;
    drop(open);
}

async fn serve_tls(mut stream: TcpStream, open: Open, device: Arc<Device>) {
    if device.manners().0 == Some(Hostile::BrokenTls) {
        let _ = hostile::broken_tls(&mut stream).await;
        return;
    }
    let Some(config) = device.certificate.as_ref().map(|certificate| Arc::clone(&held(certificate).config)) else {
        return;
    };
    if let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, TlsAcceptor::from(config).accept(stream)).await {
        serve(stream, device).await;
    }
    drop(open);
}

/// Takes the connection and says nothing, as behind a firewall that swallows.
async fn silence(stream: TcpStream, open: Open, at_least: Duration) {
    tokio::time::sleep(at_least.max(Duration::from_secs(600))).await;
    drop((stream, open));
}

fn reset(stream: TcpStream) {
    let _ = stream.set_zero_linger();
    drop(stream);
}

/// Out of files: others may end.
async fn pause() {
    tokio::time::sleep(Duration::from_millis(20)).await;
}

/// A port that is free on every address, and the listeners on it; one listener on all addresses if `shared`.
pub(crate) fn bind_all(
    first: Ipv4Addr,
    count: usize,
    port: u16,
    shared: bool,
) -> io::Result<(u16, Vec<std::net::TcpListener>)> {
    let mut refused = None;
    for _ in 0..if port == 0 { 20 } else { 1 } {
        match bind_on_one_port(first, count, port, shared) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => refused = Some(error),
            other => return other,
        }
    }
    Err(refused.unwrap_or_else(|| io::ErrorKind::AddrInUse.into()))
}

fn bind_on_one_port(
    first: Ipv4Addr,
    count: usize,
    port: u16,
    shared: bool,
) -> io::Result<(u16, Vec<std::net::TcpListener>)> {
    if shared {
        let listener = std::net::TcpListener::bind((Ipv4Addr::UNSPECIFIED, port))?;
        return Ok((listener.local_addr()?.port(), vec![listener]));
    }
    let mut listeners: Vec<std::net::TcpListener> = Vec::with_capacity(count);
    let mut chosen = port;
    for address in addresses(first, count) {
        let listener = std::net::TcpListener::bind((address, chosen))?;
        chosen = listener.local_addr()?.port();
        listeners.push(listener);
    }
    Ok((chosen, listeners))
}

/// The addresses of `count` devices.
pub(crate) fn addresses(first: Ipv4Addr, count: usize) -> impl Iterator<Item = Ipv4Addr> {
    (u32::from(first)..=u32::from(Ipv4Addr::new(127, 255, 255, 254))).map(Ipv4Addr::from).take(count)
}

/// Whether `count` devices fit between `first` and the end of the loopback network.
pub(crate) fn fits(first: Ipv4Addr, count: usize) -> bool {
    IpAddr::from(first).is_loopback() && addresses(first, count).count() == count
}
