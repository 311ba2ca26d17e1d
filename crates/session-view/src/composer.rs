//! Messages that Callscope's user sends in the host's name, made from their rows in the catalogue.
//!
//! Which fields a message has, what they hold and what is wrong with them is the catalogue's;
//! what its user leaves alone is filled with what the session knows.

mod message_id;

use callscope_protocol::{
    Conversation, FieldProblem, FieldSpec, FieldType, Location, Message, MessageType, Required,
    Version, check_fields,
};
use serde_json::{Map, Value};

use crate::about;

pub use message_id::mint_message_id;

/// A message that is being written.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    ty: MessageType,
    fields: Vec<DraftField>,
}

/// One field of the message's `data`.
#[derive(Clone, Debug, PartialEq)]
pub struct DraftField {
    /// Its path in `data`.
    pub path: String,
    /// Its value as its user writes it: a text without quotes, anything else as JSON. An empty
    /// one is left out.
    pub value: String,
    /// What the catalogue says of it.
    pub about: String,
    /// What is wrong with the value, which can be sent all the same.
    pub problem: Option<String>,
    spec: &'static FieldSpec,
}

/// Where values come from that nobody wrote.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// The conversation that the message is for.
    pub conversation: Option<&'a Conversation>,
    /// The last message of this type in the session.
    pub last: Option<&'a Message>,
}

impl Draft {
    /// A message of this type; `written` gives what its user wrote into the field with this path,
    /// also if that is nothing.
    #[must_use]
    pub fn new(
        ty: MessageType,
        known: Known<'_>,
        written: impl Fn(&str) -> Option<String>,
    ) -> Self {
        let speaks = known.conversation.map(|it| it.speaks).unwrap_or_default();
        let field = |(spec, path): (&'static FieldSpec, String)| DraftField {
            value: written(&path)
                .or_else(|| known.value(spec, &path))
                .unwrap_or_default(),
            about: about::field(spec, speaks),
            problem: None,
            path,
            spec,
        };
        let mut draft = Self {
            ty,
            fields: fields(ty).map(field).collect(),
        };
        draft.find_problems();
        draft
    }

    /// Its fields, in the catalogue's order.
    #[must_use]
    pub fn fields(&self) -> &[DraftField] {
        &self.fields
    }

    /// The message as HubSpot would post it.
    #[must_use]
    pub fn to_message(&self, message_id: &str) -> Value {
        let mut data = Map::new();
        for field in self.fields.iter().filter(|field| !field.value.is_empty()) {
            put(&mut data, &field.path, field.to_json());
        }
        let mut message = Map::new();
        message.insert("type".to_owned(), self.ty.name().into());
        message.insert("messageId".to_owned(), message_id.into());
        message.insert("data".to_owned(), Value::Object(data));
        Value::Object(message)
    }

    fn find_problems(&mut self) {
        let text = self.to_message("1_1").to_string();
        for report in check_fields(&Message::decode(&text.into()), Version::NEWEST.into()) {
            let Some(path) = report.path.strip_prefix("data.") else {
                continue;
            };
            if let Some(field) = self.fields.iter_mut().find(|field| field.path == path) {
                field.problem = report.problem.map(|problem| to_type(&problem));
            }
        }
    }
}

/// A problem as said to somebody who is typing the value.
fn to_type(problem: &FieldProblem) -> String {
    match problem {
        FieldProblem::Missing => "HubSpot always sends it".to_owned(),
        FieldProblem::WrongType { expected, .. } | FieldProblem::UnknownValue { expected } => {
            let expected = match expected.as_str() {
                "number" => "a number",
                "boolean" => "true or false",
                other => other,
            };
            format!("should be {expected}")
        }
        other => other.to_string(),
    }
}

impl DraftField {
    /// The texts that it may hold, if there are only a few.
    #[must_use]
    pub const fn choices(&self) -> &'static [&'static str] {
        match self.spec.ty {
            FieldType::Enum(choices) => choices,
            _ => &[],
        }
    }

    /// Whether the message must have it.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.spec.required == Required::Yes
    }

    /// Whether HubSpot has sent it since the first packages; later ones are documented less well.
    #[must_use]
    pub fn is_of_the_first_packages(&self) -> bool {
        self.spec.since < Version::new(0, 1, 0)
    }

    fn to_json(&self) -> Value {
        let text = || Value::String(self.value.clone());
        match self.spec.ty {
            FieldType::String
            | FieldType::Origin
            | FieldType::Url
            | FieldType::Constant(_)
            | FieldType::Enum(_) => text(),
            FieldType::Number => self.parse().filter(Value::is_number).unwrap_or_else(text),
            FieldType::Boolean
            | FieldType::Undefined
            | FieldType::OneOf(_)
            | FieldType::Object(_)
            | FieldType::Properties
            | FieldType::Array
            | FieldType::Any
            | FieldType::Mixed => self.parse().unwrap_or_else(text),
        }
    }

    fn parse(&self) -> Option<Value> {
        serde_json::from_str(self.value.trim()).ok()
    }
}

