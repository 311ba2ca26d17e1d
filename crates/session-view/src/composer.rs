//! Messages that the user sends in the name of one side, built from their rows in the catalogue or
//! written as JSON.
//!
//! The catalogue says which fields a message has, what they hold and what is wrong with them;
//! fields that the user leaves alone are filled with what the session knows.

mod check;
mod known;
mod message_id;
mod place;

use callscope_protocol::{FieldSpec, FieldType, Location, MessageType, Required, Side, Version};
use serde_json::{Map, Value};

use crate::about;

pub use check::{Problem, Unsendable, check};
pub use known::{Known, begins_call, takes_id_of_another};
pub use message_id::mint_message_id;
pub use place::{add_item, remove_item};

/// A message that is being written.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    from: Side,
    ty: MessageType,
    message: Value,
    fields: Vec<DraftField>,
    problems: Vec<Problem>,
}

/// One field of the message.
#[derive(Clone, Debug, PartialEq)]
pub struct DraftField {
    /// Its path in the message: `hostUrl`, `data.phoneNumber`, `data.callerIdMatches[0].name`.
    pub path: String,
    /// Its value as the user writes it: a string without quotes, anything else as JSON. An empty
    /// field is left out.
    pub value: String,
    /// What the catalogue says about it.
    pub about: String,
    /// What is wrong with the value, which can still be sent.
    pub problem: Option<String>,
    /// Whether it belongs to what a widget's SDK of this version usually sends or takes.
    pub is_usual: bool,
    spec: &'static FieldSpec,
}

/// How a field is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// As a string.
    Text,
    /// As a number.
    Number,
    /// One of a few texts.
    Choice(&'static [&'static str]),
    /// `true` or `false`.
    Flag,
    /// A list, whose items have fields of their own.
    List,
    /// As JSON; anything that is not JSON is a string.
    Json,
}

impl Draft {
    /// A message of this type, filled with what the session knows; `written` returns what the user
    /// wrote into the field with this path, even if that is empty.
    #[must_use]
    pub fn new(
        ty: MessageType,
        from: Side,
        known: Known<'_>,
        written: impl Fn(&str) -> Option<String>,
    ) -> Self {
        let mut message = Map::new();
        message.insert("type".to_owned(), ty.name().into());
        message.insert("messageId".to_owned(), "1_1".into());
        if ty
            .spec()
            .fields
            .iter()
            .any(|it| it.location == Location::Data)
        {
            message.insert("data".to_owned(), Value::Object(Map::new()));
        }
        let mut message = Value::Object(message);
        for (spec, path) in fields(ty, &message) {
            // What the user wrote is put in at once, so that the fields keep their order.
            let value = written(&path).or_else(|| known.value(ty, spec, &path));
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                place::put(&mut message, &path, to_json(spec, &value));
            }
        }
        Self::of(ty, from, message, known, written)
    }

    /// The same, but starting from a given message instead of what the session knows.
    #[must_use]
    pub fn of(
        ty: MessageType,
        from: Side,
        mut message: Value,
        known: Known<'_>,
        written: impl Fn(&str) -> Option<String>,
    ) -> Self {
        let speaks = known.conversation.map(|it| it.speaks).unwrap_or_default();
        for (spec, path) in fields(ty, &message) {
            match written(&path) {
                None => {}
                Some(text) if text.is_empty() => place::remove(&mut message, &path),
                Some(text) => place::put(&mut message, &path, to_json(spec, &text)),
            }
        }
        let problems = check::problems(&message, from, speaks);
        let field = |(spec, path): (&'static FieldSpec, String)| DraftField {
            value: written(&path).unwrap_or_else(|| to_text(place::get(&message, &path))),
            about: about::field(spec, speaks),
            problem: (problems.iter())
                .find(|it| it.path == path)
                .map(|it| it.words.clone()),
            path,
            is_usual: is_usual(spec, speaks.newest),
            spec,
        };
        Self {
            from,
            ty,
            fields: fields(ty, &message).into_iter().map(field).collect(),
            message,
            problems,
        }
    }

    /// The side in whose name it is sent.
    #[must_use]
    pub const fn from(&self) -> Side {
        self.from
    }

    /// Its type.
    #[must_use]
    pub const fn ty(&self) -> MessageType {
        self.ty
    }

    /// Its fields, in the catalogue's order.
    #[must_use]
    pub fn fields(&self) -> &[DraftField] {
        &self.fields
    }

    /// What is wrong with it, problems of fields that are shown first.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The message in the form in which it is posted.
    #[must_use]
    pub fn to_message(&self, message_id: &str) -> Value {
        let mut message = self.message.clone();
        if let Value::Object(members) = &mut message {
            members.insert("messageId".to_owned(), message_id.into());
        }
        message
    }

    /// The paths of those parts of the message that no field shows.
    #[must_use]
    pub fn beyond(&self) -> Vec<String> {
        let is_shown = |path: &str| {
            matches!(path, "type" | "messageId" | "data")
                || self.fields.iter().any(|it| {
                    it.path == path
                        || it.path.starts_with(&format!("{path}."))
                        || it.path.starts_with(&format!("{path}["))
                })
        };
        let keys = |value: Option<&Value>, before: &str| {
            let members = value.and_then(Value::as_object).into_iter().flatten();
            members.map(|(key, _)| format!("{before}{key}")).collect()
        };
        let mut paths: Vec<String> = keys(Some(&self.message), "");
        paths.extend(keys(self.message.get("data"), "data."));
        paths.retain(|path| !is_shown(path));
        paths
    }
}

