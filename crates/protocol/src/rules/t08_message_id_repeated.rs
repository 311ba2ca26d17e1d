//! T08: one side sends two messages with the same id.

use super::prelude::*;
use crate::state::RepeatedId;

pub(super) const RULE: Rule = Rule {
    code: "T08",
    title: "messageId repeated",
    why: "A host that removes duplicates would lose one of the two. The SDK itself repeats an id \
          when it sends twice within one millisecond; in that case this is only a note.",
    fix: "Leave messageId out of what you pass to sendMessage(), so that the SDK creates it. If \
          you create ids yourself, make every one of them new. For ids created by the SDK there \
          is nothing to do.",
    severity: "warning; note for ids of the SDK's form, which are equal if minted in one \
               millisecond: once for a whole conversation",
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
        Hook::Due {
            when,
            check: |state, due, report| tell_minted(state, Some(due), report),
        },
        Hook::Leave(|state, report| tell_minted(state, None, report)),
        Hook::End(|state, report| tell_minted(state, None, report)),
    ],
    ..Rule::ANY_VERSION
};

/// Two SDK objects in one page mint equal ids, too, and T09 tells that of both. It shows soon: both
/// answer the handshake.
const PATIENCE: Millis = Millis(1_000.0);

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

/// When it is certain that one SDK object minted an id twice.
fn when(state: &State, after: Millis) -> Option<Millis> {
    let due = state.repeated_ids.first().map(certain_at);
    due.filter(|due| *due > after)
        .min_by(|a, b| a.0.total_cmp(&b.0))
}

fn certain_at(repeated: &RepeatedId) -> Millis {
    repeated.later.at + PATIENCE
}

/// Reports the first id that one SDK object minted twice. That is what it does, and no reason to
/// count: a session that is still recorded and its saved copy say the same.
fn tell_minted(state: &State, now: Option<Millis>, report: &mut Report<'_>) {
    let is_certain = |it: &&RepeatedId| now.is_none_or(|now| certain_at(it) <= now);
    let certain = state.repeated_ids.first().filter(is_certain);
    let Some(repeated) = certain.min_by_key(|it| it.later.seq) else {
        return;
    };
    if report.once_in_conversation(()) {
        report
            .note(
                "A message has the same messageId as another: the SDK mints ids by the \
                 millisecond; nothing to do",
            )
            .anchor(repeated.later.seq)
            .see([repeated.earlier]);
    }
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

    /// Told while the session is still recorded, and no more at its end.
    #[test]
    fn in_one_millisecond() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    LOGGED_OUT .messageId=1699999999500_7
            1000 widget    RESIZE_WIDGET width=400 height=600 .messageId=1699999999500_7
            2500 advance
                 ! T08 [#5] note A message has the same messageId as another: the SDK mints ids by the millisecond; nothing to do
            3000 widget    LOGGED_IN .messageId=1699999999500_9
            3000 widget    RESIZE_WIDGET width=400 height=600 .messageId=1699999999500_9
            9000 end
        "#]]);
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    LOGGED_OUT .messageId=1699999999500_7
            1000 widget    RESIZE_WIDGET width=400 height=600 .messageId=1699999999500_7
            1500 end
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
                 ! T08 [#5] note A message has the same messageId as another: the SDK mints ids by the millisecond; nothing to do
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