impl Known<'_> {
    /// What is known about a field.
    fn value(&self, spec: &FieldSpec, path: &str) -> Option<String> {
        if let FieldType::Constant(text) = spec.ty {
            return Some(text.to_owned());
        }
        // A time that has passed helps nobody, and HubSpot's threads are its own.
        if matches!(path, "startTimestamp" | "threadId" | "phone_number") {
            return None;
        }
        let data = self.last.and_then(Message::data);
        match data.and_then(|data| path.split('.').try_fold(data, |at, key| at.get(key))) {
            Some(Value::String(text)) => return Some(text.clone()),
            Some(Value::Number(number)) => return Some(number.to_string()),
            _ => {}
        }
        match path {
            "portalId" => self.conversation?.portal_id.clone(),
            "ownerId" => self.conversation?.owner_id.clone(),
            _ => None,
        }
    }
}

/// The fields of a message's `data` that have a name and a place of their own.
fn fields(ty: MessageType) -> impl Iterator<Item = (&'static FieldSpec, String)> {
    let fields = ty.spec().fields.iter();
    fields
        .filter(|spec| spec.location == Location::Data)
        .flat_map(|spec| spec.paths().map(move |path| (spec, path)))
        .filter(|(_, path)| !path.contains("[]"))
}

fn put(object: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            object.insert(path.to_owned(), value);
        }
        Some((key, rest)) => {
            let child = object
                .entry(key)
                .or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(child) = child {
                put(child, rest, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use callscope_protocol::Side;

    use super::*;

    /// What a user would write into a field of this type.
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
            FieldType::Array => "[]",
            FieldType::Any | FieldType::Mixed => "1",
        }
    }

    #[test]
    fn whatever_a_host_sends_can_be_composed() {
        let all = MessageType::ALL.iter().copied();
        for ty in all.filter(|ty| ty.spec().direction.allows(Side::Host)) {
            let samples: Vec<(String, &str)> = fields(ty)
                .map(|(spec, path)| (path, sample(spec.ty)))
                .collect();
            let draft = Draft::new(ty, Known::default(), |path| {
                let sample = samples.iter().find(|(of, _)| of == path);
                sample.map(|(_, sample)| (*sample).to_owned())
            });
            let message = Message::decode(&draft.to_message("1_2").to_string().into());
            assert_eq!(message.known(), Some(ty));
            assert_eq!(message.message_id().as_deref(), Some("1_2"));
            for field in draft.fields() {
                assert_eq!(field.problem, None, "{ty} {}", field.path);
            }
        }
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
            last: None,
        };
        let draft = Draft::new(MessageType::DialNumber, known, |path| match path {
            "phoneNumber" => Some("1".to_owned()),
            "ownerId" => Some("me".to_owned()),
            "objectId" => Some(String::new()),
            "calleeInfo.calleeId" => Some(" 12 ".to_owned()),
            _ => None,
        });
        assert_eq!(
            draft.to_message("1_2").to_string(),
            r#"{"type":"DIAL_NUMBER","messageId":"1_2","data":{"phoneNumber":"1","ownerId":"me","portalId":62515,"calleeInfo":{"calleeId":12}}}"#
        );
        let problems: Vec<String> = draft
            .fields()
            .iter()
            .filter_map(|field| Some(format!("{}: {}", field.path, field.problem.as_ref()?)))
            .collect();
        assert_eq!(problems, ["ownerId: should be a number"]);
    }

    #[test]
    fn the_last_message_of_its_type_is_said_again_but_for_what_passes() {
        let last = Message::decode(
            &r#"{"type":"DIAL_NUMBER","data":{"phoneNumber":"+15550100","portalId":8,"startTimestamp":5,"threadId":6,"calleeInfo":{"calleeObjectTypeId":"0-1"}}}"#.into(),
        );
        let known = Known {
            conversation: None,
            last: Some(&last),
        };
        let draft = Draft::new(MessageType::DialNumber, known, |_| None);
        assert_eq!(
            draft.to_message("1_2")["data"].to_string(),
            r#"{"phoneNumber":"+15550100","portalId":8,"calleeInfo":{"calleeObjectTypeId":"0-1"}}"#
        );
        let draft = Draft::new(MessageType::DialNumber, Known::default(), |_| None);
        assert_eq!(
            draft.fields()[0].problem.as_deref(),
            Some("HubSpot always sends it"),
            "a number to dial must be there"
        );
    }
}
