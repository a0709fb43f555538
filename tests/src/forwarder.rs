//! The line between a customer's LAN and the platform: carries bytes, can be frozen as a dead router freezes it, and can
//! lead to another server as a moved address does.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A line on a loopback port; it ends when it is dropped.
pub struct Forwarder {
    address: SocketAddr,
    target: Arc<Mutex<SocketAddr>>,
    frozen: watch::Sender<bool>,
    serving: JoinHandle<()>,
}

impl Forwarder {
    /// Opens a line to `target`.
    pub async fn open(target: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (frozen, is_frozen) = watch::channel(false);
        let target = Arc::new(Mutex::new(target));
        let serving = tokio::spawn(serve(listener, Arc::clone(&target), is_frozen));
        Ok(Self { address, target, frozen, serving })
    }

    /// Where it begins, as a server's address.
    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// New connections go there from now on.
    pub fn lead_to(&self, target: SocketAddr) {
        *self.target.lock().unwrap_or_else(PoisonError::into_inner) = target;
    }

    /// Nothing passes any more, not even the end of a connection; or it does again.
    pub fn freeze(&self, frozen: bool) {
        self.frozen.send_replace(frozen);
    }
}

impl Drop for Forwarder {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(listener: TcpListener, target: Arc<Mutex<SocketAddr>>, frozen: watch::Receiver<bool>) {
    let mut lines = tokio::task::JoinSet::new();
    loop {
        let Ok((near, _)) = listener.accept().await else { continue };
        let (target, frozen) = (*target.lock().unwrap_or_else(PoisonError::into_inner), frozen.clone());
        lines.spawn(async move {
            let _ = carry(near, target, frozen).await;
        });
        while lines.try_join_next().is_some() {}
    }
}

async fn carry(near: TcpStream, target: SocketAddr, mut frozen: watch::Receiver<bool>) -> io::Result<()> {
    passes(&mut frozen).await;
    let far = TcpStream::connect(target).await?;
    near.set_nodelay(true)?;
    far.set_nodelay(true)?;
    let ((near_read, near_write), (far_read, far_write)) = (near.into_split(), far.into_split());
    // Whichever way ends first ends both, as when a process died.
    tokio::select! {
        ended = one_way(near_read, far_write, frozen.clone()) => ended,
        ended = one_way(far_read, near_write, frozen) => ended,
    }
}

async fn one_way(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut frozen: watch::Receiver<bool>) -> io::Result<()> {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let read = from.read(&mut buffer).await;
        passes(&mut frozen).await;
        match read? {
            0 => return Ok(()),
            length => to.write_all(buffer.get(..length).unwrap_or_default()).await?,
        }
    }
}

/// Waits while the line is frozen.
async fn passes(frozen: &mut watch::Receiver<bool>) {
    if frozen.wait_for(|frozen| !frozen).await.is_err() {
        std::future::pending::<()>().await;
    }
}
