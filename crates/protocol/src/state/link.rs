//! Follows the handshake: which host sent `SYNC`, what answered, and which load of the widget's
//! page it was.

use std::collections::VecDeque;

use super::handshake::{Ack, AckMark, Asked, Outgoing, SyncLoop};
use super::unaccepted::sent_at;
use super::{EarlyMessage, Mark, State};
use crate::json::Json;
use crate::parsed_message::{ParsedMessage, id_text};
use crate::{Availability, Link, Login, MessageType, Millis, Side, ids};

/// A `SYNC` this soon after `SYNC_ACK` crossed it on the way.
pub(super) const CROSSING: Millis = Millis(250.0);

/// How far the two clocks of one document can be apart.
const CLOCK_DRIFT: Millis = Millis(50.0);

/// A host in a handshake sends `SYNC` more often than this.
pub(crate) const ASKING: Millis = Millis(1_000.0);

/// After this much silence, a failed series is over; the next `SYNC` starts another.
const FAILED_SILENCE: Millis = Millis(1_000.0);

impl State {
    /// The number of `SYNC`s that are kept: the SDK's own loop sends 301.
    const OUTSTANDING: usize = 400;
    /// The number of early messages that are kept.
    const EARLY: usize = 16;

    /// What a `SYNC_ACK` with this id answers.
    pub(crate) fn classify_ack(&self, id: Option<&str>) -> Ack {
        let outstanding = id.and_then(|id| self.outstanding.iter().find(|sync| sync.id == id));
        match (&self.answered, outstanding) {
            (None, Some(_)) => Ack::NewLoad,
            (Some(_), Some(sync)) => match &self.syncing {
                Some(syncing) if syncing.first.seq <= sync.mark.seq => Ack::NewLoad,
                _ => Ack::Again,
            },
            (Some(answered), None) if id == Some(answered.sync_id.as_str()) => Ack::Again,
            (_, None) => {
                let is_late = self.syncing.is_none() && self.answered.is_none();
                if is_late || self.is_gapped() || self.is_from_before(id) {
                    Ack::Unseen
                } else {
                    Ack::Stray
                }
            }
        }
    }

    /// Whether the host's `SYNC`s may be missing.
    fn is_gapped(&self) -> bool {
        let is_interrupted = |syncing: &SyncLoop| syncing.interrupted;
        self.gapped || self.syncing.as_ref().is_some_and(is_interrupted) || !self.hears_host()
    }

    /// Whether the answer to this `SYNC` was recorded before it, which two clocks can cause.
    fn meets_its_answer(&mut self, seen: &ParsedMessage<'_>, mark: Mark) -> bool {
        let Some(answered) = &mut self.answered else {
            return false;
        };
        let is_asked = answered.unseen && seen.id == Some(answered.sync_id.as_str());
        if !is_asked || mark.at - answered.mark.at > CROSSING {
            return false;
        }
        // So the handshake is complete.
        answered.unseen = false;
        answered.first_sync = Some(mark);
        answered.sync_count = 1;
        answered.host_url = text_of(seen.json, "hostUrl");
        self.gapped = false;
        let host_url = answered.host_url.clone().filter(|_| self.acked_with_url);
        self.host.expected_origin = host_url.or_else(|| Some(seen.recorded.origin.to_string()));
        let (latency, sync_count) = (Millis(0.0), 1);
        let since = answered.mark.at;
        self.took(latency);
        self.view.link = match self.load.initialized {
            Some(initialized) => Link::Initialized {
                since: initialized.at,
                latency: Some(latency),
                sync_count,
            },
            None => Link::Ready {
                since,
                latency,
                sync_count,
            },
        };
        self.view.host_instance = seen.instance.map(str::to_owned);
        true
    }

    fn took(&mut self, latency: Millis) {
        self.view.handshake = Some(latency);
        self.handshakes.add(latency);
    }

    /// Whether a `SYNC` was sent before the host had the answer, but arrived after it.
    fn crosses(&self, seen: &ParsedMessage<'_>, mark: Mark) -> bool {
        let Some(ack) = &self.answered else {
            return false;
        };
        // The id and the arrival time of the answer both come from the host's clock.
        let minted = seen.id.and_then(ids::minted_at);
        let is_older = minted.is_none_or(|minted| Millis(minted) - ack.mark.at <= CLOCK_DRIFT);
        mark.at - ack.mark.at <= CROSSING && is_older
    }

    /// Whether the host created this id before the first recorded `SYNC`.
    fn is_from_before(&self, id: Option<&str>) -> bool {
        let Some((id, syncing)) = id.zip(self.syncing.as_ref()) else {
            return false;
        };
        let minted = ids::minted_at(id).zip(syncing.minted.first());
        let is_hosts = ids::instance(id).is_some_and(|id| self.instance(Side::Host) == Some(id));
        is_hosts && minted.is_some_and(|(minted, first)| minted < *first)
    }

