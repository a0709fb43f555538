//! A connection to a device: TCP to the one address that was checked or a stream of a link, TLS on it
//! where the scheme asks.

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::pin::Pin as Pinned;
use std::task::{Context, Poll};

use siteward_domain::device::{DeviceAddress, Scheme};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use super::{LinkRoute, Way, Wire};
use crate::address_policy::{AddressPolicy, AddressRefused};
use crate::call_error::{CallError, unreachable_because};
use crate::http::{Pin, shake_hands};

/// Plain or TLS, from here or through a link.
pub(crate) enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
    Linked(Box<dyn Wire>),
    LinkedTls(Box<TlsStream<Box<dyn Wire>>>),
}

impl Way {
    /// Connects; over TLS it also gives the certificate shown, which must be the pinned one.
    pub(crate) async fn connect(
        &self,
        address: &DeviceAddress,
        pin: Option<&Pin>,
    ) -> Result<(Stream, Option<Pin>), CallError> {
        match &self.link {
            None => connect_directly(address, self.policy, pin).await,
            Some(route) => connect_through(address, route, pin).await,
        }
    }

    /// Connects and hangs up.
    pub(crate) async fn knock(&self, host: &str, port: u16) -> Result<(), CallError> {
        match &self.link {
            None => dial(host, port, self.policy).await.map(drop),
            Some(route) => route.dialer.dial(&route.serial, port).await.map(drop),
        }
    }
}

/// Resolves, checks and connects.
async fn dial(host: &str, port: u16, policy: AddressPolicy) -> Result<(TcpStream, IpAddr), CallError> {
    let address = policy.resolve(host, port).await.map_err(|refused| match refused {
        AddressRefused::NotResolved => CallError::Unreachable { reason: "dns" },
        refused => CallError::AddressRefused(refused),
    })?;
    let tcp = TcpStream::connect(address).await.map_err(|error| unreachable_because(&error))?;
    Ok((tcp, address.ip()))
}

async fn connect_directly(
    address: &DeviceAddress,
    policy: AddressPolicy,
    pin: Option<&Pin>,
) -> Result<(Stream, Option<Pin>), CallError> {
    let (tcp, ip) = dial(&address.host, address.port, policy).await?;
    // Without this a small request waits for the device's delayed acknowledgement.
    let _ = tcp.set_nodelay(true);
    match address.scheme {
        Scheme::Http => Ok((Stream::Plain(tcp), None)),
        Scheme::Https => {
            let (stream, shown) = shake_hands(tcp, &address.host, ip, pin).await?;
            Ok((Stream::Tls(Box::new(stream)), Some(shown)))
        }
    }
}

async fn connect_through(
    address: &DeviceAddress,
    route: &LinkRoute,
    pin: Option<&Pin>,
) -> Result<(Stream, Option<Pin>), CallError> {
    let wire = route.dialer.dial(&route.serial, address.port).await?;
    match address.scheme {
        Scheme::Http => Ok((Stream::Linked(wire), None)),
        Scheme::Https => {
            let ip = address.host.parse().unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
            let (stream, shown) = shake_hands(wire, &address.host, ip, pin).await?;
            Ok((Stream::LinkedTls(Box::new(stream)), Some(shown)))
        }
    }
}

macro_rules! each {
    ($self:ident, $stream:ident => $what:expr) => {
        match $self.get_mut() {
            Stream::Plain($stream) => $what,
            Stream::Tls($stream) => $what,
            Stream::Linked($stream) => $what,
            Stream::LinkedTls($stream) => $what,
        }
    };
}

impl AsyncRead for Stream {
    fn poll_read(self: Pinned<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        each!(self, stream => Pinned::new(stream).poll_read(cx, buf))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pinned<&mut Self>, cx: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        each!(self, stream => Pinned::new(stream).poll_write(cx, data))
    }

    fn poll_flush(self: Pinned<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        each!(self, stream => Pinned::new(stream).poll_flush(cx))
    }

    fn poll_shutdown(self: Pinned<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        each!(self, stream => Pinned::new(stream).poll_shutdown(cx))
    }
}
