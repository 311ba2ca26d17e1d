//! T07: a message has an id that its receiver takes for a response.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "T07",
    title: "Id begins with the receiver's own digits",
    why: "The SDK takes every message whose id begins with the digits of its own instance for a \
          response to itself. No handler waits for one, so the message silently disappears. The \
          usual cause is answering with the id of the request.",
    fix: "Create a new id for every message, even if it answers another one; only SYNC_ACK \
          repeats the id of what it answers. In the widget, leave messageId out of what you pass \
          to sendMessage(), so that the SDK creates it.",
    severity: "error",
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a .messageId=1699999999500_1700000001000
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711 .messageId=1699999999500_1700000001000
                 ! T07 error CREATE_ENGAGEMENT_SUCCEEDED has the id 1699999999500_1700000001000, which begins with the widget's own 1699999999500; the widget takes it for a response and drops it
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a .messageId=1699999999500_1700000001000
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711 .messageId=1699999999000_1700000001200
        ",
    },
    hooks: &[Hook::Every(check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if arrival.is_sync() || arrival.is_ack() {
        return;
    }
    let receiver = arrival.from().other();
    let Some(instance) = arrival.state.instance(receiver) else {
        return;
    };
    let Some(id) = arrival.id else { return };
    // If both sides have the same instance, every message is dropped: T10.
    let is_equal = arrival.instance == Some(instance) && !arrival.state.borrows_id(arrival);
    if is_equal || !id.starts_with(instance) {
        return;
    }
    let receiver = receiver.name();
    report.error(format!(
        "{} has the id {id}, which begins with the {receiver}'s own {instance}; the {receiver} \
         takes it for a response and drops it",
        arrival.name()
    ));
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn an_answer_with_the_id_of_its_request() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 host      DIAL_NUMBER phoneNumber=+15550100
            2000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 externalCallId=a createEngagement=true .messageId=1699999999500_9
            2100 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=1 .messageId=1699999999500_9
                 ! T07 error CREATE_ENGAGEMENT_SUCCEEDED has the id 1699999999500_9, which begins with the widget's own 1699999999500; the widget takes it for a response and drops it
            2200 widget    CALL_ANSWERED externalCallId=a .messageId=1699999999000_77
                 ! T07 error CALL_ANSWERED has the id 1699999999000_77, which begins with the host's own 1699999999000; the host takes it for a response and drops it
        "#]]);
    }

    #[test]
    fn longer_digits_are_swallowed_as_well() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 host      DIAL_NUMBER phoneNumber=+15550100 .messageId=16999999995001_1
                 ! T07 error DIAL_NUMBER has the id 16999999995001_1, which begins with the widget's own 1699999999500; the widget takes it for a response and drops it
        "#]]);
    }

    #[test]
    fn own_ids() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 host      DIAL_NUMBER phoneNumber=+15550100
            2000 widget    LOGGED_OUT
        "#]]);
    }
}
