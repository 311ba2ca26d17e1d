//! Which SDK the widget uses: by what it reports, otherwise by the shapes of its messages.

use super::State;
use crate::json::Json;
use crate::parsed_message::ParsedMessage;
use crate::{MessageType, ReportedVersion, SdkGeneration, Side, Version, VersionRange};

impl State {
    /// Learns from a message which version the widget uses, and whether all calls are known.
    ///
    /// This happens before the rules run, so that they judge a `SYNC_ACK` or a first call by what
    /// it says itself.
    pub(crate) fn learn(&mut self, seen: &ParsedMessage<'_>) {
        self.calls.named_left = self.calls.left_to(seen).cloned();
        self.calls.knows_all = self.knows_calls();
        if seen.from() != Side::Widget {
            return;
        }
        match seen.ty {
            Some(MessageType::SyncAck) => {
                let version = seen.top_text("version");
                self.view.sdk = version.map(ReportedVersion::read);
                self.acked_with_url = seen.top_text("iFrameUrl").is_some();
                if version != Some("0.0.1") {
                    self.view.sdk_version = None;
                }
            }
            Some(MessageType::Initialized) => {
                if let Some(version) = seen.text("sdkVersion") {
                    self.view.sdk_version = Some(version.to_owned());
                }
            }
            Some(ty) => self.learn_shape(ty, seen.data),
            None => return,
        }
        self.choose_profile();
    }

    /// The version that the last `SYNC_ACK` reports, if it is one of the SDK from 0.0.2 on, where
    /// one object answers only one `SYNC`.
    pub(crate) fn reported_sdk(&self) -> Option<&str> {
        let reported = self.view.sdk.as_ref()?;
        let is_other = match self.view.generation {
            SdkGeneration::First
            | SdkGeneration::Unknown
            | SdkGeneration::SeedLike
            | SdkGeneration::ModernLike => true,
            SdkGeneration::Seed
            | SdkGeneration::Early
            | SdkGeneration::Engagements
            | SdkGeneration::Inbound
            | SdkGeneration::ExternalIds
            | SdkGeneration::Modern => reported.release.is_none(),
        };
        (!is_other).then_some(reported.text.as_str())
    }

    fn learn_shape(&mut self, ty: MessageType, data: Option<&Json<'_>>) {
        let has = |key| data.is_some_and(|data| data.get(key).is_some());
        let shapes = &mut self.shapes;
        // A message that only hosts send says nothing about the widget's version.
        let is_widgets = ty.spec().direction.allows(Side::Widget);
        let since = ty.spec().since.filter(|_| is_widgets);
        let mut oldest = since.unwrap_or(Version::OLDEST);
        let is_ringing = ty == MessageType::IncomingCall;
        let rings_as_the_seed = is_ringing && has("phoneNumber") && !has("fromNumber");
        shapes.seed |= ty == MessageType::CallData || rings_as_the_seed;
        let is_start = is_ringing || ty == MessageType::OutgoingCallStarted;
        if is_start && !rings_as_the_seed && (has("fromNumber") || has("toNumber")) {
            oldest = oldest.max(Version::new(0, 3, 0));
        }
        if has("externalCallId") {
            oldest = oldest.max(Version::new(0, 7, 0));
        }
        shapes.oldest = shapes.oldest.max(oldest);
    }

    fn choose_profile(&mut self) {
        let between = |generation: SdkGeneration| {
            let (oldest, newest) = generation.versions();
            VersionRange { oldest, newest }
        };
        let reported = self.view.sdk.as_ref();
        let text = reported.map(|reported| reported.text.as_str());
        let (generation, speaks) = match (text, reported.and_then(|reported| reported.release)) {
            // 0.0.1 has no `iFrameUrl`; with one, it is another implementation.
            (Some("1.0.0"), _) if !self.acked_with_url => {
                (SdkGeneration::First, between(SdkGeneration::First))
            }
            (Some("1.0.0"), _) | (_, None) => match self.sdk_version() {
                Some(version) if text.is_none() => (
                    SdkGeneration::Early,
                    VersionRange {
                        oldest: version,
                        newest: Version::new(0, 1, 5).max(version),
                    },
                ),
                _ => self.by_shapes(),
            },
            (Some("0.0.1"), _) if !self.acked_with_url => {
                (SdkGeneration::Seed, between(SdkGeneration::Seed))
            }
            (Some("0.0.1"), _) => {
                let mut speaks = between(SdkGeneration::Early);
                // `sdkVersion` is the version before the published one.
                speaks.oldest = self
                    .sdk_version()
                    .unwrap_or(speaks.oldest)
                    .min(speaks.newest);
                (SdkGeneration::Early, speaks)
            }
            (_, Some(release)) => (profile_of(release), release.into()),
        };
        self.view.generation = generation;
        self.view.speaks = speaks;
    }

    fn sdk_version(&self) -> Option<Version> {
        ReportedVersion::read(self.view.sdk_version.as_deref()?).release
    }

    fn by_shapes(&self) -> (SdkGeneration, VersionRange) {
        let oldest = self.shapes.oldest;
        let like = |generation: SdkGeneration| {
            let newest = generation.versions().1;
            (generation, VersionRange { oldest, newest })
        };
        if oldest >= Version::new(0, 7, 0) {
            like(SdkGeneration::ModernLike)
        } else if self.shapes.seed && oldest <= Version::new(0, 0, 6) {
            like(SdkGeneration::SeedLike)
        } else {
            like(SdkGeneration::Unknown)
        }
    }
}

fn profile_of(release: Version) -> SdkGeneration {
    // Each generation with the first version that no longer belongs to it.
    let profiles = [
        (SdkGeneration::Seed, Version::new(0, 0, 7)),
        (SdkGeneration::Early, Version::new(0, 1, 6)),
        (SdkGeneration::Engagements, Version::new(0, 3, 0)),
        (SdkGeneration::Inbound, Version::new(0, 7, 0)),
        (SdkGeneration::ExternalIds, Version::new(0, 9, 0)),
    ];
    let found = profiles.into_iter().find(|(_, end)| release < *end);
    found.map_or(SdkGeneration::Modern, |(generation, _)| generation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_release_has_a_profile() {
        for (release, generation) in [
            ((0, 0, 5), SdkGeneration::Seed),
            ((0, 0, 10), SdkGeneration::Early),
            ((0, 1, 6), SdkGeneration::Engagements),
            ((0, 2, 9), SdkGeneration::Engagements),
            ((0, 6, 9), SdkGeneration::Inbound),
            ((0, 8, 4), SdkGeneration::ExternalIds),
            ((0, 9, 0), SdkGeneration::Modern),
            ((1, 0, 1), SdkGeneration::Modern),
        ] {
            let (major, minor, patch) = release;
            assert_eq!(
                profile_of(Version::new(major, minor, patch)),
                generation,
                "{release:?}"
            );
        }
    }
}
