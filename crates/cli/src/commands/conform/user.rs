//! What a user does in the widget, try by try, so that nothing else has to wait.

use std::time::Duration;

use callscope_browser::{BrowserError, Key, Target};
use callscope_protocol::Millis;
use callscope_scenario::RoleAction;
use serde_json::Value;

use super::pipe::Pipe;

/// How long to keep trying: what is to be clicked may not have appeared yet.
const LIMIT: Millis = Millis(5_000.0);

/// The state of what a user does.
#[derive(Debug)]
pub(super) enum Attempt {
    /// All actions are done.
    Done,
    /// Try again soon.
    NotYet,
    /// The widget lacks the element to be used.
    CannotUse(String),
    /// Something failed that is not the widget's fault.
    Broken(String),
}

/// A sequence of actions, the first of which are done.
#[derive(Debug)]
pub(super) struct User {
    actions: Vec<RoleAction>,
    done: usize,
    /// Since when the current action has been tried.
    since: Millis,
}

/// The result of trying one action.
enum Tried {
    Done,
    /// Not possible yet, and why.
    No(String),
    Broken(String),
}

impl User {
    pub(super) fn new(actions: Vec<RoleAction>, now: Millis) -> Self {
        Self {
            actions,
            done: 0,
            since: now,
        }
    }

    /// Does the actions that can be done now.
    pub(super) fn attempt(&mut self, pipe: &Pipe<'_>, origin: &str, now: Millis) -> Attempt {
        while let Some(action) = self.actions.get(self.done) {
            let tried = match action {
                RoleAction::Click(selector) => in_widget(pipe, origin, &click(selector)),
                RoleAction::Type { text, into } => type_text(pipe, origin, text, into.as_deref()),
                RoleAction::Press(key) => press(pipe, key),
                RoleAction::Request { url, method, body } => request(url, method, body),
            };
            match tried {
                Tried::Done => {
                    self.done += 1;
                    self.since = now;
                }
                Tried::Broken(why) => return Attempt::Broken(why),
                Tried::No(why) if now >= self.since + LIMIT => return Attempt::CannotUse(why),
                Tried::No(_) => return Attempt::NotYet,
            }
        }
        Attempt::Done
    }
}

/// A script that finds an element that a user can use; it returns `null`, or why there is none.
fn use_element(selector: &str, what: &str) -> String {
    let selector = Value::from(selector);
    format!(
        "(selector => {{
            const all = [...document.querySelectorAll(selector)];
            if (all.length === 0) {{
                const byId = document.getElementById(selector);
                const advice = byId ? `; for an id write #${{selector}}` : '';
                return `nothing in the widget fits the selector ${{selector}}${{advice}}`;
            }}
            const shown = all.filter(it => it.getClientRects().length > 0);
            if (shown.length === 0) return `what ${{selector}} finds is not shown`;
            const found = shown.find(it => !it.disabled);
            if (!found) return `what ${{selector}} finds is disabled`;
            found.scrollIntoView({{ block: 'center', behavior: 'instant' }});
            {what}
            return null;
        }})({selector})"
    )
}

fn click(selector: &str) -> String {
    // A click by script: the mouse would have to aim, and its target may move when an answer
    // arrives.
    use_element(selector, "found.click();")
}

fn type_text(pipe: &Pipe<'_>, origin: &str, text: &str, into: Option<&str>) -> Tried {
    if let Some(selector) = into {
        let focus = use_element(selector, "found.focus(); found.select?.();");
        match in_widget(pipe, origin, &focus) {
            Tried::Done => {}
            other => return other,
        }
    }
    told(pipe.page.type_text(text))
}

fn press(pipe: &Pipe<'_>, key: &str) -> Tried {
    match parse_key(key) {
        Some(key) => told(pipe.page.press(key)),
        None => Tried::Broken(format!(
            "callscope.json: \"{key}\" is not a key; write Enter, Escape, Tab, Space, Backspace, \
             Delete, an arrow such as Up, or one letter or digit"
        )),
    }
}

fn parse_key(name: &str) -> Option<Key> {
    Some(match name {
        "Enter" => Key::Enter,
        "Escape" => Key::Escape,
        "Tab" => Key::Tab,
        "Space" => Key::Space,
        "Backspace" => Key::Backspace,
        "Delete" => Key::Delete,
        "Up" => Key::Up,
        "Down" => Key::Down,
        "Left" => Key::Left,
        "Right" => Key::Right,
        "Home" => Key::Home,
        "End" => Key::End,
        other => {
            let mut letters = other.chars();
            match (letters.next(), letters.next()) {
                (Some(letter), None) if letter.is_ascii_alphanumeric() => {
                    Key::Char(letter.to_ascii_lowercase())
                }
                _ => return None,
            }
        }
    })
}

