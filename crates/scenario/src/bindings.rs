//! `callscope.json`: how to use a project's widget, for all scenarios.

use std::collections::BTreeMap;

use callscope_protocol::nearest;

use crate::jsonc::{Content, Member, Node};
use crate::read::{ReadError, Source, read};
use crate::vocabulary::Role;

/// One action of a role. `{number}` in a text stands for the step's phone number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoleAction {
    /// Click the element in the widget that a CSS selector finds, once it can be clicked.
    Click(String),
    /// Type a text into the focused element, or into the one that a selector finds.
    Type {
        /// The text.
        text: String,
        /// The selector; `None` for the focused element.
        into: Option<String>,
    },
    /// Press a key, such as `Enter`.
    Press(String),
    /// Send a request to a local URL: for what begins at the provider.
    Request {
        /// The URL.
        url: String,
        /// `GET`, `POST`, ….
        method: String,
        /// The body; empty for none.
        body: String,
    },
}

/// The actions of a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Done one after the other; empty if the widget acts on its own.
    pub actions: Vec<RoleAction>,
    /// Whether it is the default for HubSpot's demos, because nobody bound the role.
    pub is_default: bool,
}

/// The contents of `callscope.json`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bindings {
    /// The widget's URL, if the command line gives none.
    pub widget: Option<String>,
    roles: BTreeMap<Role, Vec<RoleAction>>,
}

/// The ids of HubSpot's own demos: demo-minimal-js, then demo-react-ts.
const DEMO_IDS: &[(Role, &str)] = &[
    (Role::LogIn, "#login, [data-test-id=\"log-in\"]"),
    (Role::LogOut, "#logout, [data-test-id=\"log-out\"]"),
    (
        Role::Available,
        "#useravailable, [data-test-id=\"user-available\"]",
    ),
    (
        Role::Unavailable,
        "#userunavailable, [data-test-id=\"user-unavailable\"]",
    ),
    (
        Role::Call,
        "#outgoingcall, [data-test-id=\"outgoing-call\"]",
    ),
    (Role::RemoteAnswers, "#answercall"),
    (
        Role::Incoming,
        "#incomingcall, [data-test-id=\"incoming-call\"]",
    ),
    (Role::Answer, "#answercall, [data-test-id=\"answer-call\"]"),
    (Role::HangUp, "#endcall, [data-test-id=\"end-call\"]"),
    (
        Role::Save,
        "#completecall, [data-test-id=\"complete-call\"]",
    ),
    (Role::Transfer, "#transfercall"),
    (Role::Finalize, "[data-test-id=\"finalize-engagement\"]"),
];

const KEYS: [&str; 3] = ["$schema", "widget", "roles"];
const ACTION_KEYS: [&str; 7] = [
    "click", "type", "into", "press", "request", "method", "body",
];

impl Bindings {
    /// Parses `callscope.json`, which is JSON with comments.
    ///
    /// # Errors
    ///
    /// What is wrong, where, and what to write instead.
    pub fn read(file: &str, text: &str) -> Result<Self, ReadError> {
        read(file, text, Self::from_file)
    }

    fn from_file(source: Source<'_>, root: &Node) -> Result<Self, ReadError> {
        let mut bindings = Self::default();
        for member in source.members(root, "callscope.json")? {
            match member.name.as_str() {
                "$schema" => {}
                "widget" => {
                    let url = source.text(&member.value, "the widget's address")?;
                    bindings.widget = Some(url.to_owned());
                }
                "roles" => {
                    for member in source.members(&member.value, "\"roles\"")? {
                        let role = Role::from_word(&member.name).ok_or_else(|| {
                            let known: Vec<&str> = Role::ALL.iter().map(|it| it.word()).collect();
                            source.unknown(member.at, "a role", &member.name, &known)
                        })?;
                        let actions = actions(source, &member.value)?;
                        bindings.roles.insert(role, actions);
                    }
                }
                other => {
                    return Err(source.unknown(member.at, "a key of callscope.json", other, &KEYS));
                }
            }
        }
        Ok(bindings)
    }

    /// Binds a role, replacing its previous binding.
    pub fn bind(&mut self, role: Role, actions: Vec<RoleAction>) {
        self.roles.insert(role, actions);
    }

    /// The actions of a role; `None` if nothing is bound.
    #[must_use]
    pub fn of(&self, role: Role) -> Option<Binding> {
        if let Some(actions) = self.roles.get(&role) {
            return Some(Binding {
                actions: actions.clone(),
                is_default: false,
            });
        }
        let (_, ids) = DEMO_IDS.iter().find(|(it, _)| *it == role)?;
        Some(Binding {
            actions: vec![RoleAction::Click((*ids).to_owned())],
            is_default: true,
        })
    }
}

fn actions(source: Source<'_>, node: &Node) -> Result<Vec<RoleAction>, ReadError> {
    match &node.content {
        Content::List(items) => items.iter().map(|it| action(source, it)).collect(),
        _ => Ok(vec![action(source, node)?]),
    }
}