    pub(super) fn on_sync(&mut self, seen: &ParsedMessage<'_>, mark: Mark) {
        let instance = seen.instance.map(str::to_owned);
        let is_known = |known: &String| instance.as_ref().is_none_or(|instance| instance == known);
        // Two hosts may send `SYNC` alternately.
        let same_host = self.view.host_instance.as_ref().is_none_or(is_known)
            || self
                .syncing
                .as_ref()
                .is_some_and(|syncing| syncing.hosts.iter().any(is_known));
        self.learn_sync(seen);
        let after_close = std::mem::take(&mut self.closed);
        if after_close {
            // The same conversation continues with another page.
            self.view.widget_instance = None;
        }
        if !same_host {
            // The previous host is gone, and waits for nothing any more.
            self.give_up();
        }
        if let Some(id) = seen.id {
            if self.outstanding.len() == Self::OUTSTANDING {
                self.outstanding.pop_front();
            }
            self.outstanding.push_back(Outgoing {
                id: id.to_owned(),
                mark,
            });
        }

        let unaccepted = self.unaccepted_answer(seen).filter(|_| !after_close);
        let is_refusal = self.refuses(seen).is_some();
        self.last_asked = Some(sent_at(seen));
        if self.meets_its_answer(seen, mark) {
            return;
        }
        let crossing =
            self.syncing.is_none() && same_host && !after_close && self.crosses(seen, mark);
        if crossing {
            return;
        }
        let over = self.syncing.as_ref().is_some_and(|syncing| {
            !same_host
                || (syncing.unaccepted.is_some() && unaccepted.is_none())
                || (syncing.interrupted && mark.at - syncing.last.at > FAILED_SILENCE)
                || (syncing.deadline() < mark.at && mark.at - syncing.last.at > FAILED_SILENCE)
        });
        let hosts = self
            .syncing
            .as_ref()
            .map(|syncing| syncing.hosts.clone())
            .unwrap_or_default();
        let goes_on = over && !same_host && !after_close;
        let (asked_since, asked_before) = self.asked_by_hosts_before(mark, goes_on);
        if over {
            self.syncing = None;
        }
        if self.syncing.is_none() {
            self.hasty.clear();
        }

        let interrupted = self.gapped && self.answered.is_none();
        let syncing = self.syncing.get_or_insert_with(|| SyncLoop {
            first: mark,
            last: mark,
            count: 0,
            asked_since,
            asked_before,
            after_ready: self.answered.is_some() && !after_close,
            new_host: self.answered.is_some() && !after_close && !same_host,
            widget_stayed: None,
            interrupted,
            mismatched: None,
            unaccepted,
            is_refusal: false,
            without_id: None,
            host_url: text_of(seen.json, "hostUrl"),
            has_host_url: seen.json.get("hostUrl").is_some_and(|url| !url.is_falsy()),
            origin: seen.recorded.origin.clone(),
            minted: Vec::new(),
            widget_messages_before: self.widget.message_count,
            widget_instance_before: self.view.widget_instance.clone(),
            hosts,
            link_before: self.view.link,
        });
        if let Some(instance) = &instance
            && syncing.hosts.len() < SyncLoop::HOSTS
            && !syncing.hosts.contains(instance)
        {
            syncing.hosts.push(instance.clone());
        }
        syncing.unaccepted = syncing.unaccepted.or(unaccepted);
        syncing.is_refusal |= is_refusal;
        syncing.count = syncing.count.saturating_add(1);
        syncing.last = mark;
        if seen.id.is_none() {
            syncing.without_id.get_or_insert(mark.seq);
        }
        if syncing.minted.len() < SyncLoop::MINTED {
            let minted = seen.id.and_then(ids::minted_at).unwrap_or(mark.at.0);
            syncing.minted.push(minted);
        }
        self.view.link = syncing.link_at(mark.at);
        if let Some(instance) = instance {
            self.view.host_instance = Some(instance);
        }
    }

    /// Marks the open `SYNC`s as no longer waited for.
    fn give_up(&mut self) {
        self.given_up.append(&mut self.outstanding);
        let too_many = self.given_up.len().saturating_sub(Self::OUTSTANDING);
        self.given_up.drain(..too_many);
    }

    /// The `SYNC`s of this conversation if its host's page has gone: the next page does not wait for
    /// their answers.
    pub(crate) fn asked_by_host_that_left(&self) -> Option<VecDeque<Outgoing>> {
        let link = &self.view.link;
        let has_left = matches!(link, Link::Closed { side, .. } if *side == Side::Host);
        let asked = self.given_up.iter().chain(&self.outstanding);
        has_left.then(|| asked.cloned().collect())
    }

