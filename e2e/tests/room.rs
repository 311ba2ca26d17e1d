//! Nothing in the panel is cut off, covered or out of reach in a real DevTools window, with the
//! browser's own fonts, at any zoom. The panel's own tests cover more sizes and more data.

use callscope_e2e::{Room, Stage, demo, play};

#[test]
fn there_is_room_for_every_view() {
    let stage = Stage::open(demo().unwrap(), "").unwrap();
    play(&stage.pages, &stage.panel, |_| {}).unwrap();
    let room = Room::new(&stage.devtools, &stage.panel);
    let mut found = Vec::new();
    for (width, height, zoom) in [
        (300, 180, 1.0),
        (300, 640, 1.25),
        (800, 300, 2.0),
        (1280, 800, 1.0),
    ] {
        room.give(width, height, zoom).unwrap();
        for view in room.views().unwrap() {
            room.show(&view).unwrap();
            for problem in room.problems().unwrap() {
                found.push(format!("{view}, {width}×{height} at {zoom}: {problem}"));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
