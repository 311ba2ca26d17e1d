//! Messages that Callscope's user sends in the host's name.

use serde_json::{Map, Value, json};

use crate::Millis;

/// Makes a message id in the host's own manner, so that the widget's SDK takes the message for
/// the host's.
///
/// The widget's SDK swallows every message whose id begins with the digits of its own instance,
/// so no id begins with `widget_instance`.
/// Where the host's instance is not known, or would be swallowed, another number stands for it.
#[must_use]
pub fn mint_message_id(
    host_instance: Option<&str>,
    widget_instance: Option<&str>,
    now: Millis,
) -> String {
    let now = if now.0.is_finite() {
        now.0.max(0.0).floor()
    } else {
        0.0
    };
    let is_swallowed = |instance: &str| {
        widget_instance.is_some_and(|widget| !widget.is_empty() && instance.starts_with(widget))
    };
    let host = host_instance.filter(|instance| {
        !instance.is_empty()
            && instance.bytes().all(|byte| byte.is_ascii_digit())
            && !is_swallowed(instance)
    });
    let instance = if let Some(instance) = host {
        instance.to_owned()
    } else {
        let plain = format!("{now:.0}");
        if is_swallowed(&plain) {
            other_first_digit(&plain)
        } else {
            plain
        }
    };
    format!("{instance}_{now:.0}")
}

/// The same digits with another one in front.
fn other_first_digit(digits: &str) -> String {
    let rest = digits.get(1..).unwrap_or_default();
    let first = if digits.starts_with('9') { '8' } else { '9' };
    format!("{first}{rest}")
}

/// The record that owns a number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CalleeInfo {
    /// The record's id.
    pub callee_id: Option<u64>,
    /// The record's type: `0-1` is a contact, `0-2` a company.
    pub callee_object_type_id: Option<String>,
}

/// What HubSpot says when the user clicks a number.
///
/// Fields that are `None` are left out; the SDK's documents require only the number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DialNumber {
    /// The number.
    pub phone_number: String,
    /// The user.
    pub owner_id: Option<u64>,
    /// The account.
    pub portal_id: Option<u64>,
    /// The record that is being viewed.
    pub object_id: Option<u64>,
    /// `CONTACT` or `COMPANY`: the viewed record's type.
    pub object_type: Option<String>,
    /// Not described by the documents.
    pub subject_id: Option<u64>,
    /// For example `US`.
    pub country_code: Option<String>,
    /// The record that owns the number.
    pub callee_info: Option<CalleeInfo>,
    /// Milliseconds since the epoch.
    pub start_timestamp: Option<u64>,
    /// The name of the property that holds the number.
    pub to_phone_number_src: Option<String>,
}

impl DialNumber {
    /// The message as HubSpot would post it.
    #[must_use]
    pub fn to_message(&self, message_id: &str) -> Value {
        let Self {
            phone_number,
            owner_id,
            portal_id,
            object_id,
            object_type,
            subject_id,
            country_code,
            callee_info,
            start_timestamp,
            to_phone_number_src,
        } = self;
        let mut data = Map::new();
        let mut put = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                data.insert(key.to_owned(), value);
            }
        };
        let number = |value: &Option<u64>| value.map(Value::from);
        let text = |value: &Option<String>| value.clone().map(Value::from);
        put("phoneNumber", Some(phone_number.clone().into()));
        put("ownerId", number(owner_id));
        put("portalId", number(portal_id));
        put("objectId", number(object_id));
        put("objectType", text(object_type));
        put("subjectId", number(subject_id));
        put("countryCode", text(country_code));
        put("calleeInfo", callee_info.as_ref().map(CalleeInfo::to_value));
        put("startTimestamp", number(start_timestamp));
        put("toPhoneNumberSrc", text(to_phone_number_src));
        json!({ "type": "DIAL_NUMBER", "messageId": message_id, "data": data })
    }
}

impl CalleeInfo {
    fn to_value(&self) -> Value {
        let Self {
            callee_id,
            callee_object_type_id,
        } = self;
        let mut info = Map::new();
        if let Some(id) = callee_id {
            info.insert("calleeId".to_owned(), (*id).into());
        }
        if let Some(ty) = callee_object_type_id {
            info.insert("calleeObjectTypeId".to_owned(), ty.clone().into());
        }
        Value::Object(info)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Message, MessageType, check_fields};

    #[test]
    fn ids_are_in_the_hosts_manner() {
        let now = Millis(1_795_350_545_829.4);
        let id = mint_message_id(Some("1795350540000"), Some("1795350541000"), now);
        assert_eq!(id, "1795350540000_1795350545829");
        assert_eq!(
            mint_message_id(None, None, now),
            "1795350545829_1795350545829"
        );
    }

    #[test]
    fn the_widget_never_swallows_them() {
        let now = Millis(1_795_350_545_829.0);
        for (host, widget) in [
            (Some("17"), "17"),
            (Some("1795"), "17"),
            (None, "1795350545829"),
            (None, "9"),
            (Some("x"), "1"),
        ] {
            let id = mint_message_id(host, Some(widget), now);
            assert!(!id.starts_with(widget), "{id} for {host:?} and {widget}");
        }
    }

    #[test]
    fn a_composed_message_has_no_problems() {
        let dial = DialNumber {
            phone_number: "+1 555 010 0199".to_owned(),
            owner_id: Some(1),
            portal_id: Some(2),
            object_id: Some(3),
            object_type: Some("CONTACT".to_owned()),
            subject_id: Some(4),
            country_code: Some("US".to_owned()),
            callee_info: Some(CalleeInfo {
                callee_id: Some(5),
                callee_object_type_id: Some("0-1".to_owned()),
            }),
            start_timestamp: Some(1_795_350_545_829),
            to_phone_number_src: Some("phone".to_owned()),
        };
        let text = dial.to_message("1_2").to_string();
        let message = Message::decode(&text.into());
        assert_eq!(message.known(), Some(MessageType::DialNumber));
        for report in check_fields(&message, None) {
            assert_eq!(report.problem, None, "{}", report.path);
        }
    }

    proptest! {
        #[test]
        fn no_instances_make_a_swallowed_id(
            host in proptest::option::of("[0-9]{0,4}|.{0,3}"),
            widget in "[0-9]{1,4}",
            now in any::<f64>(),
        ) {
            let id = mint_message_id(host.as_deref(), Some(&widget), Millis(now));
            prop_assert!(!id.starts_with(&widget), "{}", id);
        }
    }
}
