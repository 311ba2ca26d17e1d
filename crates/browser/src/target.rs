//! A page, frame, worker or DevTools window that is driven.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use data_encoding::BASE64;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::BrowserError;
use crate::connection::{Connection, Context, Event};
use crate::dialogs::Dialog;
use crate::error::shorten;
use crate::wait::{Poll, wait_for};

/// The browser's description of a target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TargetInfo {
    /// Chromium's id for it.
    #[serde(rename = "targetId")]
    pub id: String,
    /// `page`, `iframe`, `service_worker`, `browser`, ….
    #[serde(rename = "type")]
    pub kind: String,
    /// Its title.
    pub title: String,
    /// Its URL.
    pub url: String,
    /// The target that contains this one: a page, for a frame in another process.
    pub parent_id: Option<String>,
}

/// A target with an open session.
///
/// The session ends with the target or with the browser. It continues with another document in the
/// same target, as after a reload. A document in another process (such as a frame that navigated to
/// another site) is another target, even in the same place.
#[derive(Clone)]
pub struct Target {
    connection: Arc<Connection>,
    session: String,
    info: TargetInfo,
    limit: Duration,
    /// The world in which scripts are evaluated; `None` for the page's own.
    context: Option<String>,
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Target")
            .field("info", &self.info)
            .field("session", &self.session)
            .finish_non_exhaustive()
    }
}

