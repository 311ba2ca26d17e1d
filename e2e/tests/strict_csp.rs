//! Pages that forbid foreign and evaluated scripts, and with them WebAssembly in content scripts.

use callscope_e2e::{Pages, Stage, demo, make_calls, open_panel};

#[test]
fn nothing_is_missing_under_a_strict_policy() {
    let demo = demo().unwrap();
    let browser = Stage::browser(&demo).unwrap();
    for policy in ["csp=strict", "csp=strict&widget-csp=strict"] {
        let pages = Pages::open(&browser, &demo, &format!("autodial=off&{policy}")).unwrap();
        pages.wait_for_handshake().unwrap();
        // The policy must be in force, or this test would prove nothing.
        let refused: String = pages
            .host
            .evaluate("WebAssembly.compile(new Uint8Array([0,97,115,109,1,0,0,0])).then(() => 'compiled', error => error.name)")
            .unwrap();
        assert_eq!(refused, "CompileError");

        make_calls(&pages).unwrap();
        let (_devtools, panel) = open_panel(&browser, &pages).unwrap();
        let recorded = panel.wait_for_same(&pages).unwrap();
        assert!(recorded.len() > 20, "{recorded:#?}");
        assert_eq!(panel.lines("gap").unwrap().len(), 0);
    }
}
