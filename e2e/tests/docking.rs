//! DevTools are docked and undocked while the panel is open.

use callscope_e2e::{Stage, demo, make_calls};

#[test]
fn docking_and_undocking_loses_nothing() {
    let stage = Stage::open(demo().unwrap(), "autodial=off").unwrap();
    let Stage {
        panel,
        devtools,
        pages,
        ..
    } = &stage;
    let mut before = panel.wait_for_same(pages).unwrap();
    for (index, side) in ["right", "bottom", "undocked"].into_iter().enumerate() {
        let now: String = devtools
            .front_end()
            .evaluate(&format!(
                "import('devtools://devtools/bundled/ui/legacy/legacy.js').then(ui => {{
                    const docks = ui.DockController.DockController.instance();
                    docks.setDockSide('{side}');
                    return docks.dockSide();
                }})"
            ))
            .unwrap();
        assert_eq!(now, side);
        // What passes right then is recorded as well, once.
        if index == 0 {
            make_calls(pages).unwrap();
        }
        pages
            .widget
            .evaluate::<()>("void demo.phone.sdk.userUnavailable()")
            .unwrap();
        let after = panel.wait_for_same(pages).unwrap();
        assert!(after.len() > before.len());
        assert_eq!(after[..before.len()], before[..]);
        before = after;
    }
}
