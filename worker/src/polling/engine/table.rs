//! The engine's devices, each in a slot; while one is looked at, its slot waits for it to come back.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use siteward_domain::DeviceId;

use crate::polling::breaker::Breaker;
use crate::polling::device::Watched;
use crate::polling::schedule::Slot;

/// The devices by slot and by id.
#[derive(Debug, Default)]
pub(super) struct Table {
    seats: Vec<Seat>,
    by_id: HashMap<DeviceId, Slot>,
    free: Vec<Slot>,
    connected: usize,
}

#[derive(Debug, Default)]
struct Seat {
    /// Counts the devices that sat here, so that a look that comes back late finds its seat taken.
    version: u32,
    device: Option<Box<Watched>>,
    /// A newer reading of the device that is being looked at.
    newer: Option<Box<Watched>>,
    bucket: u16,
    due: DateTime<Utc>,
    /// Whether it counts as holding a connection, also while it is being looked at.
    connected: bool,
}

impl Seat {
    /// Notes whether the device holds a connection and keeps the count of those that do.
    fn set_connected(&mut self, connected: bool, count: &mut usize) {
        match (self.connected, connected) {
            (false, true) => *count += 1,
            (true, false) => *count = count.saturating_sub(1),
            _ => {}
        }
        self.connected = connected;
    }
}

/// What became of a device that was put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Placed {
    /// It is new here.
    New(Slot),
    /// It took the place of an older reading of itself.
    Replaced {
        /// Its slot.
        slot: Slot,
        /// It has a new address or credential, is watched again, or a person asked.
        look_now: bool,
    },
    /// It is being looked at; the new reading counts when it is back.
    Later,
}

impl Table {
    /// Puts in a device, or a newer reading of one.
    pub(super) fn place(&mut self, device: Box<Watched>) -> Placed {
        if let Some(&slot) = self.by_id.get(&device.id)
            && let Some(seat) = self.seats.get_mut(slot as usize)
        {
            let Some(old) = &mut seat.device else {
                seat.newer = Some(device);
                return Placed::Later;
            };
            let is_watched_again = old.is_too_old && !device.is_too_old;
            let asked_for = device.check_requested_at > old.check_requested_at;
            let look_now = asked_for || is_watched_again || !is_same_target(old, &device);
            seat.device = Some(succeed(old, device));
            seat.set_connected(false, &mut self.connected);
            return Placed::Replaced { slot, look_now };
        }
        let slot = self.free.pop().unwrap_or_else(|| {
            self.seats.push(Seat::default());
            Slot::try_from(self.seats.len() - 1).unwrap_or(Slot::MAX)
        });
        if let Some(seat) = self.seats.get_mut(slot as usize) {
            self.by_id.insert(device.id.clone(), slot);
            seat.bucket = device.bucket;
            seat.device = Some(device);
        }
        Placed::New(slot)
    }

    /// Takes a device out for good; a look under way will find its seat taken.
    pub(super) fn remove(&mut self, id: &DeviceId) -> Option<(Slot, Option<Box<Watched>>)> {
        let slot = self.by_id.remove(id)?;
        let seat = self.seats.get_mut(slot as usize)?;
        let device = seat.device.take();
        seat.set_connected(false, &mut self.connected);
        *seat = Seat { version: seat.version.wrapping_add(1), ..Seat::default() };
        self.free.push(slot);
        Some((slot, device))
    }

    /// The ids of the devices in buckets that are not in `held`.
    pub(super) fn outside(&self, held: &[u16]) -> Vec<DeviceId> {
        let is_outside =
            |slot: &Slot| self.seats.get(*slot as usize).is_some_and(|seat| held.binary_search(&seat.bucket).is_err());
        self.by_id.iter().filter(|(_, slot)| is_outside(slot)).map(|(id, _)| id.clone()).collect()
    }

    /// The slot of a device.
    pub(super) fn slot_of(&self, id: &DeviceId) -> Option<Slot> {
        self.by_id.get(id).copied()
    }

    /// The device in a slot, unless it is being looked at.
    pub(super) fn at_home(&mut self, slot: Slot) -> Option<&mut Watched> {
        self.seats.get_mut(slot as usize)?.device.as_deref_mut()
    }

