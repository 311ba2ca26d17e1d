//! T08: one side sends two messages with the same id.

use super::prelude::*;
use crate::state::{RepeatedId, RepeatedIds};

pub(super) const RULE: Rule = Rule {
    code: "T08",
    title: "messageId repeated",
    why: "A host that removes duplicates would lose one of the two. The SDK itself repeats an id \
          when it sends twice within one millisecond; in that case this is only a note.",
    fix: "Leave messageId out of what you pass to sendMessage(), so that the SDK creates it. If \
          you create ids yourself, make every one of them new. For ids created by the SDK there \
          is nothing to do.",
    severity: "warning; note for ids of the SDK's form, which are equal if minted in one \
               millisecond: one for a whole conversation, once its page or the recording ends",
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 host      VISIBILITY_CHANGED isMinimized=false isHidden=false .messageId=m1
            9000 host      DIAL_NUMBER phoneNumber=+15550100 .messageId=m1
                 ! T08 warning DIAL_NUMBER has the messageId m1, which the host used before
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 host      VISIBILITY_CHANGED isMinimized=false isHidden=false .messageId=m1
            9000 host      DIAL_NUMBER phoneNumber=+15550100 .messageId=m2
        ",
    },
    hooks: &[
        Hook::Every(check),
        Hook::Leave(tell_repeated_ids),
        Hook::End(tell_repeated_ids),
    ],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    // SYNC_ACK repeats the id of its SYNC; repeated ids of the SDK's form are only counted.
    if arrival.is_ack() || arrival.instance.is_some() {
        return;
    }
    let Some(id) = arrival.id else { return };
    let Some(first) = arrival.state.peer(arrival.from()).seen_id(id) else {
        return;
    };
    // A page that sends everything with one id makes one mistake.
    if !report.once((arrival.from(), id)) {
        return;
    }
    let name = arrival.name();
    let sender = arrival.from().name();
    report
        .warning(format!(
            "{name} has the messageId {id}, which the {sender} used before"
        ))
        .see([first]);
}

/// Reports ids that the SDK created within one millisecond: one note, with their number.
fn tell_repeated_ids(state: &State, report: &mut Report<'_>) {
    let RepeatedIds { count, first } = &state.repeated_ids;
    let Some(RepeatedId { later, .. }) = first.first() else {
        return;
    };
    if !report.once_in_conversation(()) {
        return;
    }
    let what = match count {
        1 => "A message has the same messageId as another".to_owned(),
        count => format!("{count} messages have the same messageId as another"),
    };
    report
        .note(format!(
            "{what}: the SDK mints ids by the millisecond; nothing to do"
        ))
        .anchor(*later)
        .see(first.iter().flat_map(|it| [it.earlier, it.later]));
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn one_id_for_everything() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    LOGGED_OUT .messageId=1
            2000 widget    LOGGED_IN .messageId=1
                 ! T08 warning LOGGED_IN has the messageId 1, which the widget used before
            3000 widget    USER_AVAILABLE .messageId=1
        "#]]);
    }

    #[test]
    fn in_one_millisecond() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    LOGGED_OUT .messageId=1699999999500_7
            1000 widget    RESIZE_WIDGET width=400 height=600 .messageId=1699999999500_7
            2000 end
                 ! T08 [#5] note A message has the same messageId as another: the SDK mints ids by the millisecond; nothing to do
            3000 end
        "#]]);
    }

    #[test]
    fn however_often_and_whoever_sends() {
        check(&expect![[r#"
               0 handshake 0.0.1 old
            1000 widget    LOGGED_OUT .messageId=1699999999500_7
            1000 widget    RESIZE_WIDGET width=400 height=600 .messageId=1699999999500_7
            1000 widget    LOGGED_IN .messageId=1699999999500_7
            2000 host      VISIBILITY_CHANGED isMinimized=true isHidden=false .messageId=1699999999000_8
            2000 host      VISIBILITY_CHANGED isMinimized=false isHidden=false .messageId=1699999999000_8
                 ! S12 note VISIBILITY_CHANGED says shown right after it said minimized
            3000 closed widget
                 ! T08 [#5] note 3 messages have the same messageId as another: the SDK mints ids by the millisecond; nothing to do
            4000 ready 0.0.1 old
            4010 widget2   INITIALIZED isLoggedIn=true .messageId=1699999999777_9
            4010 widget2   LOGGED_OUT .messageId=1699999999777_9
            5000 end
        "#]]);
    }

    #[test]
    fn each_conversation_has_its_own() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    LOGGED_OUT .messageId=1699999999500_7
            1000 widget    RESIZE_WIDGET width=400 height=600 .messageId=1699999999500_7
            2000 conversation 2 continues=1
                 ! T08 [#5] note A message has the same messageId as another: the SDK mints ids by the millisecond; nothing to do
            2100 ready 0.9.7-beta.0 conversation=2
            2110 widget2   INITIALIZED isLoggedIn=true .messageId=1699999999777_8 conversation=2
            2110 widget2   LOGGED_OUT .messageId=1699999999777_8 conversation=2
            3000 end
                 ! T08 [#9] note A message has the same messageId as another: the SDK mints ids by the millisecond; nothing to do
        "#]]);
    }

    #[test]
    fn of_two_sdk_objects_is_no_finding() {
        check(&expect![[r#"
               0 ready 0.9.7-beta.0
               3 widget    INITIALIZED isLoggedIn=true .messageId=1699999999500_7
               3 widget    INITIALIZED isLoggedIn=true .messageId=1699999999500_7
               4 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
                 ! T09 warning Two CallingExtensions objects in one page: new CallingExtensions() ran twice, so that READY, INITIALIZED, and the start and end of every call come twice
             900 widget    LOGGED_OUT .messageId=1699999999500_900
             900 widget    LOGGED_OUT .messageId=1699999999500_900
            1000 host      VISIBILITY_CHANGED isMinimized=true isHidden=false .messageId=1699999999000_8
            1000 host      VISIBILITY_CHANGED isMinimized=false isHidden=false .messageId=1699999999000_8
                 ! S12 note VISIBILITY_CHANGED says shown right after it said minimized
            5000 end
                 ! T08 [#9] note A message has the same messageId as another: the SDK mints ids by the millisecond; nothing to do
        "#]]);
    }

    #[test]
    fn new_ids() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 host      VISIBILITY_CHANGED isMinimized=false isHidden=false .messageId=m1
            9000 widget    LOGGED_OUT .messageId=m1
        "#]]);
    }
}
