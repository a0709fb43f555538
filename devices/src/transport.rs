//! How a device is reached: dialled from here, or through a link that stands in the customer's LAN.
//!
//! Everything above is the same code. Over a link the address policy does not apply: the link itself
//! reaches nothing but what it has found in its own LAN. TLS still ends here, so that the
//! pinned certificate is the device's and the link sees nothing it could change.

mod reaching;

use std::pin::Pin;
use std::sync::Arc;

use siteward_domain::serial::SerialNumber;
use tokio::io::{AsyncRead, AsyncWrite};

use crate::address_policy::AddressPolicy;
use crate::call_error::CallError;

pub(crate) use reaching::Stream;

/// How a device is reached.
#[derive(Clone, Debug)]
pub enum Transport {
    /// From here, where the policy allows the address.
    Direct(AddressPolicy),
    /// Through a link.
    Link(LinkRoute),
}

impl From<AddressPolicy> for Transport {
    fn from(policy: AddressPolicy) -> Self {
        Self::Direct(policy)
    }
}

impl From<&AddressPolicy> for Transport {
    fn from(policy: &AddressPolicy) -> Self {
        Self::Direct(*policy)
    }
}

impl From<LinkRoute> for Transport {
    fn from(route: LinkRoute) -> Self {
        Self::Link(route)
    }
}

impl From<&Transport> for Transport {
    fn from(transport: &Transport) -> Self {
        transport.clone()
    }
}

/// The way to one device behind a link.
#[derive(Clone)]
pub struct LinkRoute {
    /// Which device: the link looks up where it is now.
    pub serial: SerialNumber,
    /// Reaches the link.
    pub dialer: Arc<dyn LinkDialer>,
}

impl std::fmt::Debug for LinkRoute {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("LinkRoute").field("serial", &self.serial).finish_non_exhaustive()
    }
}

/// What [`LinkDialer::dial`] gives.
pub type Dialling<'a> = Pin<Box<dyn Future<Output = Result<Box<dyn Wire>, CallError>> + Send + 'a>>;

/// Opens connections to devices behind one link.
pub trait LinkDialer: Send + Sync {
    /// A connection to a port of a device, as the link has just made it.
    ///
    /// Errors: [`CallError::Unreachable`] with `link_down` where no session of the link can be reached,
    /// and with what the link says: `timeout`, `refused`, `no_route`, `unknown_device`, `port_not_allowed`.
    fn dial<'a>(&'a self, serial: &'a SerialNumber, port: u16) -> Dialling<'a>;
}

/// Bytes both ways.
pub trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}

impl<W: AsyncRead + AsyncWrite + Send + Unpin> Wire for W {}

/// [`Transport`] as a client keeps it: thousands of direct clients lie idle, so the rare way is boxed.
pub(crate) struct Way {
    policy: AddressPolicy,
    link: Option<Box<LinkRoute>>,
}

impl From<Transport> for Way {
    fn from(transport: Transport) -> Self {
        match transport {
            Transport::Direct(policy) => Self { policy, link: None },
            Transport::Link(route) => Self { policy: AddressPolicy::default(), link: Some(Box::new(route)) },
        }
    }
}
