//! When the writer is asked for a sync.

use std::time::Duration;

use super::{RING, live};

#[test]
fn a_sync_is_asked_for_where_it_lets_somebody_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let live = live(dir.path(), 0);
    let first = live.push(&[1; 100]).unwrap().end;
    let last = live.push(&[2; 100]).unwrap().end;
    assert!(!live.presses(0, last, false), "nobody waits");
    assert!(!live.wait_safe(last, Duration::ZERO));
    assert!(
        !live.presses(0, first, true),
        "it would end before the last one"
    );
    assert!(live.presses(0, first, false), "there is no more to be had");
    assert!(live.presses(0, last, true));
    assert!(!live.presses(last, last, false), "it has been asked for");
}

#[test]
fn room_is_made_a_quarter_at_a_time() {
    let dir = tempfile::tempdir().unwrap();
    let live = live(dir.path(), 0);
    let quarter = RING / 8 / 4;
    assert!(!live.presses(0, quarter, true));
    assert!(live.presses(0, quarter + 1, true));
}