    /// Hands a device out for a look, with the version to bring it back with.
    pub(super) fn lend(&mut self, slot: Slot) -> Option<(u32, Box<Watched>)> {
        let seat = self.seats.get_mut(slot as usize)?;
        Some((seat.version, seat.device.take()?))
    }

    /// Takes a device back, with its connection unless `most_connected` others keep theirs. `None`: its seat is taken.
    ///
    /// Not the longest unused connection is closed but the one too many: devices come round in turn, so the longest
    /// unused is the one that is needed next.
    pub(super) fn give_back(
        &mut self,
        slot: Slot,
        version: u32,
        mut device: Box<Watched>,
        most_connected: usize,
    ) -> Option<Back> {
        let seat = self.seats.get_mut(slot as usize).filter(|seat| seat.version == version)?;
        if !seat.connected && self.connected >= most_connected {
            device.client = None;
        }
        let newer = seat.newer.take();
        let back = match &newer {
            Some(newer) if newer.check_requested_at > device.check_requested_at => Back::LookAgain,
            Some(newer) if !is_same_target(&device, newer) || newer.is_too_old != device.is_too_old => Back::Superseded,
            _ => Back::Home,
        };
        let device = match newer {
            Some(newer) => succeed(&device, newer),
            None => device,
        };
        seat.set_connected(device.client.is_some(), &mut self.connected);
        seat.device = Some(device);
        Some(back)
    }

    /// Notes when a look is due, for telling how late it was.
    pub(super) fn set_due(&mut self, slot: Slot, due: DateTime<Utc>) {
        if let Some(seat) = self.seats.get_mut(slot as usize) {
            seat.due = due;
        }
    }

    /// When the look was due.
    pub(super) fn due(&self, slot: Slot) -> Option<DateTime<Utc>> {
        self.seats.get(slot as usize).map(|seat| seat.due)
    }

    /// How many connections are kept.
    pub(super) fn connected(&self) -> usize {
        self.connected
    }

    /// How many devices there are.
    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Every device at home.
    pub(super) fn all_at_home(&mut self) -> impl Iterator<Item = (Slot, &mut Watched)> {
        let slots = (0..).zip(&mut self.seats);
        slots.filter_map(|(slot, seat)| Some((slot, seat.device.as_deref_mut()?)))
    }
}

/// How a device came back from a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Back {
    /// As it went.
    Home,
    /// A person asked for a look meanwhile: what was found counts, and it is looked at once more.
    LookAgain,
    /// Its address or credential changed meanwhile, or whether it is watched: what was found is of before and does not count.
    Superseded,
}

/// Whether a newer reading dials the same place in the same way. One without a pin was read before the pin was written.
fn is_same_target(old: &Watched, new: &Watched) -> bool {
    let same_pin = new.pin.is_none() || new.pin == old.pin;
    let same_way = old.address == new.address && old.behind == new.behind;
    same_way && old.credential_version == new.credential_version && same_pin
}