impl DraftField {
    /// How it is written.
    #[must_use]
    pub const fn kind(&self) -> FieldKind {
        match self.spec.ty {
            FieldType::Enum(choices) => FieldKind::Choice(choices),
            FieldType::Number => FieldKind::Number,
            FieldType::Boolean => FieldKind::Flag,
            FieldType::Array => FieldKind::List,
            FieldType::String | FieldType::Origin | FieldType::Url | FieldType::Constant(_) => {
                FieldKind::Text
            }
            FieldType::Undefined
            | FieldType::OneOf(_)
            | FieldType::Object(_)
            | FieldType::Properties
            | FieldType::Any
            | FieldType::Mixed => FieldKind::Json,
        }
    }

    /// The field's name where most fields are in `data`: without the `data.`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.path.strip_prefix("data.").unwrap_or(&self.path)
    }

    /// Whether the message must have it.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.spec.required == Required::Yes
    }
}

/// Whether this version has the field and needs it, at least sometimes, or has it since the first
/// packages; later fields are documented less well.
fn is_usual(spec: &FieldSpec, version: Version) -> bool {
    let is_needed = spec.required != Required::No || spec.since < Version::new(0, 1, 0);
    let is_over = spec.until.is_some_and(|until| until < version);
    is_needed && spec.since <= version && !is_over
}