fn told(result: Result<(), BrowserError>) -> Tried {
    match result {
        Ok(()) => Tried::Done,
        Err(error) if error.is_final() => Tried::Broken(error.to_string()),
        Err(error) => Tried::No(error.to_string()),
    }
}

/// Runs a script in the widget's page.
fn in_widget(pipe: &Pipe<'_>, origin: &str, script: &str) -> Tried {
    match evaluate(pipe, origin, script) {
        Ok(Some(Value::String(why))) => Tried::No(why),
        Ok(Some(_)) => Tried::Done,
        Ok(None) => Tried::No(format!("the widget has no page of {origin}")),
        Err(BrowserError::Script { exception, .. }) => Tried::Broken(format!(
            "a selector in callscope.json: {}",
            exception.lines().next().unwrap_or_default()
        )),
        Err(error) if error.is_final() => Tried::Broken(error.to_string()),
        Err(BrowserError::Timeout { .. }) => {
            Tried::No("the widget's page does not answer: a script of it loops".to_owned())
        }
        // A frame that is still loading cannot be asked.
        Err(error) => Tried::No(error.to_string()),
    }
}

/// The result of a script in the widget's page; `None` if there is no such page.
fn evaluate(pipe: &Pipe<'_>, origin: &str, script: &str) -> Result<Option<Value>, BrowserError> {
    if let Some(frame) = frame(pipe, origin)? {
        return frame.evaluate_as_user(None, script).map(Some);
    }
    for context in pipe.page.contexts()? {
        if context.is_page() && context.origin == origin {
            return pipe.page.evaluate_as_user(Some(&context), script).map(Some);
        }
    }
    Ok(None)
}

/// The widget's frame, if it has its own process.
fn frame(pipe: &Pipe<'_>, origin: &str) -> Result<Option<Target>, BrowserError> {
    let is_widget = |url: &str| {
        url.strip_prefix(origin)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let found = pipe.frames(is_widget)?.into_iter().next();
    found.map(|it| pipe.attach(it)).transpose()
}

/// Sends a request to a URL on this machine, such as a provider's test server.
fn request(url: &str, method: &str, body: &str) -> Tried {
    match send(url, method, body) {
        Ok(status) if (200..400).contains(&status) => Tried::Done,
        Ok(status) => Tried::Broken(format!("{method} {url} answered {status}")),
        Err(why) => Tried::Broken(format!(
            "{method} {url}, the request in callscope.json: {why}"
        )),
    }
}

fn send(url: &str, method: &str, body: &str) -> Result<u16, String> {
    const PATIENCE: Duration = Duration::from_secs(5);
    let kind = if body.starts_with(['{', '[']) {
        "application/json"
    } else {
        "application/x-www-form-urlencoded"
    };
    let request = ureq::http::Request::builder()
        .method(method)
        .uri(url)
        .header("content-type", kind)
        .body(body.to_owned())
        .map_err(|error| error.to_string())?;
    // It is the developer's own server, whose certificate may be self-signed.
    let agent = crate::http::agent(PATIENCE, true);
    let answer = agent.run(request).map_err(|error| error.to_string())?;
    Ok(answer.status().as_u16())
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};

    use super::*;

    #[test]
    fn keys_have_names() {
        assert_eq!(parse_key("Enter"), Some(Key::Enter));
        assert_eq!(parse_key("A"), Some(Key::Char('a')));
        assert_eq!(parse_key("Hello"), None);
    }

    #[test]
    fn a_request_is_sent_and_its_status_read() {
        let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = server.local_addr().unwrap().port();
        let thread = std::thread::spawn(move || {
            let (mut stream, _) = server.accept().unwrap();
            let mut request = [0; 1024];
            let count = stream.read(&mut request).unwrap();
            stream
                .write_all(b"HTTP/1.1 204 No Content\r\n\r\n")
                .unwrap();
            String::from_utf8_lossy(&request[..count]).into_owned()
        });
        let url = format!("http://127.0.0.1:{port}/ring?from=%2B1");
        assert_eq!(send(&url, "POST", "{}"), Ok(204));
        let request = thread.join().unwrap();
        assert!(
            request.starts_with("POST /ring?from=%2B1 HTTP/1.1\r\n"),
            "{request}"
        );
        assert!(
            request.contains("content-type: application/json\r\n"),
            "{request}"
        );
        for (url, method) in [
            ("localhost", "GET"),
            ("http://localhost/", "G E T"),
            ("", "GET"),
        ] {
            assert!(send(url, method, "").is_err(), "{url}");
        }
    }
}
