//! How Chromium is started.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::BrowserError;

/// Which Chromium to start, and how.
#[derive(Clone, Debug)]
pub struct LaunchOptions {
    /// The program; `None` uses [`find_chromium`](crate::find_chromium).
    pub chromium: Option<PathBuf>,
    /// Start it without a window.
    pub headless: bool,
    /// An unpacked extension to load.
    pub extension: Option<PathBuf>,
    /// Files to leave out of the extension, such as a page that it opens when it is installed.
    /// Chromium then loads a copy of it from its profile.
    pub extension_without: Vec<String>,
    /// Certificates to accept although no authority vouches for them: base64 of the SHA-256 of
    /// their public key (SPKI). All others are checked as usual.
    pub trusted_keys: Vec<String>,
    /// The color scheme of pages and DevTools.
    pub theme: Theme,
    /// Open DevTools with every tab.
    pub open_devtools: bool,
    /// Where DevTools are shown.
    pub devtools_place: DevToolsPlace,
    /// Width and height of the window, in CSS pixels.
    pub window: (u32, u32),
    /// The page of the first tab.
    pub start_url: String,
    /// More arguments for Chromium.
    pub extra_arguments: Vec<OsString>,
    /// How long Chromium may take to answer a command, and to start if that is more than a minute.
    pub time_limit: Duration,
}

impl Default for LaunchOptions {
    fn default() -> Self {
        Self {
            chromium: None,
            headless: true,
            extension: None,
            extension_without: Vec::new(),
            trusted_keys: Vec::new(),
            theme: Theme::System,
            open_devtools: false,
            devtools_place: DevToolsPlace::Below,
            window: (1280, 900),
            start_url: "about:blank".to_owned(),
            extra_arguments: Vec::new(),
            time_limit: Duration::from_secs(30),
        }
    }
}

/// The color scheme of pages and DevTools.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// The machine's setting; light if there is none, as without a window.
    #[default]
    System,
    /// Light DevTools.
    Light,
    /// Dark DevTools; pages that follow `prefers-color-scheme` are dark as well.
    Dark,
}

/// Where DevTools are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DevToolsPlace {
    /// In the lower part of the tab.
    #[default]
    Below,
    /// In a separate window.
    Window,
}

/// The command-line arguments for `options`, with the profile in `profile`.
pub(crate) fn arguments(options: &LaunchOptions, profile: &Path, as_root: bool) -> Vec<OsString> {
    let (width, height) = options.window;
    let mut arguments: Vec<OsString> = [
        // Port 0: Chromium picks a free port and prints it.
        "--remote-debugging-port=0",
        "--no-first-run",
        "--no-default-browser-check",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-crash-reporter",
        "--disable-default-apps",
        // QUIC does not accept local certificates.
        "--disable-quic",
        "--disable-search-engine-choice-screen",
        "--disable-sync",
        "--password-store=basic",
        "--use-mock-keychain",
    ]
    .map(OsString::from)
    .into();
    arguments.push(joined("--user-data-dir=", profile));
    arguments.push(format!("--window-size={width},{height}").into());
    if options.headless {
        arguments.push("--headless=new".into());
        // The panel draws with WebGL2; without a graphics card, SwiftShader provides it.
        arguments.push("--use-angle=swiftshader".into());
        arguments.push("--enable-unsafe-swiftshader".into());
        arguments.push("--ignore-gpu-blocklist".into());
        arguments.push("--mute-audio".into());
    }
    if as_root {
        // Chromium's sandbox does not work for root, which most containers use.
        arguments.push("--no-sandbox".into());
    }
    if as_root || !options.trusted_keys.is_empty() {
        // Otherwise, a bar about these flags covers a part of the window.
        arguments.push("--test-type".into());
    }
    if !options.trusted_keys.is_empty() {
        let keys = options.trusted_keys.join(",");
        arguments.push(format!("--ignore-certificate-errors-spki-list={keys}").into());
    }
    if let Some(extension) = &options.extension {
        arguments.push(joined("--load-extension=", extension));
        arguments.push(joined("--disable-extensions-except=", extension));
    }
    if options.theme == Theme::Dark {
        arguments.push("--force-dark-mode".into());
    }
    if options.open_devtools {
        arguments.push("--auto-open-devtools-for-tabs".into());
    }
    arguments.extend(options.extra_arguments.iter().cloned());
    arguments.push(options.start_url.clone().into());
    arguments
}

fn joined(flag: &str, path: &Path) -> OsString {
    let mut argument = OsString::from(flag);
    argument.push(path);
    argument
}

