//! A Chromium process that we start and drive.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::connection::Connection;
use crate::devtools::DevTools;
use crate::launch::{LaunchOptions, copy_extension, prepare_profile};
use crate::process::Process;
use crate::target::read;
use crate::wait::{Poll, wait_for};
use crate::{BrowserError, Target, TargetInfo, extension_id, find_chromium};

/// A Chromium with a fresh profile; dropping it ends Chromium and removes the profile.
pub struct Browser {
    // Fields are dropped in this order: first the processes, then the folder that they write to.
    connection: Arc<Connection>,
    process: Process,
    profile: TempDir,
    extension: Option<String>,
    limit: Duration,
}

impl std::fmt::Debug for Browser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Browser")
            .field("process", &self.process.id())
            .field("profile", &self.profile.path())
            .finish_non_exhaustive()
    }
}

impl Browser {
    /// Starts Chromium and connects to it.
    ///
    /// # Errors
    ///
    /// There is no Chromium, it does not start, or the extension's folder has no usable manifest.
    pub fn launch(options: &LaunchOptions) -> Result<Self, BrowserError> {
        let program = match &options.chromium {
            Some(path) if !path.is_file() => {
                return Err(BrowserError::NoSuchFile {
                    from: "the option",
                    path: path.clone(),
                });
            }
            Some(path) => path.clone(),
            None => find_chromium()?,
        };
        let mut options = options.clone();
        let mut id = None;
        if let Some(folder) = &mut options.extension {
            id = Some(extension_id(folder)?);
            // Chromium may run in another working directory.
            *folder = folder
                .canonicalize()
                .map_err(BrowserError::io(format!("finding {}", folder.display())))?;
        }
        let profile = tempfile::Builder::new()
            .prefix("callscope-profile-")
            .tempdir()
            .map_err(BrowserError::io("making a folder for the profile"))?;
        if let Some(folder) = &mut options.extension
            && !options.extension_without.is_empty()
        {
            *folder = copy_extension(folder, &options.extension_without, profile.path())?;
        }
        prepare_profile(&options, profile.path())?;
        let process = Process::start(&program, &options, profile.path())?;
        let log = process.log.clone();
        let connection = Connection::open(&process.address, move || log.text())?;
        let browser = Self {
            connection: Arc::new(connection),
            process,
            profile,
            extension: id,
            limit: options.time_limit,
        };
        browser.call("Target.setDiscoverTargets", &json!({ "discover": true }))?;
        Ok(browser)
    }

    /// Name and version, such as `Chrome/156.0.8078.79`.
    ///
    /// # Errors
    ///
    /// As for every command to the browser.
    pub fn version(&self) -> Result<String, BrowserError> {
        #[derive(Deserialize)]
        struct Version {
            product: String,
        }
        let method = "Browser.getVersion";
        let Version { product } = read(method, self.call(method, &json!({}))?)?;
        Ok(product)
    }

