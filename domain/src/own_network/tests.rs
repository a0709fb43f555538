use super::*;
use Silence::{IsOfDevice, MeansNothing};

const PERIOD: Duration = Duration::seconds(60);

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
}

fn unheard(network: &mut OwnNetwork, device: u64, references: bool, second: i64) -> (Silence, Option<NetworkNews>) {
    network.unheard(device, references, at(second), at(second + 4), PERIOD)
}

#[test]
fn with_a_reference_that_answers_a_silence_is_of_the_device() {
    let mut network = OwnNetwork::default();
    assert_eq!(unheard(&mut network, 1, true, 0), (IsOfDevice, None));
    assert_eq!(network, OwnNetwork::default());
}

#[test]
fn when_nothing_answers_for_a_period_the_network_is_gone_and_nobody_is_to_blame() {
    let mut network = OwnNetwork::default();
    for second in 0_i64..56 {
        assert_eq!(unheard(&mut network, second.unsigned_abs(), false, second), (MeansNothing, None));
    }
    assert_eq!(unheard(&mut network, 1, false, 56), (MeansNothing, Some(NetworkNews::Lost(at(0)))));
    assert_eq!(unheard(&mut network, 2, false, 90), (MeansNothing, None));
    assert_eq!(network.lost_since(), Some(at(0)));
    assert_eq!(network.heard(at(100), at(101), PERIOD), Some(NetworkNews::Back(at(0))));
    assert_eq!(unheard(&mut network, 3, false, 110), (MeansNothing, None), "it is suspected anew");
}

#[test]
fn a_reference_that_answers_again_is_enough() {
    let mut network = OwnNetwork::default();
    for second in [0_i64, 56] {
        unheard(&mut network, second.unsigned_abs(), false, second);
    }
    let back = Some(NetworkNews::Back(at(0)));
    assert_eq!(unheard(&mut network, 1, true, 100), (MeansNothing, back), "it began before the network was back");
    assert_eq!(unheard(&mut network, 2, true, 103), (MeansNothing, None), "and so did this");
    assert_eq!(unheard(&mut network, 1, true, 105), (IsOfDevice, None));
}

#[test]
fn references_that_do_not_answer_for_a_period_while_devices_do_are_not_believed() {
    let mut network = OwnNetwork::default();
    let heard = |network: &mut OwnNetwork, second| network.heard(at(second), at(second + 1), PERIOD);
    assert_eq!(unheard(&mut network, 1, false, 0), (MeansNothing, None));
    assert_eq!(heard(&mut network, 3), None);
    assert_eq!(unheard(&mut network, 2, false, 5), (MeansNothing, None), "that look had begun before they failed");
    assert_eq!(heard(&mut network, 10), None);
    assert_eq!(unheard(&mut network, 1, false, 60), (MeansNothing, None), "they may have failed for a moment only");
    assert_eq!(heard(&mut network, 70), None);
    assert_eq!(unheard(&mut network, 1, false, 120), (IsOfDevice, None), "they fail, and devices answer");
    assert_eq!(unheard(&mut network, 1, false, 700), (MeansNothing, None), "later they are asked again");
}

#[test]
fn a_moment_without_references_long_ago_does_not_count() {
    let mut network = OwnNetwork::default();
    assert_eq!(unheard(&mut network, 1, false, 0), (MeansNothing, None));
    assert_eq!(network.heard(at(10), at(11), PERIOD), None);
    assert_eq!(unheard(&mut network, 1, false, 9000), (MeansNothing, None));
    assert_eq!(network.heard(at(9010), at(9011), PERIOD), None);
    assert_eq!(unheard(&mut network, 1, false, 9020), (MeansNothing, None), "they are believed all the same");
}

#[test]
fn one_device_alone_does_not_tell() {
    let mut network = OwnNetwork::default();
    assert_eq!(unheard(&mut network, 1, false, 0), (MeansNothing, None));
    assert_eq!(unheard(&mut network, 1, false, 60), (MeansNothing, None));
    assert_eq!(unheard(&mut network, 1, false, 120), (IsOfDevice, None));
}