    /// Since when, and how often, earlier hosts have sent `SYNC` for the first answer of this page
    /// of the widget, if that answer is still due and the asking continues.
    fn asked_by_hosts_before(&self, mark: Mark, goes_on: bool) -> (Millis, u32) {
        let syncing = self.syncing.as_ref();
        let syncing = syncing.filter(|it| goes_on && !it.after_ready);
        syncing.map_or((mark.at, 0), |syncing| {
            let count = syncing.asked_before.saturating_add(syncing.count);
            (syncing.asked_since, count)
        })
    }

    fn learn_sync(&mut self, seen: &ParsedMessage<'_>) {
        let json = seen.json;
        let id = |key| json.get(key).and_then(id_text).map(str::to_owned);
        let view = &mut self.view;
        view.portal_id = id("portalId").or(view.portal_id.take());
        view.user_id = id("userId").or(view.user_id.take());
        view.owner_id = id("ownerId").or(view.owner_id.take());
        view.iframe_location = text_of(json, "iframeLocation").or(view.iframe_location.take());
        view.uses_calling_window = json
            .get("usesCallingWindow")
            .and_then(Json::as_bool)
            .or(view.uses_calling_window);
    }

    pub(super) fn on_ack(&mut self, seen: &ParsedMessage<'_>, ack: Option<Ack>, mark: Mark) {
        let Some(ack) = ack else { return };
        let sync_id = seen.id.unwrap_or_default().to_owned();
        let asked = match ack {
            Ack::Unseen if self.is_gapped() || self.syncing.is_none() => Asked::Missing,
            Ack::Unseen => Asked::Before,
            Ack::NewLoad | Ack::Again | Ack::Stray => Asked::Recorded,
        };
        let answer = AckMark {
            mark,
            sync_id,
            first_sync: self.syncing.as_ref().map(|syncing| syncing.first),
            host_url: self
                .syncing
                .as_ref()
                .and_then(|syncing| syncing.host_url.clone()),
            sync_count: self.syncing.as_ref().map_or(0, |syncing| syncing.count),
            unseen: ack == Ack::Unseen
                && self.answered.is_none()
                && self.syncing.is_none()
                && !self.gapped,
            asked,
            origin: seen.recorded.origin.clone(),
            expected: self.expected_widget(),
            pace: self.pace(),
            unaccepted: self.syncing.as_ref().and_then(|syncing| syncing.unaccepted),
            sdk: self.reported_sdk().map(str::to_owned),
        };
        match ack {
            Ack::NewLoad => self.begin_load(seen, answer, false),
            Ack::Unseen => self.begin_load(seen, answer, true),
            Ack::Again => {
                if answer.sdk.is_some() && !self.closed {
                    self.show_second_sdk(mark);
                }
                if self.load.extra_acks.len() < Self::EARLY {
                    self.load.extra_acks.push_back(answer);
                }
            }
            Ack::Stray => {
                if let Some(syncing) = &mut self.syncing {
                    syncing.mismatched.get_or_insert(mark.seq);
                }
            }
        }
    }

