//! The hooks of all rules, sorted by what they look at.

use std::sync::LazyLock;

use crate::recorded::Recorded;
use crate::rule::{CheckMessage, Hook, Report};
use crate::state::State;
use crate::{Gap, Inside, MessageType, Millis, Rule, Setting, rules};

/// The checks of each message type; the last list is for messages of no known type.
pub(super) static CHECKS: LazyLock<Vec<Vec<(&'static Rule, CheckMessage)>>> = LazyLock::new(|| {
    let mut lists = vec![Vec::new(); MessageType::ALL.len() + 1];
    for rule in rules() {
        for hook in rule.hooks {
            match hook {
                Hook::Every(check) => lists.iter_mut().for_each(|list| list.push((*rule, *check))),
                Hook::On(types, check) => {
                    for ty in *types {
                        if let Some(list) = lists.get_mut(*ty as usize) {
                            list.push((*rule, *check));
                        }
                    }
                }
                Hook::Due { .. }
                | Hook::Leave(_)
                | Hook::End(_)
                | Hook::Recorded(_)
                | Hook::Gap(_)
                | Hook::Inside(_)
                | Hook::Setting(_) => {}
            }
        }
    }
    lists
});

/// Collects the hooks of one kind.
macro_rules! hooks {
    ($name:ident: $variant:ident($check:ty)) => {
        pub(super) static $name: LazyLock<Vec<(&'static Rule, $check)>> = LazyLock::new(|| {
            let hooks = rules()
                .iter()
                .flat_map(|rule| rule.hooks.iter().map(move |hook| (*rule, hook)));
            hooks
                .filter_map(|(rule, hook)| match hook {
                    Hook::$variant(check) => Some((rule, *check)),
                    _ => None,
                })
                .collect()
        });
    };
}

hooks!(LEAVE: Leave(fn(&State, &mut Report<'_>)));
hooks!(END: End(fn(&State, &mut Report<'_>)));
hooks!(RECORDED: Recorded(fn(Recorded, &mut Report<'_>)));
hooks!(GAP: Gap(fn(&State, &Gap, &mut Report<'_>)));
hooks!(INSIDE: Inside(fn(&State, &Inside, &mut Report<'_>)));
hooks!(SETTING: Setting(fn(&Setting, &[Setting], &mut Report<'_>)));

pub(super) type When = fn(&State, Millis) -> Option<Millis>;
pub(super) type CheckDue = fn(&State, Millis, &mut Report<'_>);

/// The checks that become due at some time.
pub(super) static DUE: LazyLock<Vec<(&'static Rule, When, CheckDue)>> = LazyLock::new(|| {
    let mut due = Vec::new();
    for rule in rules() {
        for hook in rule.hooks {
            if let Hook::Due { when, check } = hook {
                due.push((*rule, *when, *check));
            }
        }
    }
    due
});
