//! What to do in the widget while it is recorded, in the order of the command line.

use callscope_browser::{Browser, BrowserError, Target};
use callscope_bus::FromPanel;
use callscope_protocol::{MessageType, Millis, Side};
use callscope_session_view::composer::{Draft, Known, mint_message_id};
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::Value;

use super::port::Port;
use super::take::Take;

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Send `DIAL_NUMBER` with this number.
    Dial(String),
    /// Click the element in the widget that this CSS selector finds.
    Click(String),
    /// Wait for a message of this type.
    Wait(String),
}

impl std::fmt::Display for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Dial(number) => write!(f, "the widget was ready for --dial {number}"),
            Self::Click(selector) => write!(f, "the widget had anything for --click {selector}"),
            Self::Wait(ty) => write!(f, "{ty} came, for --wait {ty}"),
        }
    }
}

/// `--dial`, `--click` and `--wait`, each as often as given, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Steps(pub(super) Vec<Step>);

impl clap::FromArgMatches for Steps {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut steps: Vec<(usize, Step)> = Vec::new();
        for (id, step) in [
            ("dial", Step::Dial as fn(String) -> Step),
            ("click", Step::Click),
            ("wait", Step::Wait),
        ] {
            let indices = matches.indices_of(id).into_iter().flatten();
            let values = matches.get_many::<String>(id).into_iter().flatten();
            steps.extend(indices.zip(values.cloned().map(step)));
        }
        steps.sort_by_key(|(index, _)| *index);
        Ok(Self(steps.into_iter().map(|(_, step)| step).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl clap::Args for Steps {
    fn augment_args(command: Command) -> Command {
        let arg = |id: &'static str, value: &'static str, help: &'static str| {
            Arg::new(id)
                .long(id)
                .value_name(value)
                .action(ArgAction::Append)
                .help(help)
        };
        command
            .arg(arg(
                "dial",
                "NUMBER",
                "Send DIAL_NUMBER once the widget is ready",
            ))
            .arg(arg(
                "click",
                "SELECTOR",
                "Click what this CSS selector finds in the widget",
            ))
            .arg(
                arg(
                    "wait",
                    "TYPE",
                    "Wait for a message of this type after the step before",
                )
                .value_parser(parse_type),
            )
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

/// The name of a known message type, given in any case.
pub(super) fn parse_type(text: &str) -> Result<String, String> {
    let name = text.trim().to_ascii_uppercase();
    match MessageType::from_name(&name) {
        Some(_) => Ok(name),
        None => Err("there is no such message, see `callscope messages`".to_owned()),
    }
}

/// Does a step if that is possible now.
///
/// `before` is the fact at which the previous step was done; returns the fact at which this one
/// was.
pub(super) fn perform(
    step: &Step,
    before: u64,
    take: &Take,
    port: &Port,
    browser: &Browser,
    page: &Target,
) -> anyhow::Result<Option<u64>> {
    // The effects of a click or a number may arrive before it is known to be done.
    let known = take.last_id();
    match step {
        Step::Wait(ty) => Ok(take.heard(ty, before)),
        Step::Dial(phone_number) => {
            let Some((conversation, number)) = take.ready() else {
                return Ok(None);
            };
            let now = take
                .status()
                .map_or(conversation.last_at, |status| Millis(status.now));
            let id = mint_message_id(
                conversation.host_instance.as_deref(),
                conversation.widget_instance.as_deref(),
                now,
            );
            let session = Known {
                conversation: Some(conversation),
                ..Known::default()
            };
            let dial = Draft::new(MessageType::DialNumber, Side::Host, session, |path| {
                (path == "data.phoneNumber").then(|| phone_number.clone())
            });
            let message = dial.to_message(&id).to_string();
            port.say(&FromPanel::Inject {
                request: 1,
                conversation: number,
                by_widget: false,
                message,
            })?;
            Ok(Some(known))
        }
        Step::Click(selector) => {
            let ready = take.ready();
            let Some(origin) = ready.and_then(|(it, _)| it.widget_origin.as_ref()) else {
                return Ok(None);
            };
            let is_done = click(selector, origin, browser, page)?;
            Ok(is_done.then_some(known))
        }
    }
}

fn click(selector: &str, origin: &str, browser: &Browser, page: &Target) -> anyhow::Result<bool> {
    let is_widget = |url: &str| {
        url.strip_prefix(origin)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    // Nobody can click what is not visible or not enabled yet. This is a click by script: the mouse
    // would have to aim, and its target may move when an answer arrives.
    let click = format!(
        "(found => {{
            if (!found || found.disabled || found.getClientRects().length === 0) return false;
            found.scrollIntoView({{ block: 'center', behavior: 'instant' }});
            found.click();
            return true;
        }})(document.querySelector({}))",
        Value::from(selector)
    );
    // A frame of another site has its own process, and so its own target.
    let recorded = browser
        .targets()?
        .into_iter()
        .find(|it| it.kind == "iframe" && is_widget(&it.url));
    if let Some(recorded) = recorded {
        return ask(browser.attach(recorded)?.evaluate_as_user(None, &click));
    }
    for context in page.contexts()? {
        if context.is_page() && context.origin == origin {
            return ask(page.evaluate_as_user(Some(&context), &click));
        }
    }
    Ok(false)
}

/// A frame that is still loading cannot be asked; an invalid selector is the user's mistake.
fn ask(answer: Result<bool, BrowserError>) -> anyhow::Result<bool> {
    match answer {
        Err(error @ BrowserError::Script { .. }) => Err(error.into()),
        Err(error) if error.is_final() => Err(error.into()),
        Err(_) => Ok(false),
        Ok(answer) => Ok(answer),
    }
}

#[cfg(test)]
mod tests {
    use clap::{Args as _, FromArgMatches as _};

    use super::*;

    #[test]
    fn steps_keep_their_order() {
        let command = Steps::augment_args(Command::new("record"));
        let arguments = [
            "record",
            "--click",
            "#login",
            "--dial",
            "+1",
            "--wait=end_call",
            "--click=#answer",
        ];
        let matches = command.try_get_matches_from(arguments).unwrap();
        let steps = Steps::from_arg_matches(&matches).unwrap();
        assert_eq!(
            steps.0,
            [
                Step::Click("#login".to_owned()),
                Step::Dial("+1".to_owned()),
                Step::Wait("END_CALL".to_owned()),
                Step::Click("#answer".to_owned()),
            ]
        );
    }
}
