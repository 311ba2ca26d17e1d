use super::*;

fn draft(text: &str) -> Overrides {
    let mut overrides = Overrides::default();
    overrides.set_draft(text.to_owned());
    overrides
}

#[track_caller]
fn check_problem(text: &str, expected: &str) {
    assert_eq!(draft(text).to_write().unwrap_err(), expected);
}

#[test]
fn good_overrides_are_written_in_one_line() {
    for (url, is_good) in [
        ("https://dialer.example/", true),
        ("https://localhost:9025/?x=1", true),
        ("http://localhost:9025", true),
        ("http://127.0.0.1:80/", true),
        ("http://[::1]:80/", true),
        ("HTTPS://X", true),
        ("http://dialer.example", false),
        ("http://127.evil.example/", false),
        ("http://localhost.evil.example/", false),
        ("http://user@localhost:1/", true),
        ("javascript://localhost/%0aalert(1)", false),
        ("//localhost", false),
        ("https://", false),
        ("https:// x", false),
    ] {
        let text = serde_json::json!({ "name": "x", "url": url }).to_string();
        assert_eq!(draft(&text).to_write().is_ok(), is_good, "{url}");
    }
    let written = draft("{\n \"url\": \"https://x\", \"more\": [1] }")
        .to_write()
        .unwrap();
    assert_eq!(written.key, "LocalSettings:Calling:CallingExtensions");
    assert_eq!(
        written.value.as_deref(),
        Some(r#"{"url":"https://x","more":[1]}"#)
    );
}

#[test]
fn bad_overrides_are_refused_with_the_reason() {
    check_problem(
        "[]",
        "It must be a JSON object: { \"name\": …, \"url\": … }",
    );
    check_problem(
        "{\n x",
        "It is not JSON: line 2, column 2: key must be a string",
    );
    check_problem(
        r#"{"url":"http://dialer.example"}"#,
        "\"url\" must be https: browsers block http frames in HubSpot's https page. Only localhost may be http",
    );
    check_problem(
        r#"{"url":""}"#,
        "\"url\" is empty: write the widget's address, such as https://localhost:9025/",
    );
}

#[test]
fn fields_edit_the_text_and_leave_the_rest() {
    let mut overrides = draft(r#"{"name":"a","more":1,"width":400}"#);
    overrides.set_field("url", "https://x");
    overrides.set_field("width", "");
    overrides.set_field("height", "650");
    overrides.set_field("isReady", "false");
    let text = overrides.to_write().unwrap().value.unwrap();
    assert_eq!(
        text,
        r#"{"name":"a","more":1,"url":"https://x","height":650,"isReady":false}"#
    );
    let data = overrides.data(None, UtcOffset::default());
    let values: Vec<&str> = data
        .fields
        .iter()
        .map(|field| field.value.as_str())
        .collect();
    assert_eq!(values, ["a", "https://x", "false", "", "650"]);
}

#[test]
fn what_is_set_is_the_first_draft() {
    let mut overrides = Overrides::default();
    assert!(!overrides.data(None, UtcOffset::default()).both_set);
    overrides.read(&KEYS.map(|it| SettingText {
        key: it.key.to_owned(),
        value: Some("not json".to_owned()),
    }));
    let data = overrides.data(None, UtcOffset::default());
    assert!(data.both_set);
    assert_eq!(data.draft, "not json");
    assert!(data.fields.iter().all(|field| !field.is_editable));
}

#[test]
fn a_demo_widget_is_chosen_from_three() {
    let mut overrides = Overrides::default();
    overrides.choose("LocalSettings:Calling:installDemoWidget");
    let written = overrides.to_write().unwrap();
    assert_eq!(
        written.value.as_deref(),
        Some("local"),
        "plain text, no JSON"
    );
    overrides.set_draft("app:js".to_owned());
    assert_eq!(
        overrides.to_write().unwrap().value.as_deref(),
        Some("app:js")
    );
    assert_eq!(overrides.data(None, UtcOffset::default()).why_not, None);
    overrides.set_draft("mine".to_owned());
    assert_eq!(
        overrides
            .data(None, UtcOffset::default())
            .why_not
            .as_deref(),
        Some("Cannot be set yet. HubSpot knows only local, app and app:js for this key.")
    );
    overrides.is_waiting = true;
    let data = overrides.data(None, UtcOffset::default());
    assert_eq!(
        data.why_not.as_deref(),
        Some("Waits for the page to answer.")
    );
}

#[test]
fn what_was_changed_can_be_put_back_while_it_is_there() {
    let mut overrides = Overrides::default();
    let key = KEYS[2].key.to_owned();
    let values = [None, Some("local"), Some("app"), Some("app")].map(|it| it.map(str::to_owned));
    for (at, pair) in (0_u32..).zip(values.windows(2)) {
        overrides.note_change(Change {
            key: key.clone(),
            before: pair[0].clone(),
            after: pair[1].clone(),
            at: Millis(at.into()),
        });
    }
    overrides.read(&[SettingText {
        key,
        value: Some("app".to_owned()),
    }]);
    let changes = overrides.data(None, UtcOffset::default()).changes;
    let told: Vec<_> = (changes.iter())
        .map(|it| {
            (
                it.change.before.as_deref(),
                it.change.after.as_deref(),
                it.can_restore,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (Some("local"), Some("app"), true),
            (None, Some("local"), false)
        ],
        "setting what is set is not a change"
    );
}
