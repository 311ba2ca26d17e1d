//! Message ids in the form that the sending side uses.

use callscope_protocol::Millis;

/// Creates a message id in the sender's own form, so that the receiver's SDK accepts the message as
/// the sender's.
///
/// An SDK drops every message whose id begins with its own instance, so no id begins with
/// `receiver_instance`.
/// If the sender's instance is not known, or would be dropped, another number takes its place.
#[must_use]
pub fn mint_message_id(
    sender_instance: Option<&str>,
    receiver_instance: Option<&str>,
    now: Millis,
) -> String {
    let now = if now.0.is_finite() {
        now.0.max(0.0).floor()
    } else {
        0.0
    };
    let is_swallowed = |instance: &str| {
        receiver_instance.is_some_and(|own| !own.is_empty() && instance.starts_with(own))
    };
    let sender = sender_instance.filter(|instance| {
        !instance.is_empty()
            && instance.bytes().all(|byte| byte.is_ascii_digit())
            && !is_swallowed(instance)
    });
    let instance = if let Some(instance) = sender {
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

/// The same digits with another first digit.
fn other_first_digit(digits: &str) -> String {
    let rest = digits.get(1..).unwrap_or_default();
    let first = if digits.starts_with('9') { '8' } else { '9' };
    format!("{first}{rest}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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