impl Target {
    pub(crate) fn attach(
        connection: &Arc<Connection>,
        info: TargetInfo,
        limit: Duration,
    ) -> Result<Self, BrowserError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Attached {
            session_id: String,
        }
        let params = json!({ "targetId": info.id, "flatten": true });
        let method = "Target.attachToTarget";
        let answer = connection.call(None, method, &params, limit)?;
        let Attached { session_id } = read(method, answer)?;
        Ok(Self {
            connection: Arc::clone(connection),
            session: session_id,
            info,
            limit,
            context: None,
        })
    }

    /// Begins to drive the pages of this tab, including those that it prerenders, for
    /// [`page_of_tab`](Self::page_of_tab); the target must be of the kind `tab`.
    ///
    /// Chromium does not prerender for a page that has a session from outside its tab.
    ///
    /// # Errors
    ///
    /// As for [`call`](Self::call).
    pub fn drive_pages(&self) -> Result<(), BrowserError> {
        let params =
            json!({ "autoAttach": true, "waitForDebuggerOnStart": false, "flatten": true });
        self.call("Target.setAutoAttach", &params).map(drop)
    }

    /// Waits for this tab's page with index `number`, from 0, among those shown or prerendered so
    /// far.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Timeout`] says how many there were.
    pub fn page_of_tab(&self, number: usize) -> Result<Self, BrowserError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Attached {
            session_id: String,
            target_info: TargetInfo,
        }
        let method = "Target.attachedToTarget";
        let found = wait_for(&format!("page {number} of the tab"), self.limit, || {
            let mut pages = self.events();
            pages.retain(|event| event.method == method);
            let count = pages.len();
            let page = (number < count).then(|| pages.swap_remove(number));
            Ok(page.map_or_else(|| Poll::NotYet(format!("{count} pages")), Poll::Done))
        })?;
        let Attached {
            session_id,
            target_info,
        } = read(method, found.params)?;
        Ok(Self {
            session: session_id,
            info: target_info,
            context: None,
            ..self.clone()
        })
    }

    /// The target's description when the session began.
    #[must_use]
    pub fn info(&self) -> &TargetInfo {
        &self.info
    }

    /// Sends any command of the DevTools protocol and returns its result.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Refused`], or that of a broken connection.
    pub fn call(&self, method: &str, params: &Value) -> Result<Value, BrowserError> {
        self.connection
            .call(Some(&self.session), method, params, self.limit)
            .map_err(|error| match error {
                BrowserError::TargetGone { method, .. } => BrowserError::TargetGone {
                    target: format!("the {} {}", self.info.kind, self.info.url),
                    method,
                },
                other => other,
            })
    }

    /// Like [`call`](Self::call), with the result parsed as `T`.
    ///
    /// # Errors
    ///
    /// As for [`call`](Self::call), and [`BrowserError::Answer`].
    pub fn call_for<T: DeserializeOwned>(
        &self,
        method: &str,
        params: &Value,
    ) -> Result<T, BrowserError> {
        read(method, self.call(method, params)?)
    }

    /// Evaluates a script in the page's own world, awaits the result if it is a promise, and
    /// returns the value, which must be JSON; `undefined` is read as `null`.
    ///
    /// This is not a user gesture: use [`click`](Self::click) where one is needed.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Script`] with the exception if the script throws.
    pub fn evaluate<T: DeserializeOwned>(&self, script: &str) -> Result<T, BrowserError> {
        let more = match &self.context {
            Some(context) => json!({ "uniqueContextId": context }),
            None => json!({}),
        };
        self.evaluate_with(script, &more)
    }

    /// The same target, with scripts evaluated in one of its [`contexts`](Self::contexts): a frame
    /// in the same process, which is not a target of its own.
    #[must_use]
    pub fn within(&self, context: &Context) -> Self {
        Self {
            context: Some(context.unique_id.clone()),
            ..self.clone()
        }
    }

    /// Like [`evaluate`](Self::evaluate) in one of [`contexts`](Self::contexts).
    ///
    /// # Errors
    ///
    /// As for [`evaluate`](Self::evaluate).
    pub fn evaluate_in<T: DeserializeOwned>(
        &self,
        context: &Context,
        script: &str,
    ) -> Result<T, BrowserError> {
        self.evaluate_with(script, &json!({ "uniqueContextId": context.unique_id }))
    }

    /// Evaluates a script as if the user had just clicked, so that it may do what needs a user
    /// gesture.
    ///
    /// # Errors
    ///
    /// As for [`evaluate`](Self::evaluate).
    pub fn evaluate_as_user<T: DeserializeOwned>(
        &self,
        context: Option<&Context>,
        script: &str,
    ) -> Result<T, BrowserError> {
        let mut more = json!({ "userGesture": true });
        if let Some(context) = context {
            more["uniqueContextId"] = json!(context.unique_id);
        }
        self.evaluate_with(script, &more)
    }

    fn evaluate_with<T: DeserializeOwned>(
        &self,
        script: &str,
        more: &Value,
    ) -> Result<T, BrowserError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Evaluated {
            result: Value,
            exception_details: Option<Value>,
        }
        let mut params = json!({
            "expression": script,
            "awaitPromise": true,
            "returnByValue": true,
            // The page's policy applies, as to any script of the page.
            "allowUnsafeEvalBlockedByCSP": false,
        });
        if let (Some(params), Some(more)) = (params.as_object_mut(), more.as_object()) {
            params.extend(more.clone());
        }
        let method = "Runtime.evaluate";
        let evaluated: Evaluated = self.call_for(method, &params)?;
        if let Some(details) = evaluated.exception_details {
            return Err(BrowserError::Script {
                script: shorten(script),
                exception: exception_text(&details),
            });
        }
        read(method, evaluated.result["value"].clone())
    }

    /// Waits until a script returns a truthy value, and returns it.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Timeout`] names `what` and the last value or exception.
    pub fn wait_until<T: DeserializeOwned>(
        &self,
        what: &str,
        script: &str,
    ) -> Result<T, BrowserError> {
        let value = wait_for(what, self.limit, || {
            let value: Value = self.evaluate(script)?;
            let falsy = match &value {
                Value::Null => true,
                Value::Bool(it) => !it,
                Value::Number(it) => it.as_f64() == Some(0.0),
                Value::String(it) => it.is_empty(),
                Value::Array(_) | Value::Object(_) => false,
            };
            Ok(if falsy {
                Poll::NotYet(value.to_string())
            } else {
                Poll::Done(value)
            })
        })?;
        read("Runtime.evaluate", value)
    }

    /// The JavaScript worlds of this target: the page's own, and one for each content script.
    ///
    /// # Errors
    ///
    /// As for [`call`](Self::call).
    pub fn contexts(&self) -> Result<Vec<Context>, BrowserError> {
        // The first call reports all existing worlds before it returns; later calls do nothing.
        self.call("Runtime.enable", &json!({}))?;
        Ok(self.connection.contexts(&self.session))
    }

    /// Answers the dialogs of this page and of its frames from now on, like a user who only
    /// dismisses them: `alert` is closed, `confirm` and `prompt` are canceled, and a page that asks
    /// before it is left (`beforeunload`) is left. The target must be a page.
    ///
    /// An unanswered dialog blocks the page, and all its frames in the same process.
    ///
    /// # Errors
    ///
    /// As for [`call`](Self::call).
    pub fn answer_dialogs(&self) -> Result<(), BrowserError> {
        self.connection.answer_dialogs(&self.session);
        self.call("Page.enable", &json!({})).map(drop)
    }

    /// The dialogs that were answered so far, oldest first; only the first hundred are kept.
    #[must_use]
    pub fn dialogs(&self) -> Vec<Dialog> {
        self.connection.dialogs(&self.session)
    }

    /// The events of this session so far, oldest first.
    ///
    /// Most domains must be enabled first, as with `call("Page.enable", …)`.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.connection.events(Some(&self.session))
    }

    /// Navigates to a URL and waits until it has loaded, frames included.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Refused`] with the network's reason if it cannot be loaded.
    pub fn navigate(&self, url: &str) -> Result<(), BrowserError> {
        self.leave(url, |target| {
            let method = "Page.navigate";
            let answer = target.call(method, &json!({ "url": url }))?;
            match answer["errorText"].as_str() {
                Some(reason) => Err(BrowserError::Refused {
                    method: format!("going to {url}"),
                    message: reason.to_owned(),
                }),
                None => Ok(()),
            }
        })
    }

    /// Reloads the page and waits until it has loaded, frames included.
    ///
    /// # Errors
    ///
    /// As for [`call`](Self::call).
    pub fn reload(&self) -> Result<(), BrowserError> {
        self.leave("the reloaded page", |target| {
            target.call("Page.reload", &json!({})).map(drop)
        })
    }

    /// Does something that replaces the document, then waits for the new one.
    fn leave(
        &self,
        what: &str,
        go: impl FnOnce(&Self) -> Result<(), BrowserError>,
    ) -> Result<(), BrowserError> {
        // Marks the old document; the new one does not have the mark.
        self.evaluate::<()>("void (globalThis.callscopeOldDocument = true)")?;
        go(self)?;
        wait_for(&format!("{what} to load"), self.limit, || {
            let state: String = self.evaluate(
                "globalThis.callscopeOldDocument ? 'the old document' : document.readyState",
            )?;
            Ok(Poll::at(state == "complete", state))
        })
    }

    /// Gives the page this size in CSS pixels, with this many device pixels per CSS pixel, as if
    /// its window had them.
    ///
    /// # Errors
    ///
    /// As for [`call`](Self::call).
    pub fn resize(&self, width: u32, height: u32, density: f64) -> Result<(), BrowserError> {
        let params = json!({
            "width": width, "height": height, "deviceScaleFactor": density, "mobile": false,
        });
        self.call("Emulation.setDeviceMetricsOverride", &params)?;
        Ok(())
    }

    /// Saves a PNG of what a user would see.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Io`] if the file cannot be written.
    pub fn screenshot(&self, path: &Path) -> Result<(), BrowserError> {
        self.save_picture(path, &json!({ "format": "png" }))
    }

    /// Saves a PNG of a part of the page: left, top, width and height in CSS pixels.
    ///
    /// # Errors
    ///
    /// As for [`screenshot`](Self::screenshot).
    pub fn screenshot_of(&self, part: [f64; 4], path: &Path) -> Result<(), BrowserError> {
        let [x, y, width, height] = part;
        let clip = json!({ "x": x, "y": y, "width": width, "height": height, "scale": 1 });
        self.save_picture(path, &json!({ "format": "png", "clip": clip }))
    }

    fn save_picture(&self, path: &Path, params: &Value) -> Result<(), BrowserError> {
        #[derive(Deserialize)]
        struct Captured {
            data: String,
        }
        let method = "Page.captureScreenshot";
        let Captured { data } = self.call_for(method, params)?;
        let png = BASE64
            .decode(data.as_bytes())
            .map_err(|error| BrowserError::Refused {
                method: method.to_owned(),
                message: format!("it sent no base64: {error}"),
            })?;
        fs::write(path, png).map_err(BrowserError::io(format!("writing {}", path.display())))
    }

    pub(crate) fn limit(&self) -> Duration {
        self.limit
    }
}

