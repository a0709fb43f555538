//! How much of something costly there is at once: for one person, of one device, and in this process. It waits for nobody, whoever finds no
//! place is told to come again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use siteward_domain::DeviceId;

use crate::error::{ApiError, codes};

/// How many places there are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Room {
    /// For one person.
    pub(crate) of_person: usize,
    /// Of one device.
    pub(crate) of_device: usize,
    /// In all.
    pub(crate) in_all: usize,
    /// Whoever finds none is told to come again after so many seconds.
    pub(crate) come_again: u64,
}

/// The places that are taken. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Places {
    room: Room,
    taken: Arc<Mutex<HashMap<String, usize>>>,
}

/// A place, until it is dropped.
pub(crate) struct Place {
    places: Places,
    names: [String; 3],
}

impl Places {
    /// So many, all free.
    pub(crate) fn new(room: Room) -> Self {
        Self { room, taken: Arc::default() }
    }

    /// Takes a place, where there is one.
    pub(crate) fn take(&self, person: &str, device: &DeviceId) -> Result<Place, ApiError> {
        let names = [format!("person {person}"), format!("device {device}"), "all".to_owned()];
        let mut taken = self.held();
        let is_full = names
            .iter()
            .zip([self.room.of_person, self.room.of_device, self.room.in_all])
            .any(|(name, most)| taken.get(name).is_some_and(|places| *places >= most));
        if is_full {
            return Err(ApiError::new(codes::TOO_MANY_REQUESTS).retry_after(self.room.come_again));
        }
        for name in &names {
            *taken.entry(name.clone()).or_default() += 1;
        }
        drop(taken);
        Ok(Place { places: self.clone(), names })
    }

    fn held(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.held();
        for name in &self.names {
            if let Some(places) = taken.get_mut(name) {
                *places -= 1;
                if *places == 0 {
                    taken.remove(name);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_bounded_by_person_by_device_and_in_all_and_given_back() {
        let places = Places::new(Room { of_person: 2, of_device: 2, in_all: 4, come_again: 10 });
        let device = || DeviceId::generate(chrono::DateTime::UNIX_EPOCH);
        let (one, other) = (device(), device());
        let first = places.take("eva", &one).unwrap();
        let _second = places.take("eva", &other).unwrap();
        let refused = places.take("eva", &device()).err().unwrap();
        assert_eq!(refused.retry_after_seconds(), Some(10), "a third of the same person");
        let _third = places.take("ada", &one).unwrap();
        assert!(places.take("ida", &one).is_err(), "a third of the same device");
        let _fourth = places.take("ida", &other).unwrap();
        assert!(places.take("eve", &device()).is_err(), "a fifth in all");
        drop(first);
        assert!(places.take("ida", &one).is_ok());
    }
}
