//! The commands of the page's scripts.

use callscope_simulator::{
    FetchFailure, Fetched, Input, Options, Output, Simulator, check_widget, of_local_network,
    tables,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// A page: empty until it is started.
#[derive(Debug, Default)]
pub struct Page {
    simulator: Option<Simulator>,
}

#[derive(Deserialize)]
struct Command {
    /// The time by the page's clock, in milliseconds since the epoch.
    now: f64,
    #[serde(flatten)]
    what: What,
}

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "camelCase")]
enum What {
    Start {
        options: Box<Options>,
    },
    Handle {
        input: Box<Input>,
    },
    Set {
        switches: Map<String, Value>,
    },
    Reset,
    Preset {
        name: String,
    },
    Unmet,
    Kept,
    Tables,
    Check {
        url: String,
        origin: String,
        /// The answer from the address, or …
        #[serde(default)]
        answered: Option<Fetched>,
        /// … the reason why there was none.
        #[serde(default)]
        failed: Option<FetchFailure>,
    },
    LocalNetwork {
        url: String,
        /// The states of the page's permissions.
        permissions: Value,
    },
}

impl Page {
    /// Carries out a command; command and reply are JSON.
    ///
    /// The reply has `error`, a sentence; for a question, `value`; otherwise `outputs`, what to do,
    /// `view`, what to show, and `deadline`, when to call again at the latest.
    pub fn call(&mut self, command: &str) -> String {
        let reply = match serde_json::from_str::<Command>(command) {
            Ok(command) => self.perform(command),
            Err(error) => Err(error.to_string()),
        };
        reply
            .unwrap_or_else(|error| json!({ "error": error }))
            .to_string()
    }

    fn perform(&mut self, command: Command) -> Result<Value, String> {
        let now = command.now;
        if let What::Start { options } = command.what {
            let started = Simulator::start(*options, now).map_err(|error| error.to_string())?;
            return Ok(reply(self.simulator.insert(started)));
        }
        match command.what {
            What::Tables => return Ok(json!({ "value": tables() })),
            What::Check {
                url,
                origin,
                answered,
                failed,
            } => {
                let fetched = match (answered, failed) {
                    (_, Some(failure)) => Err(failure),
                    (Some(answer), None) => Ok(answer),
                    (None, None) => return Err("neither an answer nor a failure".to_owned()),
                };
                return Ok(json!({ "value": check_widget(&url, &origin, &fetched) }));
            }
            What::LocalNetwork { url, permissions } => {
                let found = of_local_network(&url, &permissions);
                return Ok(json!({ "value": found.as_slice() }));
            }
            _ => {}
        }
        let not_started = "the page has not begun: what is wrong with its address is said there";
        let simulator = self.simulator.as_mut().ok_or(not_started)?;
        match command.what {
            What::Unmet => return Ok(json!({ "value": simulator.unmet() })),
            What::Kept => return Ok(json!({ "value": simulator.kept() })),
            What::Handle { input } => simulator.handle(*input, now),
            What::Set { switches } => simulator.set(&switches, now),
            What::Reset => {
                simulator.reset(now);
                Ok(())
            }
            What::Preset { name } => simulator.preset(&name, now),
            What::Start { .. } | What::Tables | What::Check { .. } | What::LocalNetwork { .. } => {
                Ok(())
            }
        }
        .map_err(|error| error.to_string())?;
        Ok(reply(simulator))
    }
}

fn reply(simulator: &mut Simulator) -> Value {
    let outputs: Vec<Output> = std::iter::from_fn(|| simulator.poll()).collect();
    json!({
        "outputs": outputs,
        "view": simulator.view(),
        "deadline": simulator.deadline(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_answered_or_refused() {
        let mut page = Page::default();
        let mut call = |command: Value| -> Value {
            serde_json::from_str(&page.call(&command.to_string())).unwrap()
        };
        assert!(call(json!({ "do": "kept", "now": 1 }))["error"].is_string());
        assert!(call(json!({ "do": "dance", "now": 1 }))["error"].is_string());
        let started = call(json!({ "do": "start", "now": 1, "options": {
            "origin": "https://app.hubspot.com", "widget": "https://dialer.example/",
        }}));
        assert_eq!(started["view"]["link"], "loading");
        assert_eq!(started["outputs"][0]["output"], "mount");
        let input = json!({ "input": "load", "frame": 0 });
        let loaded = call(json!({ "do": "handle", "now": 2, "input": input }));
        assert_eq!(loaded["deadline"], 102.0);
        let posts = loaded["outputs"].as_array().unwrap().iter();
        let post = posts.last().unwrap();
        assert_eq!(post["targetOrigin"], "https://dialer.example");
        assert_eq!(post["message"]["type"], "SYNC");
        let wrong = call(json!({ "do": "set", "now": 3, "switches": { "x": true } }));
        assert!(wrong["error"].as_str().unwrap().contains("no switch"));
        let input = json!({ "input": "act", "step": { "act": "minimize" } });
        let acted = call(json!({ "do": "handle", "now": 3, "input": input }));
        assert_eq!(acted["view"]["window"], "minimized");
        assert!(call(json!({ "do": "tables", "now": 3 }))["value"]["switches"].is_array());
        let check = json!({
            "do": "check", "now": 3, "url": "https://a.example", "origin": "http://localhost:1",
            "answered": { "url": "https://a.example", "status": 404, "headers": [["a", "b"]] },
        });
        assert_eq!(call(check)["value"][0]["blocks"], true);
    }
}