/// A newer reading takes over what the older one knew of the running state. What the old one knew of address and
/// credential goes with them: the breaker closes for a new credential or a person, and for nothing else. One that somebody else
/// opened, who met the refusal beside the polling, counts here too.
fn succeed(old: &Watched, mut new: Box<Watched>) -> Box<Watched> {
    let asked_for = new.check_requested_at > old.check_requested_at;
    let stands_here = old.breaker != Breaker::Closed;
    if old.credential_version == new.credential_version && !asked_for && stands_here {
        new.breaker = old.breaker;
    }
    if new.is_too_old != old.is_too_old {
        // What was known went or came with being watched: it stands in the database, and was just read.
        new.uptime = old.uptime;
        new.last_look = None;
        return new;
    }
    new.health = old.health;
    new.open = old.open_with(&new);
    new.flapping.clone_from(&old.flapping);
    new.ended.clone_from(&old.ended);
    new.told.clone_from(&old.told);
    new.unanswered = old.unanswered;
    new.lane = old.lane;
    new.last_look = old.last_look;
    new.measured = old.measured;
    new.prints = old.prints;
    new.status.clone_from(&old.status);
    new.uptime = old.uptime;
    if is_same_target(old, &new) {
        new.known = old.known;
        // What was just read may not be written down yet.
        new.vulnerable = old.vulnerable.or(new.vulnerable);
        new.pin.clone_from(&old.pin);
    }
    new
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::polling::device::tests::{at, device};
    use siteward_domain::health::DeviceHealth;

    const REFUSED: Breaker = Breaker::Refused { tries_left: None };

    fn newer(old: &Watched) -> Box<Watched> {
        Box::new(Watched { id: old.id.clone(), ..device(1) })
    }

    #[test]
    fn a_device_deleted_during_its_look_does_not_come_back() {
        let mut table = Table::default();
        let id = device(1).id;
        let Placed::New(slot) = table.place(Box::new(Watched { id: id.clone(), ..device(1) })) else { panic!() };
        let (version, lent) = table.lend(slot).unwrap();
        assert!(table.remove(&id).is_some_and(|(_, device)| device.is_none()));
        table.place(Box::new(device(2)));
        assert_eq!(table.give_back(slot, version, lent, 9), None);
        assert_eq!(table.len(), 1);
    }

    #[test]
    fn renaming_a_device_does_not_close_its_breaker_but_a_new_credential_or_a_person_does() {
        let mut table = Table::default();
        let Placed::New(slot) = table.place(Box::new(Watched { breaker: REFUSED, ..device(1) })) else { panic!() };
        let renamed = newer(table.at_home(slot).unwrap());
        assert_eq!(table.place(renamed), Placed::Replaced { slot, look_now: false });
        assert_eq!(table.at_home(slot).unwrap().breaker, REFUSED);
        let mut asked = newer(table.at_home(slot).unwrap());
        asked.check_requested_at = Some(at(5));
        table.place(asked);
        assert_eq!(table.at_home(slot).unwrap().breaker, Breaker::Closed);
        table.at_home(slot).unwrap().breaker = REFUSED;
        let mut changed = newer(table.at_home(slot).unwrap());
        (changed.credential_version, changed.check_requested_at) = (2, Some(at(5)));
        table.place(changed);
        assert_eq!(table.at_home(slot).unwrap().breaker, Breaker::Closed);
    }

    #[test]
    fn a_refusal_that_somebody_else_met_opens_the_breaker_here_too() {
        let mut table = Table::default();
        let Placed::New(slot) = table.place(Box::new(device(1))) else { panic!() };
        let mut refused = newer(table.at_home(slot).unwrap());
        refused.breaker = REFUSED;
        table.place(refused);
        assert_eq!(table.at_home(slot).unwrap().breaker, REFUSED);
    }

    #[test]
    fn a_device_that_is_watched_again_is_looked_at_now_and_brings_nothing_of_before() {
        let mut table = Table::default();
        let too_old = Watched { is_too_old: true, ..device(1) };
        let Placed::New(slot) = table.place(Box::new(too_old)) else { panic!() };
        let (version, lent) = table.lend(slot).unwrap();
        assert_eq!(table.place(newer(&lent)), Placed::Later);
        assert_eq!(table.give_back(slot, version, lent, 9), Some(Back::Superseded));
        let watched = table.at_home(slot).unwrap();
        assert!(!watched.is_too_old);
        (watched.health, watched.last_look) = (DeviceHealth::Healthy, Some((at(1), true)));
        let mut older = newer(watched);
        older.is_too_old = true;
        assert_eq!(table.place(older), Placed::Replaced { slot, look_now: false });
        let left = table.at_home(slot).unwrap();
        assert_eq!((left.health, left.last_look), (DeviceHealth::Unknown, None));
        let again = newer(left);
        assert_eq!(table.place(again), Placed::Replaced { slot, look_now: true });
    }

    #[test]
    fn what_was_found_with_an_old_credential_does_not_count() {
        let mut table = Table::default();
        let Placed::New(slot) = table.place(Box::new(device(1))) else { panic!() };
        let (version, mut lent) = table.lend(slot).unwrap();
        let mut changed = newer(&lent);
        changed.credential_version = 2;
        assert_eq!(table.place(changed), Placed::Later);
        lent.breaker = REFUSED;
        assert_eq!(table.give_back(slot, version, lent, 9), Some(Back::Superseded));
        assert_eq!(table.at_home(slot).unwrap().breaker, Breaker::Closed);
    }
}
