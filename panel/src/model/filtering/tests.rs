use std::fmt::Write as _;

use expect_test::{Expect, expect};

use super::*;
use crate::action::Action;
use crate::model::testing::source;

/// The filter in force after each key; `⌫` deletes the one before it.
#[track_caller]
fn check(start: &str, keys: &str, expected: &Expect) {
    let mut model = Model::default();
    model.set_filter(start.to_owned());
    let mut told = String::new();
    let mut text = start.to_owned();
    for key in keys.chars() {
        if key == '⌫' {
            text.pop();
        } else {
            text.push(key);
        }
        model.set_filter(text.clone());
        let state = match &model.filter_error {
            None => "",
            Some(_) if model.filtering.is_unfinished => " unfinished",
            Some(_) => " wrong",
        };
        let filter = model.filter_in_force();
        assert_eq!(
            Filter::parse(filter).as_ref(),
            Ok(&model.view_options.filter)
        );
        let line = format!("[{filter}]{state}");
        if told.lines().last() != Some(&line) {
            _ = writeln!(told, "{line}");
        }
    }
    expected.assert_eq(&told);
}

#[test]
fn half_a_key_does_not_stay_in_force() {
    check(
        "type:CALL_* ",
        "sev>=foo",
        &expect![[r#"
        [type:CALL_* s]
        [type:CALL_* se]
        [type:CALL_* sev]
        [type:CALL_*] wrong
    "#]],
    );
    check(
        "type:CALL_*",
        " severity>=foo bar",
        &expect![[r#"
        [type:CALL_*]
        [type:CALL_* s]
        [type:CALL_* se]
        [type:CALL_* sev]
        [type:CALL_* seve]
        [type:CALL_* sever]
        [type:CALL_* severi]
        [type:CALL_* severit]
        [type:CALL_* severity]
        [type:CALL_*] unfinished
        [type:CALL_*] wrong
    "#]],
    );
    check(
        "",
        "Dial data.toNumber>x",
        &expect![[r#"
        [D]
        [Di]
        [Dia]
        [Dial]
        [Dial d]
        [Dial da]
        [Dial dat]
        [Dial data]
        [Dial data.]
        [Dial data.t]
        [Dial data.to]
        [Dial data.toN]
        [Dial data.toNu]
        [Dial data.toNum]
        [Dial data.toNumb]
        [Dial data.toNumbe]
        [Dial data.toNumber]
        [Dial] unfinished
        [Dial] wrong
    "#]],
    );
    check(
        "severity>=error",
        "⌫⌫⌫⌫⌫warning",
        &expect![[r#"
        [severity>=error] wrong
        [severity>=error] unfinished
        [severity>=error] wrong
        [severity>=warning]
    "#]],
    );
    check(
        "from:host",
        " type:CALL_*⌫⌫⌫⌫⌫⌫⌫⌫⌫p",
        &expect![[r#"
            [from:host]
            [from:host t]
            [from:host ty]
            [from:host typ]
            [from:host type]
            [from:host] unfinished
            [from:host type:C*]
            [from:host type:CA*]
            [from:host type:CAL*]
            [from:host type:CALL*]
            [from:host type:CALL_*]
            [from:host type:CALL*]
            [from:host type:CAL*]
            [from:host type:CA*]
            [from:host type:C*]
            [from:host type:CALL_*] unfinished
            [from:host type]
            [from:host typ]
            [from:host ty]
            [from:host typ]
        "#]],
    );
}

/// A list that is empty while a type is being typed tells nothing.
#[test]
fn a_name_is_a_prefix_while_it_is_typed() {
    check(
        "from:host",
        " type:SYNC,CALL_E⌫*",
        &expect![[r#"
        [from:host]
        [from:host t]
        [from:host ty]
        [from:host typ]
        [from:host type]
        [from:host] unfinished
        [from:host type:S*]
        [from:host type:SY*]
        [from:host type:SYN*]
        [from:host type:SYNC]
        [from:host type:SYNC,]
        [from:host type:SYNC,C*]
        [from:host type:SYNC,CA*]
        [from:host type:SYNC,CAL*]
        [from:host type:SYNC,CALL*]
        [from:host type:SYNC,CALL_*]
        [from:host type:SYNC,CALL_E*]
        [from:host type:SYNC,CALL_*]
    "#]],
    );
    check(
        "",
        "-type:SYN",
        &expect![[r#"
        [-]
        [-t]
        [-ty]
        [-typ]
        [-type]
        [] unfinished
        [-type:S]
        [-type:SY]
        [-type:SYN]
    "#]],
    );
    check(
        "",
        "rule:M1 code:m",
        &expect![[r#"
        [r]
        [ru]
        [rul]
        [rule]
        [] unfinished
        [rule:M*]
        [rule:M1*]
        [rule:M1]
        [rule:M1 c]
        [rule:M1 co]
        [rule:M1 cod]
        [rule:M1 code]
        [rule:M1] unfinished
        [rule:M1 code:m*]
    "#]],
    );
    // What is pasted, chosen or left is meant as it stands.
    let mut model = Model::default();
    let mut set = |text: &str| {
        model.set_filter(text.to_owned());
        model.filter_in_force().to_owned()
    };
    assert_eq!(set("type:CALL_"), "type:CALL_");
    assert_eq!(set("type:CALL_A"), "type:CALL_A*");
    assert_eq!(set("type:CALL_A"), "type:CALL_A");
    assert_eq!(set("type:CALL_"), "type:CALL_*");
    assert_eq!(set("type:CALL_ "), "type:CALL_");
}

#[test]
fn the_edited_term_is_found_anywhere() {
    let check = |before: &str, text: &str, expected: &str| {
        assert_eq!(
            text.get(Edit::between(before, text).term),
            Some(expected),
            "{text}"
        );
    };
    check("", "", "");
    check("a", "ab", "ab");
    check("a ", "a b", "b");
    check("a", "a ", "");
    check("a", "a b:c", "b:c");
    check("is:a from:host", "is:ab from:host", "is:ab");
    check("aa bb cc", "aa bb", "bb");
    check("é x", "éé x", "éé");
    check("aa", "a", "a");
    check("a b", "c d", "c d");
}

/// DevTools reports every letter.
#[test]
fn that_a_search_finds_nothing_is_said_once() {
    let mut model = Model {
        live: source(r#"host {"type":"DIAL_NUMBER","data":{"phoneNumber":"+15550100"}}"#),
        ..Model::default()
    };
    let mut said = |text: &str| {
        let text = text.to_owned();
        model.perform(Action::Find { text });
        let notices = model.notices.iter().map(|it| it.text.clone());
        notices.collect::<Vec<String>>()
    };
    for text in ["1555q", "1555qq"] {
        assert_eq!(
            said(text),
            [format!("No message shown here holds “{text}”")]
        );
    }
    assert_eq!(said("1555"), [] as [String; 0], "it is found");
    said("1555q");
    assert_eq!(said(""), [] as [String; 0], "nothing is looked for");
}
