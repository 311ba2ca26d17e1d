//! `index.d.ts`, generated from the catalogue.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use callscope_protocol::{
    Direction, FieldSpec, FieldType, Location, MessageSpec, MessageType, Required,
};
use callscope_sdk::{DEFAULT_HANDLER, WIDGET_METHODS};

/// The part that does not depend on the catalogue.
const FIXED: &str = include_str!("fixed.d.ts");

/// The whole file.
pub(super) fn text() -> String {
    let mut text = String::from("// Made by `cargo xtask npm` from the catalogue of messages.\n\n");
    text.push_str(FIXED);
    let mut written = BTreeSet::new();
    for (method, kind, takes_data) in WIDGET_METHODS {
        // A second method for the same message takes the same payload.
        if *takes_data && written.insert(kind.name()) {
            interface(&mut text, &argument_name(method), kind.spec());
        }
    }
    for kind in received() {
        if !kind.spec().fields.is_empty() {
            interface(&mut text, &payload_name(kind), kind.spec());
        }
    }
    handlers(&mut text);
    class(&mut text);
    text
}

/// The messages that a widget has a handler for; also those of older SDKs, since a host may send
/// them.
fn received() -> impl Iterator<Item = MessageType> {
    let all = MessageType::ALL.iter().copied();
    all.filter(|kind| kind.spec().handler.is_some())
}

/// The original's name for a method's argument.
fn argument_name(method: &str) -> String {
    match method {
        "resizeWidget" => "OnResize".to_owned(),
        "sendError" => "OnError".to_owned(),
        method => format!("On{}", capitalized(method)),
    }
}