fn action(source: Source<'_>, node: &Node) -> Result<RoleAction, ReadError> {
    if let Content::Text(selector) = &node.content {
        return Err(source.error(
            node.at,
            "a text alone does not say what to do",
            format!("write {{\"click\": \"{selector}\"}} to click there"),
        ));
    }
    let members = source.members(node, "what is done for a role")?;
    for member in members {
        if !ACTION_KEYS.contains(&member.name.as_str()) {
            let name = &member.name;
            let what = "a way to use a widget";
            return Err(match nearest(name, ACTION_KEYS.into_iter()) {
                Some(_) => source.unknown(member.at, what, name, &ACTION_KEYS),
                None => source.error(
                    member.at,
                    format!("\"{name}\" is not {what}"),
                    "write click, type, press or request",
                ),
            });
        }
    }
    let text = |name: &str| {
        let Some(member) = members.iter().find(|it: &&Member| it.name == name) else {
            return Ok(None);
        };
        let text = source.text(&member.value, &format!("\"{name}\""))?;
        hold_against_rules(source, member, text)?;
        Ok::<_, ReadError>(Some(text.to_owned()))
    };
    let found = [
        text("click")?,
        text("type")?,
        text("press")?,
        text("request")?,
    ];
    match found {
        [Some(selector), None, None, None] => Ok(RoleAction::Click(selector)),
        [None, Some(words), None, None] => Ok(RoleAction::Type {
            text: words,
            into: text("into")?,
        }),
        [None, None, Some(key), None] => Ok(RoleAction::Press(key)),
        [None, None, None, Some(url)] => Ok(RoleAction::Request {
            url,
            method: text("method")?.unwrap_or_else(|| "POST".to_owned()),
            body: text("body")?.unwrap_or_default(),
        }),
        _ => Err(source.error(
            node.at,
            "this is not one way to use a widget",
            "write one of {\"click\": \"#call\"}, {\"type\": \"{number}\", \"into\": \"#number\"}, \
             {\"press\": \"Enter\"}, {\"request\": \"http://localhost:3000/ring\"}; several go \
             into [ ]",
        )),
    }
}

/// Refuses what could only fail while a scenario is played.
fn hold_against_rules(source: Source<'_>, member: &Member, text: &str) -> Result<(), ReadError> {
    let at = member.value.at;
    let is_url = text.starts_with("http://") || text.starts_with("https://");
    match member.name.as_str() {
        "request" if !is_url => {
            return Err(source.error(
                at,
                format!("\"{text}\" is not an address"),
                "begin it with http:// or https://",
            ));
        }
        "press" if !is_key(text) => {
            let near = nearest(text, KEY_NAMES.into_iter());
            return Err(source.error(
                at,
                format!("\"{text}\" is not a key"),
                match near {
                    Some(near) => format!("write {near}"),
                    None => format!("write {}, or one letter or digit", KEY_NAMES.join(", ")),
                },
            ));
        }
        _ => {}
    }
    match unknown_placeholder(text) {
        Some(name) => Err(source.error(
            at,
            format!("{{{name}}} stands for nothing"),
            "only {number} does, for the number of the step",
        )),
        None => Ok(()),
    }
}

/// The keys that have names.
const KEY_NAMES: [&str; 12] = [
    "Enter",
    "Escape",
    "Tab",
    "Space",
    "Backspace",
    "Delete",
    "Up",
    "Down",
    "Left",
    "Right",
    "Home",
    "End",
];

fn is_key(name: &str) -> bool {
    let mut letters = name.chars();
    let is_letter =
        matches!((letters.next(), letters.next()), (Some(it), None) if it.is_ascii_alphanumeric());
    is_letter || KEY_NAMES.contains(&name)
}

/// The first `{name}` of a text that is not `{number}`; JSON's braces are around more than a name.
fn unknown_placeholder(text: &str) -> Option<&str> {
    let inside = text.split('{').skip(1);
    let mut names = inside.filter_map(|it| it.split_once('}').map(|(name, _)| name));
    names.find(|it| {
        let is_name = !it.is_empty() && it.chars().all(|it| it.is_ascii_alphabetic());
        is_name && *it != "number"
    })
}

impl RoleAction {
    /// The same with `{number}` replaced.
    #[must_use]
    pub fn with_number(&self, number: &str) -> Self {
        let fill = |text: &str| text.replace("{number}", number);
        match self {
            Self::Click(selector) => Self::Click(fill(selector)),
            Self::Type { text, into } => Self::Type {
                text: fill(text),
                into: into.clone(),
            },
            Self::Press(key) => Self::Press(key.clone()),
            Self::Request { url, method, body } => Self::Request {
                // A `+` in a URL would mean a blank.
                url: url.replace("{number}", &number.replace('+', "%2B")),
                method: method.clone(),
                body: fill(body),
            },
        }
    }
}

impl std::fmt::Display for RoleAction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Click(selector) => write!(f, "click {selector}"),
            Self::Type { text, into: None } => write!(f, "type \"{text}\""),
            Self::Type {
                text,
                into: Some(into),
            } => write!(f, "type \"{text}\" into {into}"),
            Self::Press(key) => write!(f, "press {key}"),
            Self::Request { url, method, .. } => write!(f, "{method} {url}"),
        }
    }
}