/// Copies an extension into a profile, without the given files of its top folder.
pub(crate) fn copy_extension(
    from: &Path,
    without: &[String],
    profile: &Path,
) -> Result<PathBuf, BrowserError> {
    let to = profile.join("extension");
    let is_wanted = |name: &OsStr| without.iter().all(|it| name != OsStr::new(it));
    copy_folder(from, &to, &is_wanted).map_err(BrowserError::io(format!(
        "copying the extension in {}",
        from.display()
    )))?;
    Ok(to)
}

fn copy_folder(from: &Path, to: &Path, is_wanted: &dyn Fn(&OsStr) -> bool) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target, &|_| true)?;
        } else if is_wanted(&entry.file_name()) {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Writes the settings that Chromium reads from a profile and not from its command line.
pub(crate) fn prepare_profile(options: &LaunchOptions, profile: &Path) -> Result<(), BrowserError> {
    let folder = profile.join("Default");
    fs::create_dir_all(&folder)
        .and_then(|()| fs::write(folder.join("Preferences"), preferences(options).to_string()))
        .map_err(BrowserError::io(format!(
            "preparing the profile in {}",
            profile.display()
        )))
}

fn preferences(options: &LaunchOptions) -> Value {
    // DevTools' settings are JSON texts inside JSON.
    let quoted = |text: &str| Value::String(format!("\"{text}\""));
    let mut devtools = Map::new();
    devtools.insert(
        "currentDockState".to_owned(),
        quoted(match options.devtools_place {
            DevToolsPlace::Below => "bottom",
            DevToolsPlace::Window => "undocked",
        }),
    );
    let theme = match options.theme {
        Theme::System => None,
        Theme::Light => Some("default"),
        Theme::Dark => Some("dark"),
    };
    if let Some(theme) = theme {
        // Chromium renamed the setting.
        for key in ["uiTheme", "ui-theme"] {
            devtools.insert(key.to_owned(), quoted(theme));
        }
    }
    json!({
        "devtools": { "preferences": devtools },
        // Without it, an unpacked extension that is reloaded stays disabled.
        "extensions": { "ui": { "developer_mode": options.extension.is_some() } },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(options: &LaunchOptions, as_root: bool) -> String {
        let arguments = arguments(options, Path::new("/p"), as_root);
        let words: Vec<String> = arguments
            .iter()
            .map(|it| it.to_string_lossy().into_owned())
            .collect();
        words.join(" ")
    }

    #[test]
    fn by_default_it_shows_nothing_and_trusts_nobody() {
        let line = line(&LaunchOptions::default(), false);
        assert!(line.contains("--headless=new"));
        assert!(line.contains("--user-data-dir=/p"));
        assert!(line.ends_with(" about:blank"));
        for absent in ["sandbox", "certificate", "extension", "dark", "devtools"] {
            assert!(!line.contains(absent), "{absent} in {line}");
        }
    }

    #[test]
    fn every_option_has_its_flag() {
        let options = LaunchOptions {
            headless: false,
            extension: Some("/e".into()),
            trusted_keys: vec!["k1=".to_owned(), "k2=".to_owned()],
            theme: Theme::Dark,
            open_devtools: true,
            window: (800, 600),
            start_url: "https://localhost/".to_owned(),
            extra_arguments: vec!["--x".into()],
            ..LaunchOptions::default()
        };
        let line = line(&options, true);
        assert!(!line.contains("headless"));
        for present in [
            "--load-extension=/e",
            "--ignore-certificate-errors-spki-list=k1=,k2=",
            "--force-dark-mode",
            "--auto-open-devtools-for-tabs",
            "--window-size=800,600",
            "--no-sandbox",
            "--x https://localhost/",
        ] {
            assert!(line.contains(present), "{present} not in {line}");
        }
    }

    #[test]
    fn devtools_settings_are_json_in_json() {
        let options = LaunchOptions {
            theme: Theme::Dark,
            devtools_place: DevToolsPlace::Window,
            ..LaunchOptions::default()
        };
        assert_eq!(
            preferences(&options).to_string(),
            r#"{"devtools":{"preferences":{"currentDockState":"\"undocked\"","uiTheme":"\"dark\"","ui-theme":"\"dark\""}},"extensions":{"ui":{"developer_mode":false}}}"#
        );
        assert_eq!(
            preferences(&LaunchOptions {
                extension: Some("/e".into()),
                ..LaunchOptions::default()
            })
            .to_string(),
            r#"{"devtools":{"preferences":{"currentDockState":"\"bottom\""}},"extensions":{"ui":{"developer_mode":true}}}"#
        );
    }
}
