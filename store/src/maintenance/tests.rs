use chrono::Duration;

use super::*;
use crate::Store;
use crate::testing::{at, company, device, member, on_both, site};

struct Scene {
    company: CompanyId,
    villa: SiteId,
    camera: DeviceId,
    anna: StaffId,
}

fn scene(store: &Store) -> Scene {
    let company = company(store);
    let villa = site(store, &company, "Villa");
    let camera = device(store, &company, &villa, "10.0.0.1", 1);
    let anna = member(store, &company, "anna@example.com");
    Scene { company, villa, camera, anna }
}

impl Scene {
    /// A window of some seconds from `starts` on.
    fn make(&self, store: &Store, device: Option<&DeviceId>, starts: i64, ends: i64, repeats: Repeats) -> NewWindow {
        let new = NewWindow {
            id: MaintenanceWindowId::generate(at(starts)),
            company_id: self.company.clone(),
            site_id: self.villa.clone(),
            device_id: device.cloned(),
            window: Window { starts_at: at(starts), ends_at: at(ends), repeats, ended_at: None },
            note: "New disks".into(),
            created_by: self.anna.clone(),
        };
        store.write(|conn| create_window(conn, &new, at(0))).unwrap();
        new
    }

    fn quiet(&self, store: &Store, seconds: i64) -> Quiet {
        let zone = zone_named("Europe/Warsaw");
        store.read(|conn| quiet(conn, &self.company, &self.villa, zone, at(seconds))).unwrap()
    }
}

#[test]
fn a_window_of_a_site_keeps_all_of_it_quiet_and_one_of_a_device_only_that() {
    on_both(|store| {
        let scene = scene(store);
        let other = device(store, &scene.company, &scene.villa, "10.0.0.2", 2);
        scene.make(store, Some(&scene.camera), 100, 200, Repeats::Once);
        scene.make(store, None, 150, 180, Repeats::Once);
        let until = |seconds, device| scene.quiet(store, seconds).until(device);
        assert_eq!(until(99, Some(&scene.camera)), None);
        assert_eq!(until(100, Some(&scene.camera)), Some(at(200)));
        assert_eq!((until(100, Some(&other)), until(100, None)), (None, None));
        assert_eq!((until(150, Some(&other)), until(150, None)), (Some(at(180)), Some(at(180))));
        assert_eq!(until(150, Some(&scene.camera)), Some(at(200)), "the later end counts");
        assert_eq!(until(200, Some(&scene.camera)), None);
    });
}

#[test]
fn windows_are_listed_until_they_are_over_and_their_spans_stay() {
    on_both(|store| {
        let scene = scene(store);
        let once = scene.make(store, None, 100, 200, Repeats::Once);
        let weekly = scene.make(store, Some(&scene.camera), 50, 80, Repeats::Weekly);
        let list = |seconds| store.read(|conn| list_windows(conn, &scene.company, &scene.villa, at(seconds))).unwrap();
        let first = list(0);
        assert_eq!(first.iter().map(|one| &one.id).collect::<Vec<_>>(), [&weekly.id, &once.id]);
        assert_eq!(first[0].device, Some((scene.camera.clone(), "Camera 10.0.0.1".to_owned())));
        assert_eq!((first[1].note.as_str(), first[1].created_by.as_deref()), ("New disks", Some("Anna")));
        let week = Duration::days(7);
        assert_eq!(list(200).iter().map(|one| one.next).collect::<Vec<_>>(), [(at(50) + week, at(80) + week)]);

        let end = |now| store.write(|conn| end_window(conn, &scene.company, &scene.villa, &weekly.id, now));
        end(at(60) + week).unwrap();
        assert!(matches!(end(at(61) + week), Err(StoreError::NotFound)));
        assert_eq!(list(week.num_seconds() + 61), []);
        let spans = store.read(|conn| spans(conn, &scene.company, &scene.villa, at(60), at(60) + week * 3)).unwrap();
        let span = |device: Option<&DeviceId>, from, to| Span { device: device.cloned(), from, to };
        let camera = Some(&scene.camera);
        assert_eq!(
            spans,
            [span(camera, at(60), at(80)), span(None, at(100), at(200)), span(camera, at(50) + week, at(60) + week)]
        );
    });
}

#[test]
fn a_window_is_of_a_device_of_its_site_and_moves_with_it() {
    on_both(|store| {
        let scene = scene(store);
        let barn = site(store, &scene.company, "Barn");
        let new = scene.make(store, Some(&scene.camera), 100, 200, Repeats::Once);
        let foreign = NewWindow { id: MaintenanceWindowId::generate(at(1)), site_id: barn.clone(), ..new };
        let refused = store.write(|conn| create_window(conn, &foreign, at(0)));
        assert!(matches!(refused, Err(StoreError::NotFound)));
        store.write(|conn| follow_move(conn, &scene.camera, &barn)).unwrap();
        let at_barn = store.read(|conn| list_windows(conn, &scene.company, &barn, at(0))).unwrap();
        assert_eq!(at_barn.len(), 1);
    });
}
