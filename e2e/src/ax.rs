//! The panel as a screen reader sees it, in Chromium's own accessibility tree.

use callscope_browser::{BrowserError, Target};
use serde::Deserialize;
use serde_json::{Value, json};

/// A node of the tree that is not ignored and has a name or a value, or is a text field.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// `button`, `tab`, `row`, `textbox`, `StaticText`, ….
    pub role: String,
    /// Its name.
    pub label: String,
    /// Its value or contents.
    pub value: Option<String>,
    /// Whether it is disabled.
    pub disabled: bool,
    /// Whether it is selected, checked, pressed or expanded; `None` if it can be none of these.
    pub on: Option<bool>,
    /// The protocol's id of its element.
    element: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AxNode {
    ignored: bool,
    role: Option<AxValue>,
    name: Option<AxValue>,
    value: Option<AxValue>,
    #[serde(default)]
    properties: Vec<AxProperty>,
    #[serde(rename = "backendDOMNodeId")]
    element: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AxValue {
    #[serde(default)]
    value: Value,
    #[serde(default)]
    related_nodes: Vec<Related>,
}

#[derive(Deserialize)]
struct Related {
    #[serde(rename = "backendDOMNodeId")]
    element: i64,
}

#[derive(Deserialize)]
struct AxProperty {
    name: String,
    value: AxValue,
}

impl AxNode {
    fn property(&self, name: &str) -> Option<&AxValue> {
        let property = self.properties.iter().find(|it| it.name == name)?;
        Some(&property.value)
    }

    fn is(&self, name: &str) -> Option<bool> {
        match &self.property(name)?.value {
            Value::Bool(is) => Some(*is),
            Value::String(text) => Some(text == "true"),
            _ => None,
        }
    }
}

fn text(value: Option<&AxValue>) -> String {
    let value = value.and_then(|it| it.value.as_str());
    value.unwrap_or_default().to_owned()
}

fn read(target: &Target) -> Result<Vec<AxNode>, BrowserError> {
    #[derive(Deserialize)]
    struct Tree {
        nodes: Vec<AxNode>,
    }
    let tree: Tree = target.call_for("Accessibility.getFullAXTree", &json!({}))?;
    Ok(tree.nodes)
}

/// All nodes with a name or a value, and all text fields, in order.
pub(crate) fn nodes(target: &Target) -> Result<Vec<Node>, BrowserError> {
    let nodes = read(target)?.into_iter();
    Ok(nodes.filter_map(|it| node(&it)).collect())
}

/// What has keyboard focus: the focused element, or the one that it names as its active descendant.
pub(crate) fn active(target: &Target) -> Result<Option<Node>, BrowserError> {
    let nodes = read(target)?;
    let mut focused = nodes.iter().filter(|it| it.is("focused") == Some(true));
    let Some(focused) = focused.next_back() else {
        return Ok(None);
    };
    let named = focused
        .property("activedescendant")
        .and_then(|it| it.related_nodes.first());
    let active = named.map_or(focused.element, |it| Some(it.element));
    let active = nodes.iter().find(|it| it.element == active);
    Ok(active.and_then(node))
}

fn node(it: &AxNode) -> Option<Node> {
    let label = text(it.name.as_ref());
    let value = text(it.value.as_ref());
    let role = text(it.role.as_ref());
    let is_empty = label.is_empty() && value.is_empty() && role != "textbox";
    // Text appears twice: as a whole, and in the lines in which it is laid out.
    if it.ignored || role == "InlineTextBox" || is_empty {
        return None;
    }
    let states = ["selected", "checked", "pressed", "expanded"];
    Some(Node {
        role,
        label,
        value: (!value.is_empty()).then_some(value),
        disabled: it.is("disabled") == Some(true),
        on: states.iter().find_map(|state| it.is(state)),
        element: it.element?,
    })
}

impl Node {
    /// Calls a function with this element as `this`, the way a browser does what assistive
    /// technology asks for: as if the user had clicked.
    pub(crate) fn call(&self, target: &Target, function: &str) -> Result<Value, BrowserError> {
        let params = json!({ "backendNodeId": self.element });
        let resolved = target.call("DOM.resolveNode", &params)?;
        let params = json!({
            "objectId": resolved.pointer("/object/objectId"),
            "functionDeclaration": function,
            "returnByValue": true,
            "userGesture": true,
        });
        let called = target.call("Runtime.callFunctionOn", &params)?;
        Ok(called.pointer("/result/value").cloned().unwrap_or_default())
    }

    /// The node's left, top, width and height in CSS pixels.
    pub(crate) fn rect(&self, target: &Target) -> Result<[f64; 4], BrowserError> {
        let rect = self.call(
            target,
            "function() {
                const element = this.nodeType === Node.TEXT_NODE ? this.parentElement : this;
                const { x, y, width, height } = element.getBoundingClientRect();
                return [x, y, width, height];
            }",
        )?;
        Ok(serde_json::from_value(rect).unwrap_or_default())
    }
}
