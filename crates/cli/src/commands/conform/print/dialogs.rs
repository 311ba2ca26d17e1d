//! Describes the dialogs that pages have shown.

use callscope_browser::Dialog;
use callscope_protocol::origin_of;
use callscope_session_view::value::cut;

/// How many characters of a dialog's text are shown.
const MOST_SHOWN: usize = 80;

/// A sentence for each dialog; identical ones share a sentence.
pub(super) fn sentences(dialogs: &[Dialog], widget: &str) -> Vec<String> {
    let same = dialogs.chunk_by(|a, b| a == b);
    let sentences = same.filter_map(|same| {
        let times = match same.len() {
            1 => String::new(),
            count => format!(" {count} times"),
        };
        Some(sentence(same.first()?, &times, widget))
    });
    sentences.collect()
}

fn sentence(dialog: &Dialog, times: &str, widget: &str) -> String {
    let Dialog { kind, message, url } = dialog;
    let who = match origin_of(url) {
        it if it.is_some() && it == origin_of(widget) => "the widget".to_owned(),
        Some(origin) => format!("a page of {origin}"),
        None => "a page".to_owned(),
    };
    if kind == "beforeunload" {
        return format!("{who} asked{times} whether it may be left (beforeunload), and was left");
    }
    let said = cut(message, MOST_SHOWN);
    let end = match kind.as_str() {
        "confirm" => "dismissed: it returned false",
        "prompt" => "dismissed: it returned null",
        _ => "closed",
    };
    format!("{who} showed {kind}({said:?}){times}, which was {end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_says_whose_it_was_and_what_became_of_it() {
        let dialog = |kind: &str, message: &str, url: &str| Dialog {
            kind: kind.to_owned(),
            message: message.to_owned(),
            url: url.to_owned(),
        };
        let own = "https://localhost:9025/call";
        let dialogs = [
            dialog("alert", "a \"b\"", own),
            dialog("alert", "a \"b\"", own),
            dialog("confirm", &"x".repeat(90), own),
            dialog("prompt", "", "https://ads.example/"),
            dialog("beforeunload", "", own),
        ];
        let told = sentences(&dialogs, "https://localhost:9025/").join("\n");
        expect_test::expect![[r#"
            the widget showed alert("a \"b\"") 2 times, which was closed
            the widget showed confirm("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…"), which was dismissed: it returned false
            a page of https://ads.example showed prompt(""), which was dismissed: it returned null
            the widget asked whether it may be left (beforeunload), and was left"#]]
        .assert_eq(&told);
    }
}
