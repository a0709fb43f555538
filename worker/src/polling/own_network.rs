//! Looking whether the own network is there, when a device does not answer.
//!
//! The references are asked by one look at a time; the others wait for its answer, and a fresh one does for all.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use siteward_domain::own_network::{NetworkNews, OwnNetwork, Silence};
use tokio::net::TcpStream;
use tokio::sync::Mutex as Turn;
use tokio::task::JoinSet;

/// How long an answer of the references counts: hardly, for the network may go the moment after.
const ANSWER_COUNTS_FOR: Duration = Duration::from_millis(200);
/// How long their silence counts.
const SILENCE_COUNTS_FOR: Duration = Duration::from_secs(1);

/// The own network as the looks of one worker see it.
#[derive(Debug)]
pub(crate) struct Watch {
    /// `host:port`, each.
    references: Vec<String>,
    /// How long one may take.
    longest: Duration,
    state: Mutex<OwnNetwork>,
    asked: Turn<Option<(Instant, bool)>>,
}

impl Watch {
    pub(crate) fn new(references: Vec<String>, longest: Duration) -> Self {
        Self { references, longest, state: Mutex::default(), asked: Turn::new(None) }
    }

    /// Whether the devices at an address say anything of the network: those on this machine do only where references are named,
    /// which is for trials.
    pub(crate) fn counts(&self, host: &str) -> bool {
        let is_loopback = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
        !self.references.is_empty() || !is_loopback
    }

    /// A device answered a look that began at `began`.
    pub(crate) fn heard(
        &self,
        began: DateTime<Utc>,
        now: DateTime<Utc>,
        period: chrono::Duration,
    ) -> Option<NetworkNews> {
        self.state().heard(began, now, period)
    }

    /// A device did not answer a look that began at `began`: what that means.
    pub(crate) async fn unheard(
        &self,
        device: u64,
        began: DateTime<Utc>,
        now: DateTime<Utc>,
        period: chrono::Duration,
    ) -> (Silence, Option<NetworkNews>) {
        let references = !self.state().needs_references(now) || self.ask().await;
        self.state().unheard(device, references, began, now, period)
    }

    fn state(&self) -> std::sync::MutexGuard<'_, OwnNetwork> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether any reference answers; without any, whether there is a way out at all.
    async fn ask(&self) -> bool {
        let mut asked = self.asked.lock().await;
        if let Some((at, answer)) = *asked
            && at.elapsed() < if answer { ANSWER_COUNTS_FOR } else { SILENCE_COUNTS_FOR }
        {
            return answer;
        }
        let answer = if self.references.is_empty() { has_way_out() } else { self.any_answers().await };
        *asked = Some((Instant::now(), answer));
        answer
    }

    async fn any_answers(&self) -> bool {
        let mut asking = JoinSet::new();
        for reference in &self.references {
            let (reference, longest) = (reference.clone(), self.longest);
            asking.spawn(async move {
                let connected = tokio::time::timeout(longest, TcpStream::connect(reference)).await;
                // A refusal is an answer.
                connected.is_ok_and(|ended| match ended {
                    Ok(_) => true,
                    Err(error) => error.kind() == std::io::ErrorKind::ConnectionRefused,
                })
            });
        }
        while let Some(ended) = asking.join_next().await {
            if ended.unwrap_or(false) {
                return true;
            }
        }
        false
    }
}

/// Whether the system has a default route on an interface that is up. Where it does not tell, it is taken to have one.
fn has_way_out() -> bool {
    let (Ok(four), six) = (std::fs::read_to_string("/proc/net/route"), std::fs::read_to_string("/proc/net/ipv6_route"))
    else {
        return true;
    };
    has_default_route(&four, &six.unwrap_or_default())
}

/// Reads the kernel's tables: in that of IPv4 destination and mask of the route are 0, in that of IPv6 destination and its
/// length are, and the interface is not the machine itself.
fn has_default_route(four: &str, six: &str) -> bool {
    let of_four = four.lines().skip(1).any(|line| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let is_zero = |at: usize| columns.get(at).is_some_and(|text| text.chars().all(|c| c == '0'));
        is_zero(1) && is_zero(7)
    });
    let of_six = six.lines().any(|line| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let is_zero = |at: usize| columns.get(at).is_some_and(|text| text.chars().all(|c| c == '0'));
        is_zero(0) && is_zero(1) && columns.last().is_some_and(|interface| *interface != "lo")
    });
    of_four || of_six
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n";

    #[test]
    fn a_default_route_is_read_from_the_kernels_tables() {
        let local = "eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n";
        let default = "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n";
        assert!(has_default_route(&[HEAD, local, default].concat(), ""));
        assert!(!has_default_route(&[HEAD, local].concat(), ""));
        let zero = "0".repeat(32);
        let line = |interface: &str| format!("{zero} 00 {zero} 00 {zero} 00000400 1 0 00000003 {interface}\n");
        assert!(has_default_route(HEAD, &line("eth0")));
        assert!(!has_default_route(HEAD, &line("lo")));
    }
}
