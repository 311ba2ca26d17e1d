//! The catalogue as a JavaScript module: types, handlers, methods.

use std::fmt::Write as _;

use callscope_protocol::{Direction, MessageType, Version};
use callscope_sdk::{
    DEFAULT_HANDLER, Handlers, IFRAME_ALLOW, IFRAME_ID, REPORTED_VERSION, WIDGET_METHODS,
};
use serde_json::{Map, Value, json};

/// The messages that the current SDK has a constant for.
fn constants() -> impl Iterator<Item = MessageType> {
    let all = MessageType::ALL.iter().copied();
    all.filter(|kind| kind.spec().exists_in(Version::NEWEST))
}

/// The text of the module.
pub(super) fn script(own_version: &str) -> String {
    let names = |keep: fn(MessageType) -> bool| -> Map<String, Value> {
        constants()
            .filter(|kind| keep(*kind))
            .map(|kind| (kind.name().to_owned(), kind.name().into()))
            .collect()
    };
    let handlers: Map<String, Value> = constants()
        .filter_map(|kind| Some((kind.name().to_owned(), kind.spec().handler?.into())))
        .collect();
    let methods: Vec<Value> = WIDGET_METHODS
        .iter()
        .map(|(name, kind, takes_data)| json!([name, kind.name(), takes_data]))
        .collect();
    // Of all versions, and under the names used in documentation.
    let all_handlers: Map<String, Value> = MessageType::ALL
        .iter()
        .map(|kind| (kind.name().to_owned(), named(kind.name())))
        .filter(|(_, names)| names.as_array().is_some_and(|it| !it.is_empty()))
        .collect();
    let exports: [(&str, Value); 10] = [
        ("VERSION", REPORTED_VERSION.into()),
        ("OWN_VERSION", own_version.into()),
        ("IFRAME_ID", IFRAME_ID.into()),
        ("IFRAME_ALLOW", IFRAME_ALLOW.into()),
        ("messageType", names(|_| true).into()),
        ("thirdPartyToHostEvents", names(is_third_party).into()),
        ("messageHandlerNames", handlers.into()),
        ("HANDLERS", all_handlers.into()),
        ("FAILURE_HANDLERS", json!(Handlers::of("_FAILED").failure)),
        ("METHODS", methods.into()),
    ];
    let mut script = String::new();
    for (name, value) in exports {
        let _ = writeln!(script, "export const {name} = {value};");
    }
    script
}

/// The handlers of a type, except the default one.
fn named(type_name: &str) -> Value {
    let names = Handlers::of(type_name).named;
    let names = names.into_iter().filter(|name| *name != DEFAULT_HANDLER);
    names.collect()
}

/// The original lists `SET_WIDGET_URL` elsewhere, although the widget sends it.
fn is_third_party(kind: MessageType) -> bool {
    kind.spec().direction == Direction::WidgetToHost
        && !matches!(kind, MessageType::SyncAck | MessageType::SetWidgetUrl)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;
    use crate::workspace::Workspace;

    /// Compares with the original's own bundle.
    #[test]
    fn the_constants_are_the_originals() {
        let workspace = Workspace::find().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let js = workspace.root.join("crates/sdk-web/js/constants.js");
        std::fs::copy(js, folder.path().join("constants.js")).unwrap();
        std::fs::write(folder.path().join("catalogue.js"), script("0.0.0")).unwrap();
        std::fs::write(folder.path().join("package.json"), r#"{"type":"module"}"#).unwrap();
        let original = workspace
            .node_modules()
            .join("@hubspot/calling-extensions-sdk/dist/main.js");
        let script = format!(
            "globalThis.self = globalThis;
             const {{ createRequire }} = await import('node:module');
             const assert = await import('node:assert');
             const require = createRequire({folder:?} + '/');
             const theirs = {{ ...require({original:?}).Constants }};
             const ours = {{ ...await import({folder:?} + '/constants.js') }};
             // It was built before its version was raised.
             assert.equal(theirs.VERSION, ours.VERSION + '-beta.0');
             delete theirs.VERSION; delete ours.VERSION;
             assert.deepStrictEqual(ours, theirs);",
            folder = folder.path().display().to_string(),
            original = original.display().to_string(),
        );
        let output = Command::new("node")
            .args(["--input-type=module", "--eval", &script])
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{errors}");
    }
}
