//! A connection to a device, for the platform: its serial and port go in, never an address.

use std::time::Duration;

use siteward_devices::tunnel::{DIAL_MILLISECONDS, MuxStream, Opened, frames};
use siteward_domain::serial::SerialNumber;
use tokio::net::TcpStream;

use crate::piping;
use crate::table::Table;

/// Dials, says how it went, and carries bytes until either end hangs up.
pub(crate) async fn serve(table: &Table, serial: &SerialNumber, port: u16, mut stream: MuxStream) {
    match dial(table, serial, port).await {
        Ok(device) => {
            if frames::write(&mut stream, &Opened::Ok).await.is_ok() {
                let _ = piping::pipe(device, stream).await;
            }
        }
        Err(reason) => {
            let opened = Opened::Error { reason: reason.to_owned() };
            if frames::write(&mut stream, &opened).await.is_ok() {
                let _ = tokio::io::AsyncWriteExt::shutdown(&mut stream).await;
            }
        }
    }
}

async fn dial(table: &Table, serial: &SerialNumber, port: u16) -> Result<TcpStream, &'static str> {
    let address = table.address(serial, port).map_err(crate::table::NotDialled::code)?;
    let connecting = TcpStream::connect(address);
    let connected = tokio::time::timeout(Duration::from_millis(DIAL_MILLISECONDS), connecting).await;
    let device = connected.map_err(|_| "timeout")?.map_err(|error| reason(&error))?;
    // A small request should not wait for the device's delayed acknowledgement.
    let _ = device.set_nodelay(true);
    Ok(device)
}

fn reason(error: &std::io::Error) -> &'static str {
    use std::io::ErrorKind as Kind;
    match error.kind() {
        Kind::ConnectionRefused => "refused",
        Kind::HostUnreachable | Kind::NetworkUnreachable | Kind::NetworkDown | Kind::AddrNotAvailable => "no_route",
        Kind::TimedOut => "timeout",
        Kind::ConnectionReset | Kind::ConnectionAborted => "closed",
        _ => "network",
    }
}
