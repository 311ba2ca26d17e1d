//! Versions of the SDK: as published, and as a widget reports them.

use std::cmp::Ordering;
use std::fmt;

/// What kind of prerelease a version is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PrereleaseKind {
    /// `-alpha.n`
    Alpha,
    /// `-beta.n`
    Beta,
    /// `-rc.n`
    Rc,
}

impl PrereleaseKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Alpha => "alpha",
            Self::Beta => "beta",
            Self::Rc => "rc",
        }
    }
}

/// A version of `@hubspot/calling-extensions-sdk`.
///
/// Versions order as semantic versions do: a prerelease comes before its release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Version {
    /// The first number.
    pub major: u16,
    /// The second number.
    pub minor: u16,
    /// The third number.
    pub patch: u16,
    /// The part after the hyphen.
    pub prerelease: Option<(PrereleaseKind, u16)>,
}

impl Version {
    /// The oldest version.
    pub const OLDEST: Self = Self::new(0, 0, 1);

    /// The newest version that Callscope knows.
    pub const NEWEST: Self = Self::new(0, 9, 7);

    /// A release.
    #[must_use]
    pub const fn new(major: u16, minor: u16, patch: u16) -> Self {
        Self {
            major,
            minor,
            patch,
            prerelease: None,
        }
    }

    /// An alpha of a release.
    #[must_use]
    pub const fn alpha(self, number: u16) -> Self {
        Self {
            prerelease: Some((PrereleaseKind::Alpha, number)),
            ..self
        }
    }

    /// Parses `major.minor.patch` with an optional `-alpha.n`, `-beta.n` or `-rc.n`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (numbers, prerelease) = match text.split_once('-') {
            Some((numbers, prerelease)) => (numbers, Some(prerelease)),
            None => (text, None),
        };
        let mut parts = numbers.split('.');
        let (major, minor, patch) = (
            number(parts.next()?)?,
            number(parts.next()?)?,
            number(parts.next()?)?,
        );
        if parts.next().is_some() {
            return None;
        }
        let prerelease = match prerelease {
            None => None,
            Some(text) => {
                let (kind, count) = text.split_once('.').unwrap_or((text, "0"));
                let kind = match kind {
                    "alpha" => PrereleaseKind::Alpha,
                    "beta" => PrereleaseKind::Beta,
                    "rc" => PrereleaseKind::Rc,
                    _ => return None,
                };
                Some((kind, number(count)?))
            }
        };
        Some(Self {
            major,
            minor,
            patch,
            prerelease,
        })
    }

    /// The version without its prerelease part.
    #[must_use]
    pub const fn release(self) -> Self {
        Self {
            prerelease: None,
            ..self
        }
    }
}

/// All versions from one to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VersionRange {
    /// The first of them.
    pub oldest: Version,
    /// The last of them.
    pub newest: Version,
}

impl From<Version> for VersionRange {
    /// This version alone.
    fn from(version: Version) -> Self {
        Self {
            oldest: version,
            newest: version,
        }
    }
}

impl Default for VersionRange {
    /// All versions that Callscope knows.
    fn default() -> Self {
        Self {
            oldest: Version::OLDEST,
            newest: Version::NEWEST,
        }
    }
}

fn number(text: &str) -> Option<u16> {
    // `parse` alone would accept a sign.
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())
        .flatten()
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.major, self.minor, self.patch)
            .cmp(&(other.major, other.minor, other.patch))
            .then_with(|| match (self.prerelease, other.prerelease) {
                (None, None) => Ordering::Equal,
                (None, Some(_)) => Ordering::Greater,
                (Some(_), None) => Ordering::Less,
                (Some(a), Some(b)) => a.cmp(&b),
            })
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            major,
            minor,
            patch,
            prerelease,
        } = self;
        write!(f, "{major}.{minor}.{patch}")?;
        if let Some((kind, count)) = prerelease {
            write!(f, "-{}.{count}", kind.name())?;
        }
        Ok(())
    }
}

/// The published packages, oldest first; the versions between them exist in git only.
pub const PACKAGES: &[Version] = &[
    Version::new(0, 0, 6),
    Version::new(0, 0, 10),
    Version::new(0, 0, 14),
    Version::new(0, 1, 0),
    Version::new(0, 1, 4),
    Version::new(0, 2, 1),
    Version::new(0, 5, 0),
    Version::new(0, 5, 1),
    Version::new(0, 8, 1).alpha(1),
    Version::new(0, 9, 0),
    Version::new(0, 9, 3),
    Version::new(0, 9, 4),
    Version::new(0, 9, 7),
];

/// A version string as a widget reports it in `SYNC_ACK`.
///
/// The published bundles were built before their version number was raised, so that package
/// 0.9.7 reports `0.9.7-beta.0`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedVersion {
    /// The string as it was reported.
    pub text: String,
    /// The release that it stands for; `None` if the string is not a version.
    pub release: Option<Version>,
}

impl ReportedVersion {
    /// Reads a reported string.
    ///
    /// A prerelease stands for its release, with two exceptions known from the packages:
    /// `0.8.1-alpha.0` and `0.8.1-alpha.1`, which the two bundles of one package report, behave
    /// like 0.8.0, and `0.8.4-beta.0` is package 0.9.0.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let release = match text {
            "0.8.1-alpha.0" | "0.8.1-alpha.1" => Some(Version::new(0, 8, 0)),
            "0.8.4-beta.0" => Some(Version::new(0, 9, 0)),
            _ => Version::parse(text).map(Version::release),
        };
        Self {
            text: text.to_owned(),
            release,
        }
    }

    /// The version as its user knows it: that of the package which reports this string, if there is
    /// one.
    #[must_use]
    pub fn package(&self) -> Option<Version> {
        match self.text.as_str() {
            "0.8.1-alpha.0" | "0.8.1-alpha.1" => Some(Version::new(0, 8, 1).alpha(1)),
            _ => self.release,
        }
    }
}

impl fmt::Display for ReportedVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_order_by_number_and_prerelease() {
        let mut packages = PACKAGES.to_vec();
        packages.reverse();
        packages.sort();
        assert_eq!(packages, PACKAGES);
        assert!(Version::parse("0.8.1-alpha.1") < Version::parse("0.8.1-beta.0"));
        assert!(Version::parse("0.8.1-rc.3") < Version::parse("0.8.1"));
    }

    #[test]
    fn what_is_no_version_is_not_read() {
        for text in [
            "",
            "1",
            "1.0",
            "1.0.0.0",
            "+1.0.0",
            "1.0.0-next.1",
            "v1.0.0",
            "1.0.99999",
        ] {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_prerelease_stands_for_its_release() {
        let release = |text| ReportedVersion::read(text).release.map(|it| it.to_string());
        assert_eq!(release("0.9.7-beta.0").as_deref(), Some("0.9.7"));
        assert_eq!(release("0.5.0-rc.0").as_deref(), Some("0.5.0"));
        assert_eq!(release("0.8.1-alpha.0").as_deref(), Some("0.8.0"));
        assert_eq!(release("0.8.1-alpha.1").as_deref(), Some("0.8.0"));
        assert_eq!(release("0.8.4-beta.0").as_deref(), Some("0.9.0"));
        assert_eq!(release("mine"), None);

        let package = |text| {
            ReportedVersion::read(text)
                .package()
                .map(|it| it.to_string())
        };
        assert_eq!(package("0.8.1-alpha.0").as_deref(), Some("0.8.1-alpha.1"));
        assert_eq!(package("0.9.7-beta.0").as_deref(), Some("0.9.7"));
    }
}
