//! The recorder's status, and the frames of its page.

use callscope_bus::{FrameInfo, RecorderStatus};

use super::conversations::OPAQUE;
use super::{Page, PageFrame, Recorder};

impl Recorder {
    pub(super) fn status(&self, now: f64, page: &impl Page) -> RecorderStatus {
        RecorderStatus {
            now,
            recording: !self.paused_at(now),
            bytes: self.history.bytes() as u64,
            limit: self.history.limit() as u64,
            others: u64::from(self.documents.others() + self.unpaired),
            lost: u64::from(self.documents.lost() + self.from_gone),
            evicted: u64::from(self.history.evicted()),
            passed: u64::from(self.missed),
            frames: self.frames(page),
        }
    }

    /// The frames of the page: those with a tap, and those known from the page or from messages.
    fn frames(&self, page: &impl Page) -> Vec<FrameInfo> {
        let mut frames: Vec<FrameInfo> = Vec::new();
        let mut add = |frame: FrameInfo| {
            if !frames.contains(&frame) {
                frames.push(frame);
            }
        };
        for (ix, document) in self.documents.iter() {
            if ix != self.top && document.gone.is_none() {
                let origin = document.hello.origin.clone();
                add(FrameInfo {
                    origin,
                    tapped: true,
                    widget: self.conversations.has(ix),
                });
            }
        }
        let of_page = page.frames();
        for (origin, place) in self.conversations.untapped() {
            // The permission for a sandboxed frame is that of the address it was loaded from.
            let mut all = of_page.iter();
            let from = all.find(|frame| {
                let index = frame.index.filter(|_| origin == OPAQUE);
                index.is_some_and(|index| place == Some((self.top, index)))
            });
            add(FrameInfo {
                origin: from.map_or(origin, |frame| &frame.origin).to_owned(),
                tapped: false,
                widget: true,
            });
        }
        for PageFrame { index, origin, sdk } in of_page {
            // The frame's tap knows the origin better: that of a sandboxed page is opaque.
            let mut all = self.documents.iter();
            let own = all.find(|(_, document)| {
                document.gone.is_none() && index.is_some_and(|ix| document.hello.path == [ix])
            });
            let origin = own.map_or(origin, |(_, document)| document.hello.origin.clone());
            if let Some(frame) = frames.iter_mut().find(|frame| frame.origin == origin) {
                frame.widget |= sdk;
            } else {
                // A frame that is loading has no tap yet, but if a frame of its origin has had
                // one, it will get one. The page's own tap says nothing about a frame: it may have
                // been redirected from the page's origin to another.
                let mut all = self.documents.iter().filter(|(ix, _)| *ix != self.top);
                let tapped = all.any(|(_, document)| document.hello.origin == origin);
                frames.push(FrameInfo {
                    origin,
                    tapped,
                    widget: sdk,
                });
            }
        }
        frames
    }
}