    /// The operating system's id of Chromium's main process, which is also its process group.
    #[must_use]
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// Whether it is still running: a user may have closed its last window.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.connection.is_open()
    }

    /// Sends any command to the browser itself.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Refused`], or that of a broken connection.
    pub fn call(&self, method: &str, params: &Value) -> Result<Value, BrowserError> {
        self.connection.call(None, method, params, self.limit)
    }

    /// Everything that can be driven: pages, frames in other processes, workers, DevTools.
    ///
    /// # Errors
    ///
    /// As for [`call`](Self::call).
    pub fn targets(&self) -> Result<Vec<TargetInfo>, BrowserError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Targets {
            target_infos: Vec<TargetInfo>,
        }
        let method = "Target.getTargets";
        // Without the empty filter, DevTools and the extension's frames are left out.
        let answer = self.call(method, &json!({ "filter": [{}] }))?;
        Ok(read::<Targets>(method, answer)?.target_infos)
    }

    /// Begins to drive a target.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Refused`] if it no longer exists.
    pub fn attach(&self, info: TargetInfo) -> Result<Target, BrowserError> {
        Target::attach(&self.connection, info, self.limit)
    }

    /// Waits for a target and begins to drive it.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Timeout`] names `what` and the targets that exist.
    pub fn wait_for_target(
        &self,
        what: &str,
        is_it: impl Fn(&TargetInfo) -> bool,
    ) -> Result<Target, BrowserError> {
        wait_for(what, self.limit, || {
            let targets = self.targets()?;
            match targets.iter().find(|target| is_it(target)) {
                Some(target) => Ok(Poll::Done(self.attach(target.clone())?)),
                None => Ok(Poll::NotYet(list(&targets))),
            }
        })
    }

    /// The first tab, which shows the start URL.
    ///
    /// # Errors
    ///
    /// As for [`call`](Self::call).
    pub fn first_page(&self) -> Result<Target, BrowserError> {
        self.wait_for_target("the first tab", |target| {
            target.kind == "page" && !target.url.starts_with("devtools:")
        })
    }

    /// Opens a tab and waits until its page has loaded, frames included.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Refused`] with the network's reason if it cannot be loaded.
    pub fn open(&self, url: &str) -> Result<Target, BrowserError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Created {
            target_id: String,
        }
        let method = "Target.createTarget";
        let answer = self.call(method, &json!({ "url": "about:blank" }))?;
        let Created { target_id } = read(method, answer)?;
        let page = self.attach(TargetInfo {
            id: target_id,
            kind: "page".to_owned(),
            url: url.to_owned(),
            ..TargetInfo::default()
        })?;
        page.navigate(url)?;
        Ok(page)
    }

    /// Waits for a frame inside `page` that is in another process, by the beginning of its URL.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Timeout`] names the targets that exist.
    pub fn frame(&self, page: &Target, url_start: &str) -> Result<Target, BrowserError> {
        self.wait_for_target(&format!("a frame of {url_start}"), |target| {
            target.kind == "iframe"
                && target.url.starts_with(url_start)
                && target.parent_id.as_deref() == Some(page.info().id.as_str())
        })
    }

    /// The id of the extension that was loaded.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Extension`] if no extension was loaded.
    pub fn extension_id(&self) -> Result<&str, BrowserError> {
        self.extension
            .as_deref()
            .ok_or_else(|| BrowserError::Extension {
                path: PathBuf::new(),
                why: "the browser was started without one".to_owned(),
            })
    }

    /// Waits for the extension's page in DevTools, by its path such as `panel.html`; Chromium
    /// loads it when [`DevTools::show_panel`] first shows it.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Timeout`] names the targets that exist.
    pub fn panel(&self, devtools: &DevTools, path: &str) -> Result<Target, BrowserError> {
        let url = format!("chrome-extension://{}/{path}", self.extension_id()?);
        self.frame(devtools.front_end(), &url)
    }

    /// Waits for the extension's service worker.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Timeout`] names the targets that exist: the worker may be asleep.
    pub fn service_worker(&self) -> Result<Target, BrowserError> {
        let id = self.extension_id()?;
        self.wait_for_target("the extension's service worker", |target| {
            is_worker_of(target, id)
        })
    }

    /// Ends the extension's service worker, as Chromium does when it has been idle; does nothing if
    /// it is asleep.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Timeout`] if it does not end.
    pub fn kill_service_worker(&self) -> Result<(), BrowserError> {
        let id = self.extension_id()?;
        let running = |targets: Vec<TargetInfo>| {
            let mut targets = targets.into_iter();
            targets.find(|target| is_worker_of(target, id))
        };
        let Some(worker) = running(self.targets()?) else {
            return Ok(());
        };
        wait_for("the service worker to end", self.limit, || {
            // Another id is a new worker that has already been woken.
            let now = running(self.targets()?).map(|it| it.id);
            if now.as_ref() != Some(&worker.id) {
                return Ok(Poll::Done(()));
            }
            // Repeated, because a worker that is just starting does not end.
            self.call("Target.closeTarget", &json!({ "targetId": worker.id }))?;
            Ok(Poll::NotYet("it runs".to_owned()))
        })
    }

    /// Opens DevTools for a page, or finds them if they are open.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Timeout`] if their window does not appear.
    pub fn devtools_of(&self, page: &Target) -> Result<DevTools, BrowserError> {
        DevTools::open(self, page)
    }

    /// Lets pages save files into a folder without asking.
    ///
    /// # Errors
    ///
    /// As for [`call`](Self::call).
    pub fn save_downloads_to(&self, folder: &Path) -> Result<(), BrowserError> {
        let params = json!({ "behavior": "allow", "downloadPath": folder, "eventsEnabled": true });
        self.call("Browser.setDownloadBehavior", &params).map(drop)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Ends Chromium cleanly if it answers; otherwise the processes are killed by their own
        // `Drop`.
        let limit = Duration::from_secs(5);
        if self
            .connection
            .call(None, "Browser.close", &json!({}), limit)
            .is_ok()
        {
            let _ = self.process.wait(limit);
        }
    }
}

fn is_worker_of(target: &TargetInfo, id: &str) -> bool {
    let origin = format!("chrome-extension://{id}/");
    target.kind == "service_worker" && target.url.starts_with(&origin)
}

fn list(targets: &[TargetInfo]) -> String {
    let lines: Vec<String> = targets
        .iter()
        .map(|it| format!("{} {}", it.kind, it.url))
        .collect();
    lines.join(", ")
}
