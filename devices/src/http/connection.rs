//! A connection to a device: TCP to the one address that was checked, TLS on it where the scheme asks.

use std::io;
use std::pin::Pin as Pinned;
use std::task::{Context, Poll};

use siteward_domain::device::{DeviceAddress, Scheme};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use super::tls::{self, Pin};
use crate::address_policy::{AddressPolicy, AddressRefused};
use crate::call_error::CallError;

/// Plain or TLS.
pub(super) enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// Resolves, checks and connects; over TLS it also gives the certificate shown, which must be the pinned one.
pub(super) async fn connect(
    address: &DeviceAddress,
    policy: &AddressPolicy,
    pin: Option<&Pin>,
) -> Result<(Stream, Option<Pin>), CallError> {
    let socket_address = policy.resolve(&address.host, address.port).await.map_err(|refused| match refused {
        AddressRefused::NotResolved => CallError::Unreachable { reason: "dns" },
        refused => CallError::AddressRefused(refused),
    })?;
    let tcp = TcpStream::connect(socket_address).await.map_err(|error| unreachable_because(&error))?;
    // Without this a small request waits for the device's delayed acknowledgement.
    let _ = tcp.set_nodelay(true);
    match address.scheme {
        Scheme::Http => Ok((Stream::Plain(tcp), None)),
        Scheme::Https => {
            let (stream, shown) = tls::shake_hands(tcp, &address.host, socket_address.ip(), pin).await?;
            Ok((Stream::Tls(Box::new(stream)), Some(shown)))
        }
    }
}

/// The stable code of an I/O error.
pub(crate) fn unreachable_because(error: &io::Error) -> CallError {
    use io::ErrorKind as Kind;
    let reason = match error.kind() {
        Kind::ConnectionRefused => "refused",
        Kind::HostUnreachable | Kind::NetworkUnreachable | Kind::NetworkDown | Kind::AddrNotAvailable => "no_route",
        Kind::TimedOut => "timeout",
        Kind::ConnectionReset | Kind::ConnectionAborted | Kind::BrokenPipe | Kind::UnexpectedEof => "closed",
        _ => "network",
    };
    CallError::Unreachable { reason }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pinned<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pinned::new(stream).poll_read(cx, buf),
            Self::Tls(stream) => Pinned::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pinned<&mut Self>, cx: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pinned::new(stream).poll_write(cx, data),
            Self::Tls(stream) => Pinned::new(stream).poll_write(cx, data),
        }
    }

    fn poll_flush(self: Pinned<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pinned::new(stream).poll_flush(cx),
            Self::Tls(stream) => Pinned::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pinned<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pinned::new(stream).poll_shutdown(cx),
            Self::Tls(stream) => Pinned::new(stream).poll_shutdown(cx),
        }
    }
}
