//! S04: a size is not a number.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "S04",
    title: "Size is not a number",
    why: "HubSpot reads a number as pixels, uses a string as it is (for example 50%), and ignores \
          everything else.",
    fix: "Pass numbers of pixels: initialized({ isLoggedIn, sizeInfo: { width: 400, height: 650 } \
          }) and resizeWidget({ width: 400, height: 650 }).",
    severity: "note",
    example: Example {
        breaks: r#"
            0 ready 0.9.7-beta.0
            3 widget    INITIALIZED isLoggedIn=true sizeInfo={"width":"400","height":600}
              ! S04 note sizeInfo.width of INITIALIZED is a string; expected a number of pixels
        "#,
        clean: r#"
            0 ready 0.9.7-beta.0
            3 widget    INITIALIZED isLoggedIn=true sizeInfo={"width":400,"height":600}
        "#,
    },
    hooks: &[Hook::On(
        &[MessageType::Initialized, MessageType::ResizeWidget],
        check,
    )],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if arrival.from() != Side::Widget {
        return;
    }
    let prefix = if arrival.is(MessageType::Initialized) {
        "sizeInfo."
    } else {
        ""
    };
    for key in ["width", "height"] {
        let path = format!("{prefix}{key}");
        let Some(value) = arrival
            .deep_field(&path)
            .filter(|value| **value != Json::Null)
        else {
            continue;
        };
        if value.as_f64().is_none() {
            let (name, kind) = (arrival.name(), value.kind_words());
            report
                .note(format!(
                    "{path} of {name} is {kind}; expected a number of pixels"
                ))
                .about([key]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn texts() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0 sizeInfo={"width":"400","height":600}
                 ! S04 note sizeInfo.width of INITIALIZED is a string; expected a number of pixels
            1000 widget    RESIZE_WIDGET width=50% height=true
                 ! S04 note width of RESIZE_WIDGET is a string; expected a number of pixels
                 ! S04 note height of RESIZE_WIDGET is a boolean; expected a number of pixels
        "#]]);
    }

    #[test]
    fn numbers() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0 sizeInfo={"width":400,"height":600}
            1000 widget    RESIZE_WIDGET width=400 height=600.5
        "#]]);
    }
}