pub(crate) fn read<T: DeserializeOwned>(method: &str, answer: Value) -> Result<T, BrowserError> {
    let shown = answer.to_string();
    serde_json::from_value(answer).map_err(|source| BrowserError::Answer {
        method: method.to_owned(),
        answer: shorten(&shown),
        source,
    })
}

fn exception_text(details: &Value) -> String {
    let exception = &details["exception"];
    let said = exception["description"]
        .as_str()
        .map(ToOwned::to_owned)
        .or_else(|| exception.get("value").map(ToString::to_string));
    match said {
        Some(said) => shorten(&said),
        None => details["text"]
            .as_str()
            .unwrap_or("an exception without words")
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_say_what_was_thrown() {
        let error = json!({"text": "Uncaught", "exception": {"description": "Error: no\n  at x"}});
        assert_eq!(exception_text(&error), "Error: no\n  at x");
        let string = json!({"text": "Uncaught", "exception": {"type": "string", "value": "no"}});
        assert_eq!(exception_text(&string), "\"no\"");
        assert_eq!(exception_text(&json!({"text": "Uncaught"})), "Uncaught");
    }

    #[test]
    fn a_wrong_answer_is_shown() {
        let error = read::<u32>("Runtime.evaluate", json!("seven")).unwrap_err();
        let message = error.to_string();
        assert!(message.contains(r#"it was "seven""#), "{message}");
    }
}
