//! Pages whose built-in functions throw or are frozen, and whose elements have the names of a
//! document's own properties.

use callscope_e2e::{Stage, demo, listen_in, make_calls, said_by_extensions};
use serde_json::{Value, json};

/// Elements that shadow what Callscope reads of a document, which scripts of other worlds see as
/// well; and elements with the names of what it keeps on its own window.
const NAMED: &str = r"
    for (const name of ['hidden', 'prerendering', 'wasDiscarded', 'querySelectorAll',
        'documentElement', 'currentScript', 'addEventListener', 'callscope', 'chrome']) {
        const form = Object.assign(document.createElement('form'), { name, id: name });
        for (const inner of ['firstChild', 'runtime', 'resume', 'call']) {
            form.append(Object.assign(document.createElement('input'), { name: inner }));
        }
        document.body.append(form);
    }
    void 0
";

/// Functions that neither the SDK nor the demo needs after the handshake throw; those they need are
/// frozen.
const BROKEN: &str = r"
    (() => {
        const prototypes = [EventTarget, MutationObserver, WeakMap, Storage, TextEncoder,
            Scheduler].map(it => it.prototype);
        for (const owner of [...prototypes, Reflect, Math]) {
            for (const name of Object.getOwnPropertyNames(owner)) {
                const { value } = Object.getOwnPropertyDescriptor(owner, name);
                if (typeof value !== 'function' || name === 'constructor') continue;
                Object.defineProperty(owner, name, { value() { throw new Error(`broken ${name}`); } });
            }
        }
        for (const name of ['MutationObserver', 'chrome', 'queueMicrotask', 'structuredClone']) {
            Object.defineProperty(window, name, { get() { throw new Error(`broken ${name}`); } });
        }
        for (const name of Object.getOwnPropertyNames(window)) {
            const { value } = Object.getOwnPropertyDescriptor(window, name);
            if (typeof value !== 'function') continue;
            Object.freeze(value);
            if (value.prototype) Object.freeze(value.prototype);
        }
        Object.freeze(JSON);
    })()
";

#[test]
fn nothing_is_missing_where_a_page_breaks_its_built_ins() {
    let mut stage = Stage::open(demo().unwrap(), "autodial=off").unwrap();
    // The elements are there before the first message of the next page.
    let source = format!("document.addEventListener('DOMContentLoaded', () => {{ {NAMED} }})");
    let script = json!({ "source": source });
    let host = stage.pages.host.clone();
    host.call("Page.enable", &json!({})).unwrap();
    host.call("Page.addScriptToEvaluateOnNewDocument", &script)
        .unwrap();
    stage.go("autodial=off").unwrap();
    let Stage { panel, pages, .. } = &stage;
    let is_named = "document.hidden instanceof HTMLFormElement
        && document.querySelectorAll instanceof HTMLFormElement
        && callscope instanceof HTMLFormElement";
    pages.widget.evaluate::<()>(NAMED).unwrap();
    for page in [&pages.host, &pages.widget] {
        listen_in(page).unwrap();
        assert!(page.evaluate::<bool>(is_named).unwrap());
        page.evaluate::<()>(BROKEN).unwrap();
    }
    make_calls(pages).unwrap();
    panel.wait_for_same(pages).unwrap();
    assert_eq!(panel.shown().unwrap().trouble, None);
    assert_eq!(panel.lines("gap").unwrap(), [] as [Value; 0]);
    for page in [&pages.host, &pages.widget] {
        assert_eq!(said_by_extensions(page), [] as [Value; 0]);
    }
}