fn to_text(value: Option<&Value>) -> String {
    match value {
        None => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

fn to_json(spec: &FieldSpec, text: &str) -> Value {
    let plain = || Value::String(text.to_owned());
    let parse = || serde_json::from_str(text.trim()).ok();
    match spec.ty {
        FieldType::String
        | FieldType::Origin
        | FieldType::Url
        | FieldType::Constant(_)
        | FieldType::Enum(_) => plain(),
        FieldType::Number => parse().filter(Value::is_number).unwrap_or_else(plain),
        FieldType::Boolean
        | FieldType::Undefined
        | FieldType::OneOf(_)
        | FieldType::Object(_)
        | FieldType::Properties
        | FieldType::Array
        | FieldType::Any
        | FieldType::Mixed => parse().unwrap_or_else(plain),
    }
}

/// The fields of a message that have a name and a place of their own, including those of the items
/// in its lists. Every message has a type and a messageId, which nobody fills in.
fn fields(ty: MessageType, message: &Value) -> Vec<(&'static FieldSpec, String)> {
    let mut fields = Vec::new();
    let is_envelope =
        |spec: &&FieldSpec| spec.location == Location::Top && check::is_envelope(spec.name);
    for spec in ty.spec().fields.iter().filter(|it| !is_envelope(it)) {
        for path in spec.paths() {
            let path = match spec.location {
                Location::Top => path,
                Location::Data => format!("data.{path}"),
            };
            let Some((list, rest)) = path.split_once("[]") else {
                fields.push((spec, path));
                continue;
            };
            let count = place::get(message, list).and_then(Value::as_array);
            for index in 0..count.map_or(0, Vec::len).min(place::MOST_ITEMS) {
                fields.push((spec, format!("{list}[{index}]{rest}")));
            }
        }
    }
    // Keep everything that belongs to one item together.
    fields.sort_by_key(|(_, path)| {
        let item = path.split_once('[');
        let place = item.and_then(|(list, _)| fields_place(ty, list));
        let index = item.and_then(|(_, rest)| rest.split(']').next()?.parse::<usize>().ok());
        (
            place.unwrap_or_else(|| fields_place(ty, path).unwrap_or(usize::MAX)),
            index.map_or(0, |index| index + 1),
        )
    });
    fields
}

/// Where the catalogue's row of the field with this path stands.
fn fields_place(ty: MessageType, path: &str) -> Option<usize> {
    ty.spec().fields.iter().position(|spec| {
        let before = match spec.location {
            Location::Top => "",
            Location::Data => "data.",
        };
        spec.paths()
            .any(|it| path.strip_prefix(before) == Some(it.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use callscope_protocol::{Conversation, Message};

    use super::*;

    /// What a user might write into a field of this type.
    fn sample(ty: FieldType) -> &'static str {
        match ty {
            FieldType::String => "+1 555 010 0199",
            FieldType::Origin => "https://widget.example",
            FieldType::Url => "https://widget.example/phone",
            FieldType::Number => "17",
            FieldType::Boolean => "true",
            FieldType::Undefined => "",
            FieldType::Constant(text) => text,
            FieldType::Enum(choices) => choices[0],
            FieldType::OneOf(types) => sample(types[0]),
            FieldType::Object(_) => {
                r#"{"portalId":1,"objectId":2,"objectTypeId":"0-1","height":1,"width":1,"message":"no"}"#
            }
            FieldType::Properties => r#"{"hs_call_title":"Call"}"#,
            FieldType::Array => "[{}]",
            FieldType::Any | FieldType::Mixed => "1",
        }
    }

    /// A message of each type with a value in each field, in the name of whichever side may send
    /// it.
    #[test]
    fn whatever_is_in_the_catalogue_can_be_composed() {
        for ty in MessageType::ALL.iter().copied() {
            let from = if ty.spec().direction.allows(Side::Host) {
                Side::Host
            } else {
                Side::Widget
            };
            let mut base = Draft::new(ty, from, Known::default(), |_| None).message;
            let lists = fields(ty, &base);
            for (_, path) in lists.iter().filter(|(it, _)| it.ty == FieldType::Array) {
                add_item(&mut base, path);
            }
            let specs = fields(ty, &base);
            let draft = Draft::of(ty, from, base, Known::default(), |path| {
                let (spec, _) = specs.iter().find(|(_, it)| it == path)?;
                // The items of a list have fields of their own.
                (spec.ty != FieldType::Array).then(|| sample(spec.ty).to_owned())
            });
            let message = Message::decode(&draft.to_message("1_2").to_string().into());
            assert_eq!(message.known(), Some(ty));
            assert_eq!(message.message_id().as_deref(), Some("1_2"));
            assert_eq!(draft.beyond(), [] as [String; 0], "{ty}");
            for field in draft.fields() {
                assert_eq!(field.problem, None, "{ty} {}", field.path);
            }
        }
    }

    fn problems(draft: &Draft) -> Vec<String> {
        let of_field = |field: &DraftField| {
            let problem = field.problem.as_ref()?;
            Some(format!("{}: {problem}", field.path))
        };
        draft.fields().iter().filter_map(of_field).collect()
    }

    #[test]
    fn what_is_written_is_sent_whatever_it_is() {
        let conversation = Conversation {
            portal_id: Some("62515".to_owned()),
            owner_id: Some("7".to_owned()),
            ..Conversation::default()
        };
        let known = Known {
            conversation: Some(&conversation),
            ..Known::default()
        };
        let draft = Draft::new(
            MessageType::DialNumber,
            Side::Host,
            known,
            |path| match path {
                "data.phoneNumber" => Some("1".to_owned()),
                "data.ownerId" => Some("me".to_owned()),
                "data.objectId" => Some(String::new()),
                "data.calleeInfo.calleeId" => Some(" 12 ".to_owned()),
                _ => None,
            },
        );
        let expected = r#"{"type":"DIAL_NUMBER","messageId":"1_2","data":{"phoneNumber":"1","ownerId":"me","portalId":62515,"calleeInfo":{"calleeId":12}}}"#;
        let expected: Value = serde_json::from_str(expected).unwrap();
        assert_eq!(draft.to_message("1_2"), expected);
        assert_eq!(problems(&draft), ["data.ownerId: should be a number"]);
    }

    #[test]
    fn the_last_message_of_its_type_is_said_again_but_for_what_passes() {
        let last = Message::decode(
            &r#"{"type":"DIAL_NUMBER","data":{"phoneNumber":"+15550100","portalId":8,"startTimestamp":5,"threadId":6,"calleeInfo":{"calleeObjectTypeId":"0-1"}}}"#.into(),
        );
        let known = Known {
            last: Some(&last),
            ..Known::default()
        };
        let draft = Draft::new(MessageType::DialNumber, Side::Host, known, |_| None);
        assert_eq!(
            draft.to_message("1_2")["data"].to_string(),
            r#"{"phoneNumber":"+15550100","portalId":8,"calleeInfo":{"calleeObjectTypeId":"0-1"}}"#
        );
        let draft = Draft::new(
            MessageType::DialNumber,
            Side::Host,
            Known::default(),
            |_| None,
        );
        assert_eq!(
            problems(&draft),
            ["data.phoneNumber: HubSpot always sends it"],
            "a number to dial must be there"
        );
    }

    #[test]
    fn a_message_is_written_on_with_all_that_it_has() {
        let message = serde_json::json!({
            "type": "CALLER_ID_MATCH_SUCCEEDED",
            "messageId": "9_9",
            "data": {
                "mine": 1,
                "callerIdMatches": [{ "callerIdType": "CONTACT" }, { "callerIdType": "DEAL" }],
            },
            "extra": null,
        });
        let ty = MessageType::CallerIdMatchSucceeded;
        let draft = Draft::of(
            ty,
            Side::Host,
            message,
            Known::default(),
            |path| match path {
                "data.callerIdMatches[0].firstName" => Some("Ada".to_owned()),
                "data.callerIdMatches[1].callerIdType" => Some(String::new()),
                _ => None,
            },
        );
        assert_eq!(
            draft.to_message("1_2").to_string(),
            r#"{"type":"CALLER_ID_MATCH_SUCCEEDED","messageId":"1_2","data":{"mine":1,"callerIdMatches":[{"callerIdType":"CONTACT","firstName":"Ada"},{}]},"extra":null}"#
        );
        assert_eq!(draft.beyond(), ["extra", "data.mine"]);
        let paths: Vec<&str> = draft.fields().iter().map(DraftField::name).collect();
        let at = |name: &str| paths.iter().position(|it| *it == name).unwrap();
        assert!(
            at("callerIdMatches[0].name") < at("callerIdMatches[1].callerIdType"),
            "{paths:#?}"
        );
        assert!(
            at("callerIdMatches") < at("callerIdMatches[0].callerIdType"),
            "{paths:#?}"
        );
    }
}
