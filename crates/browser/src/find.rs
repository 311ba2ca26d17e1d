//! Finds Chromium on this machine.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::BrowserError;

/// The environment variable that names the Chromium to use.
pub const CHROMIUM_VARIABLE: &str = "CALLSCOPE_CHROMIUM";

/// Google's branded Chrome is not listed: it no longer accepts `--load-extension`.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "chrome-for-testing"];

const PLACES: [&str; 5] = [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/snap/bin/chromium",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing",
];

/// Finds Chromium: the one that [`CHROMIUM_VARIABLE`] names, otherwise by name on the PATH,
/// otherwise in the usual places.
///
/// # Errors
///
/// [`BrowserError::NoSuchFile`] if the variable names a file that does not exist,
/// [`BrowserError::NotFound`] if there is no Chromium.
pub fn find_chromium() -> Result<PathBuf, BrowserError> {
    find(
        env::var_os(CHROMIUM_VARIABLE).filter(|value| !value.is_empty()),
        env::var_os("PATH"),
        &|path| path.is_file(),
    )
}

fn find(
    named: Option<OsString>,
    search_path: Option<OsString>,
    is_file: &dyn Fn(&Path) -> bool,
) -> Result<PathBuf, BrowserError> {
    if let Some(named) = named {
        let path = PathBuf::from(named);
        return if is_file(&path) {
            Ok(path)
        } else {
            Err(BrowserError::NoSuchFile {
                from: CHROMIUM_VARIABLE,
                path,
            })
        };
    }
    let search_path = search_path.unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&search_path).collect();
    NAMES
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .map(|path| path.with_extension(env::consts::EXE_EXTENSION))
        .chain(PLACES.iter().map(PathBuf::from))
        .find(|path| is_file(path))
        .ok_or_else(|| BrowserError::NotFound {
            looked_for: format!("{} on the PATH, {}", NAMES.join(", "), PLACES.join(", ")),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find_among(
        named: Option<&str>,
        search_path: &str,
        files: &[&str],
    ) -> Result<PathBuf, BrowserError> {
        find(
            named.map(OsString::from),
            Some(search_path.into()),
            &|path| files.iter().any(|file| path == Path::new(file)),
        )
    }

    #[test]
    fn the_variable_comes_first_and_must_be_right() {
        let found = find_among(Some("/opt/c"), "/bin", &["/opt/c", "/bin/chromium"]);
        assert_eq!(found.unwrap(), Path::new("/opt/c"));
        let error = find_among(Some("/opt/c"), "/bin", &["/bin/chromium"]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "CALLSCOPE_CHROMIUM says /opt/c, and there is no such file: correct it or leave it out"
        );
    }

    #[test]
    fn names_go_before_folders_and_places() {
        let files = ["/a/chromium-browser", "/b/chromium", "/usr/bin/chromium"];
        let found = find_among(None, "/a:/b", &files);
        assert_eq!(found.unwrap(), Path::new("/b/chromium"));
        let found = find_among(None, "", &files);
        assert_eq!(found.unwrap(), Path::new("/usr/bin/chromium"));
    }

    #[test]
    fn says_what_to_do_if_there_is_none() {
        let error = find_among(None, "/a", &["/usr/bin/google-chrome"]).unwrap_err();
        assert!(error.to_string().contains("apt-get install chromium"));
    }
}
