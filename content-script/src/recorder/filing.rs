//! Files events at their place in the history.

use callscope_protocol::{ConversationId, Gap, GapReason, Millis, Side};

use super::filed::Filed;
use super::heard::Heard;
use super::inside::{self, InsideReport};
use super::{Event, Recorder};

impl Recorder {
    pub(super) fn settle(&mut self, at: f64, event: Event) {
        match event {
            // Such a message is not recorded, only counted as missing.
            Event::Heard(_) | Event::Stray if self.paused_at(at) => self.missed += 1,
            Event::Inside(_) if self.paused_at(at) => {}
            Event::Inside(report) => self.wait_or_file(report),
            Event::Stray => self.unpaired += 1,
            Event::Heard(heard) => {
                self.file(heard);
            }
            Event::Lost { by, count, why } => {
                let conversation = self.conversations.heard_by(by);
                self.record_gap(at, conversation, count, why);
            }
            Event::Left(document) => {
                let filed = self.conversations.close(document, at);
                self.record(filed);
            }
            Event::Resumed => {
                if self.missed > 0 {
                    let missed = std::mem::take(&mut self.missed);
                    self.record_gap(at, None, missed, GapReason::Paused);
                }
            }
        }
    }

    /// Records a message and the facts that follow from it; returns its conversation.
    pub(super) fn file(&mut self, heard: Heard) -> Option<ConversationId> {
        let filed = self
            .conversations
            .file(&self.documents, &mut self.pairing, heard);
        let conversation = match filed.last() {
            Some(Filed::Message(passed)) => Some(passed.conversation),
            _ => None,
        };
        self.record(filed);
        conversation
    }

    /// Files a page's report once its conversation is known, or if too many are waiting.
    fn wait_or_file(&mut self, report: InsideReport) {
        let is_known = self.conversations.part_of(report.by).is_some();
        if is_known || self.inside_reports.len() >= inside::MOST_WAITING {
            self.file_inside(report);
        } else {
            self.inside_reports.push(report);
        }
    }

    pub(super) fn file_waiting(&mut self, now: f64) {
        let conversations = &self.conversations;
        let is_due = |report: &mut InsideReport| {
            conversations.part_of(report.by).is_some() || report.at + inside::WAIT <= now
        };
        let due: Vec<InsideReport> = self.inside_reports.extract_if(.., is_due).collect();
        for report in due {
            self.file_inside(report);
        }
    }

    pub(super) fn file_inside(&mut self, mut report: InsideReport) {
        let part = self.conversations.part_of(report.by);
        report.conversation = part.map(|(id, _)| id);
        let alone = if report.by == self.top {
            Side::Host
        } else {
            Side::Widget
        };
        report.side = part.map_or(alone, |(_, side)| side);
        self.history.push(Filed::Inside(Box::new(report)));
    }

    pub(super) fn record(&mut self, filed: Vec<Filed>) {
        for filed in filed {
            self.history.push(filed);
        }
    }

    fn record_gap(
        &mut self,
        at: f64,
        conversation: Option<ConversationId>,
        lost: u32,
        why: GapReason,
    ) {
        self.history.push(Filed::Gap(Gap {
            at: Millis(at),
            conversation,
            lost: Some(u64::from(lost)),
            why,
        }));
    }
}