    /// A page of the widget is ready; what an earlier page did is over.
    fn begin_load(&mut self, seen: &ParsedMessage<'_>, answer: AckMark, unseen: bool) {
        let syncing = self.syncing.take();
        let asked = syncing
            .as_ref()
            .map_or(answer.mark.seq, |syncing| syncing.first.seq);
        // Without an earlier handshake, everything so far can only be from this page.
        let began = if self.answered.is_none() && !self.gapped {
            0
        } else {
            asked
        };
        let is_new = |mark: &Option<Mark>| mark.is_some_and(|mark| mark.seq > began);

        // 0.0.1 sends `INITIALIZED` before `SYNC_ACK`; what it said stays valid.
        let old = std::mem::take(&mut self.load);
        self.load.initialized = old.initialized.filter(|mark| mark.seq > began);
        self.load.spoke = old.spoke.filter(|mark| mark.seq > began);
        if is_new(&old.login_mark) {
            self.load.login_mark = old.login_mark;
            self.load.login_by_initialized = old.login_by_initialized;
        } else {
            self.view.login = Login::Unknown;
        }
        if is_new(&old.availability_mark) {
            self.load.availability_mark = old.availability_mark;
        } else {
            self.view.availability = Availability::Unknown;
        }
        // The answer repeats the fields of the `SYNC`.
        self.load.resumed_engagement = seen
            .json
            .get("engagementId")
            .and_then(id_text)
            .map(str::to_owned);

        // Calls that began where messages are missing may go on.
        self.calls.has_left |= self.gapped && self.answered.is_some();
        self.gapped = unseen;
        self.hasty.clear();
        self.given_up.clear();
        let keep_instance = self.load.initialized.is_some_and(|mark| mark.seq > asked);
        if !keep_instance {
            self.view.widget_instance = None;
        }
        self.calls
            .begin_load(self.load.resumed_engagement.as_deref(), answer.mark);
        self.drop_requests(answer.mark.at);

        let host_url = syncing
            .as_ref()
            .and_then(|syncing| syncing.host_url.clone());
        let host_origin = syncing.as_ref().map(|syncing| syncing.origin.to_string());
        self.host.expected_origin = if self.acked_with_url {
            host_url.or(host_origin)
        } else {
            host_origin
        };
        self.widget.expected_origin =
            text_of(seen.json, "iFrameUrl").or_else(|| Some(seen.recorded.origin.to_string()));

        let latency = syncing
            .as_ref()
            .map(|syncing| Millis((answer.mark.at - syncing.first.at).0.max(0.0)));
        if let Some(latency) = latency {
            self.took(latency);
        }
        let sync_count = answer.sync_count;
        self.view.ignores_initialized = false;
        self.view.link = match (self.load.initialized, latency) {
            (Some(initialized), latency) => Link::Initialized {
                since: initialized.at,
                latency,
                sync_count,
            },
            (None, Some(latency)) => Link::Ready {
                since: answer.mark.at,
                latency,
                sync_count,
            },
            (None, None) => Link::Joined,
        };
        self.answered = Some(answer);
    }

    /// Keeps a widget message that came before its handshake.
    pub(super) fn note_early(&mut self, seen: &ParsedMessage<'_>, mark: Mark) {
        if seen.from() != Side::Widget {
            self.last_spoke = Some(mark.at);
            if self.answered.is_none() && self.syncing.is_none() {
                // The host sends other messages, so its handshake was before the recording.
                self.gapped = true;
                self.unplaced.clear();
            }
            return;
        }
        if let Some(syncing) = &mut self.syncing
            && seen.instance.is_some()
            && seen.instance == syncing.widget_instance_before.as_deref()
        {
            syncing.widget_stayed.get_or_insert(mark);
            // The host that the widget is ready for sent one more SYNC, and then continued
            // normally.
            let went_on = mark.at - syncing.last.at > ASKING;
            if syncing.after_ready && !syncing.new_host && !syncing.is_refusal && went_on {
                self.view.link = syncing.link_before;
                self.syncing = None;
            }
        }
        let early = || EarlyMessage {
            mark,
            type_name: seen.name().to_owned(),
            instance: seen.instance.map(str::to_owned),
        };
        if self.answered.is_none() && self.syncing.is_none() && !self.gapped {
            if self.unplaced.len() < Self::EARLY {
                self.unplaced.push_back(early());
            }
        } else if self.syncing.is_none() {
            self.unplaced.clear();
        }
        let is_asked = self
            .syncing
            .as_ref()
            .is_some_and(|syncing| !syncing.interrupted);
        if is_asked && seen.is(MessageType::Initialized) && self.hasty.len() < Self::EARLY {
            self.hasty.push_back(early());
        } else if self.syncing.is_none() {
            self.hasty.clear();
        }
    }

    /// Whether the message has an id that the other side created.
    ///
    /// Such an id says nothing about its sender's instance.
    pub(crate) fn borrows_id(&self, seen: &ParsedMessage<'_>) -> bool {
        let (from, to) = (seen.from(), seen.from().other());
        let Some(id) = seen.id else {
            return false;
        };
        let is_other = self
            .instance(to)
            .is_some_and(|instance| seen.instance == Some(instance));
        // Both instances can be equal: T10.
        is_other
            && self.instance(from) != self.instance(to)
            && (self.instance(from).is_some() || self.peer(to).seen_id(id).is_some())
    }

    pub(super) fn learn_instance(&mut self, seen: &ParsedMessage<'_>, mark: Mark) {
        let Some(instance) = seen.instance else {
            return;
        };
        if self.borrows_id(seen) {
            return;
        }
        match seen.from() {
            Side::Host => {
                if self.view.host_instance.is_none() {
                    self.view.host_instance = Some(instance.to_owned());
                }
            }
            Side::Widget => match self.view.widget_instance.as_deref() {
                Some(known) if known == instance => {}
                Some(_) if self.syncing.is_none() => {
                    if !self.closed {
                        self.show_second_sdk(mark);
                    }
                }
                _ => self.view.widget_instance = Some(instance.to_owned()),
            },
        }
    }
}

fn text_of(json: &Json<'_>, key: &str) -> Option<String> {
    json.get(key)?
        .as_str()
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}