/// `CREATE_ENGAGEMENT_FAILED` as `CreateEngagementFailed`.
fn payload_name(kind: MessageType) -> String {
    kind.name()
        .split('_')
        .map(|word| capitalized(&word.to_ascii_lowercase()))
        .collect()
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    let first = chars.next().map(|it| it.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

fn interface(text: &mut String, name: &str, spec: &MessageSpec) {
    let mut root = Node::default();
    for field in spec.fields {
        if field.location == Location::Data && field.until.is_none() {
            for path in field.paths() {
                root.insert(&path, field);
            }
        }
    }
    let _ = writeln!(text, "\n/** {}: {} */", spec.name, spec.summary);
    let _ = writeln!(text, "export interface {name} {{");
    root.write_members(text, 1);
    text.push_str("}\n");
}

/// A key of a payload, with the keys below it.
#[derive(Default)]
struct Node<'a> {
    field: Option<&'a FieldSpec>,
    is_list: bool,
    below: BTreeMap<String, Node<'a>>,
    /// The keys below, in the catalogue's order.
    order: Vec<String>,
}

impl<'a> Node<'a> {
    fn insert(&mut self, path: &str, field: &'a FieldSpec) {
        let (first, rest) = match path.split_once('.') {
            Some((first, rest)) => (first, Some(rest)),
            None => (path, None),
        };
        let (key, is_list) = match first.strip_suffix("[]") {
            Some(key) => (key, true),
            None => (first, false),
        };
        if !self.below.contains_key(key) {
            self.order.push(key.to_owned());
        }
        let node = self.below.entry(key.to_owned()).or_default();
        node.is_list |= is_list;
        match rest {
            Some(rest) => node.insert(rest, field),
            None => node.field = Some(field),
        }
    }

    fn is_required(&self) -> bool {
        match self.field {
            Some(field) => field.required == Required::Yes,
            None => self.below.values().any(Node::is_required),
        }
    }

    fn write_members(&self, text: &mut String, depth: usize) {
        let indent = "  ".repeat(depth);
        for key in &self.order {
            let node = &self.below[key];
            let unit = node.field.and_then(|field| field.unit);
            if let Some(unit) = unit {
                let _ = writeln!(text, "{indent}/** In {unit}. */");
            }
            let mark = if node.is_required() { "" } else { "?" };
            let _ = write!(text, "{indent}{key}{mark}: ");
            match node.handed_back(key) {
                Some(ty) => text.push_str(&ty),
                None => node.write_type(text, depth),
            }
            text.push_str(";\n");
        }
    }

    /// The type of a field of any type that hands back a value from READY: that of READY's field.
    fn handed_back(&self, key: &str) -> Option<String> {
        self.field
            .filter(|field| matches!(field.ty, FieldType::Mixed))?;
        let mut told = MessageType::Ready.spec().fields.iter();
        let told = told.find(|field| field.paths().any(|path| path == key))?;
        Some(match told.ty {
            // Stored values come back as strings.
            FieldType::Enum(_) => "string".to_owned(),
            ref ty => type_text(ty),
        })
    }

    fn write_type(&self, text: &mut String, depth: usize) {
        if self.below.is_empty() {
            let Some(field) = self.field else {
                return;
            };
            text.push_str(&type_text(&field.ty));
            if let Some(also) = &field.also {
                let _ = write!(text, " | {}", type_text(also));
            }
            return;
        }
        text.push_str("{\n");
        self.write_members(text, depth + 1);
        let _ = write!(text, "{}}}", "  ".repeat(depth));
        if self.is_list {
            text.push_str("[]");
        }
    }
}

fn type_text(ty: &FieldType) -> String {
    let union = |parts: Vec<String>| parts.join(" | ");
    match ty {
        FieldType::String | FieldType::Origin | FieldType::Url => "string".to_owned(),
        FieldType::Number => "number".to_owned(),
        FieldType::Boolean => "boolean".to_owned(),
        FieldType::Undefined => "undefined".to_owned(),
        FieldType::Constant(text) => format!("'{text}'"),
        FieldType::Enum(texts) => union(texts.iter().map(|it| format!("'{it}'")).collect()),
        FieldType::OneOf(types) => union(types.iter().map(type_text).collect()),
        FieldType::Object([]) => "object".to_owned(),
        FieldType::Object(members) => {
            let members = members.iter();
            let members = members.map(|(name, ty)| format!("{name}: {}", type_text(ty)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join("; "))
        }
        FieldType::Properties => "RawEngagementProperties".to_owned(),
        FieldType::Array => "unknown[]".to_owned(),
        FieldType::Any | FieldType::Mixed => "unknown".to_owned(),
    }
}

fn handlers(text: &mut String) {
    text.push_str(
        "\n/** What the widget does about HubSpot's messages: each gets the payload and the message. */\n\
         export interface EventHandlers {\n",
    );
    for kind in received() {
        let spec = kind.spec();
        let Some(handler) = spec.handler else {
            continue;
        };
        let data = if spec.fields.is_empty() {
            "any".to_owned()
        } else {
            payload_name(kind)
        };
        let _ = writeln!(text, "  /** {}: {} */", spec.name, spec.summary);
        if let Some(better) = spec.deprecated_by {
            let handler = better.spec().handler.unwrap_or_default();
            let _ = writeln!(text, "  /** @deprecated use {handler} */");
        }
        // A method, so that a handler may ask for less or something else than it gets.
        let _ = writeln!(
            text,
            "  {handler}?(data: {data}, message: HubSpotMessage): void;"
        );
    }
    let _ = writeln!(
        text,
        "  /** Gets whatever has no handler of its own. */\n  \
         {DEFAULT_HANDLER}?(data: any, message: HubSpotMessage): void;\n}}"
    );
}

fn class(text: &mut String) {
    text.push_str(
        "\n/** The softphone's end. */\n\
         declare class CallingExtensions {\n  \
         /** Throws without `eventHandlers`, and if the page has such an object already. */\n  \
         constructor(options: Options);\n  \
         readonly options: Options;\n  \
         readonly iFrameManager: IFrameManager;\n",
    );
    for (method, kind, takes_data) in WIDGET_METHODS {
        let spec = kind.spec();
        let argument = match (takes_data, kind) {
            (false, _) => String::new(),
            // The original accepts anything.
            (true, MessageType::CallData) => "payload?: any".to_owned(),
            (true, _) => {
                let is_needed = spec.fields.iter().any(|field| {
                    field.location == Location::Data
                        && field.until.is_none()
                        && field.required == Required::Yes
                });
                let mark = if is_needed { "" } else { "?" };
                format!("payload{mark}: {}", argument_name(method))
            }
        };
        debug_assert!(spec.direction != Direction::HostToWidget);
        let _ = writeln!(text, "  /** {}: {} */", spec.name, spec.summary);
        if let Some(better) = spec.deprecated_by {
            let better = WIDGET_METHODS.iter().find(|it| it.1 == better);
            let better = better.map_or("", |it| it.0);
            let _ = writeln!(text, "  /** @deprecated use {better} */");
        }
        let _ = writeln!(text, "  {method}({argument}): boolean;");
    }
    text.push_str(
        "  /** The user calls. The call's id is `externalCallId`, or one of its own. */\n  \
         startOutgoingCall(data?: OnOutgoingCall): RingingCall | undefined;\n  \
         /** Somebody calls. */\n  \
         startIncomingCall(data?: OnIncomingCall): RingingCall | undefined;\n  \
         /** Sends whatever it is given; `messageId` is minted. */\n  \
         sendMessage(message: OnMessage): boolean;\n  \
         /** Prints a line if there is `debugMode`. */\n  \
         logDebugMessage(line: { message: string; type?: string }): void;\n  \
         /** Gives a message to its handlers. */\n  \
         onMessageHandler(event: { type: string; data?: any }): void;\n  \
         /** Stops. After this the page may make another. */\n  \
         remove(): void;\n\
         }\n\n\
         export default CallingExtensions;\n",
    );
}
