//! The logs to measure: generated sessions of any length.

use std::io::{self, Write};

/// What a log contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Correct calls, one after the other; about 250 bytes per message.
    Calls,
    /// Calls that begin and never end.
    OpenCalls,
    /// Messages that each break a rule.
    Findings,
    /// Conversations of one message.
    Conversations,
}

impl Content {
    /// The words for a table.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Calls => "calls as they should be",
            Self::OpenCalls => "calls that never end",
            Self::Findings => "a finding in each message",
            Self::Conversations => "a conversation for each message",
        }
    }

    /// Writes a log with this many messages.
    pub(crate) fn write(self, messages: u64, out: impl Write) -> io::Result<()> {
        let mut log = LogWriter {
            out,
            seq: 0,
            conversation: 1,
            last_id: String::new(),
        };
        log.begin()?;
        let mut round = 0;
        while log.seq < messages {
            round += 1;
            match self {
                Self::Calls => {
                    for step in 0..10.min(messages - log.seq) {
                        log.call(round, step)?;
                    }
                }
                Self::OpenCalls => log.call(round, 1)?,
                Self::Findings => log.widget(r#""type":"CALL_STARTD","data":{}"#)?,
                Self::Conversations => {
                    log.conversation += 1;
                    log.call(round, 0)?;
                }
            }
        }
        log.out.flush()
    }
}

/// Writes a log with one long message.
pub(crate) fn write_long(body: &str, out: impl Write) -> io::Result<()> {
    let mut log = LogWriter {
        out,
        seq: 0,
        conversation: 1,
        last_id: String::new(),
    };
    log.begin()?;
    log.widget(&format!(r#""type":"LOGGED_IN","data":{body}"#))?;
    log.out.flush()
}

struct LogWriter<W> {
    out: W,
    seq: u64,
    conversation: u64,
    last_id: String,
}

impl<W: Write> LogWriter<W> {
    /// Milliseconds between two messages.
    const PACE: u64 = 700;
    const START: u64 = 1_795_350_545_000;

    fn begin(&mut self) -> io::Result<()> {
        writeln!(
            self.out,
            r#"{{"kind":"header","format":"callscope-session","version":1}}"#
        )?;
        self.host(r#""type":"SYNC","hostUrl":"https://app.hubspot.com","portalId":62515,"userId":7,"iframeLocation":"widget""#)?;
        let sync = self.last_id.clone();
        self.answer(
            &sync,
            r#""type":"SYNC_ACK","version":"0.9.7","iFrameUrl":"https://widget.example""#,
        )?;
        self.widget(r#""type":"INITIALIZED","data":{"isLoggedIn":true,"isAvailable":true,"sizeInfo":{"width":400,"height":600}}"#)
    }

    fn host(&mut self, body: &str) -> io::Result<()> {
        let id = format!("1795350540000_{}", Self::START + self.seq * Self::PACE);
        self.recorded("host", "https://app.hubspot.com", &id, body)
    }

    fn widget(&mut self, body: &str) -> io::Result<()> {
        let id = format!("1795350541000_{}", Self::START + self.seq * Self::PACE);
        self.answer(&id, body)
    }

    fn answer(&mut self, id: &str, body: &str) -> io::Result<()> {
        self.recorded("widget", "https://widget.example", id, body)
    }

    fn recorded(&mut self, from: &str, origin: &str, id: &str, body: &str) -> io::Result<()> {
        id.clone_into(&mut self.last_id);
        let at = Self::START + self.seq * Self::PACE;
        self.seq += 1;
        let (seq, conversation) = (self.seq, self.conversation);
        writeln!(
            self.out,
            r#"{{"kind":"frame","seq":{seq},"at":{at}.4,"conversation":{conversation},"from":"{from}","origin":"{origin}","message":{{"messageId":"{id}",{body}}}}}"#
        )
    }

    /// One message of an outbound call.
    fn call(&mut self, call: u64, step: u64) -> io::Result<()> {
        let id = format!("6f1c2a9e-5d0b-4a57-9c3e-{call:012}");
        let engagement = 4_000_000 + call;
        let at = Self::START + self.seq * Self::PACE;
        let number = format!("+1555{:07}", call % 10_000_000);
        let both = format!(r#""externalCallId":"{id}","engagementId":{engagement}"#);
        match step {
            0 => self.host(&format!(
                r#""type":"DIAL_NUMBER","data":{{"phoneNumber":"{number}","ownerId":11,"portalId":62515,"objectId":51,"objectType":"CONTACT","startTimestamp":{at},"toPhoneNumberSource":"phone","calleeInfo":{{"calleeId":51,"calleeObjectTypeId":"0-1"}}}}"#
            )),
            1 => self.widget(&format!(
                r#""type":"OUTGOING_CALL_STARTED","data":{{"toNumber":"{number}","fromNumber":"+15550100111","createEngagement":true,"externalCallId":"{id}","callStartTime":{at}}}"#
            )),
            2 => self.host(&format!(r#""type":"CREATE_ENGAGEMENT_SUCCEEDED","data":{{"engagementId":{engagement},"createdAt":{at},"properties":{{"hs_call_direction":"OUTBOUND","hs_call_to_number":"{number}"}}}}"#)),
            3 => self.host(&format!(r#""type":"INITIATE_CALL_ID_SUCCEEDED","data":{{"callId":"c-{id}","initiatedAt":{at}}}"#)),
            4 => self.widget(&format!(
                r#""type":"CALL_ANSWERED","data":{{"externalCallId":"{id}","answeredBy":"customer","at":{at},"remark":"the other side picked up after a few rings"}}"#
            )),
            5 => self.widget(&format!(
                r#""type":"CALL_ENDED","data":{{{both},"callEndStatus":"COMPLETED"}}"#
            )),
            6 => self.widget(&format!(
                r#""type":"CALL_COMPLETED","data":{{{both},"hideWidget":false,"engagementProperties":{{"hs_call_body":"Spoke about the renewal; will call again next week.","hs_call_duration":"42000","hs_call_status":"COMPLETED"}}}}"#
            )),
            7 => self.host(&format!(r#""type":"UPDATE_ENGAGEMENT_SUCCEEDED","data":{{"engagementId":{engagement}}}"#)),
            8 => self.widget(&format!(r#""type":"FINALIZE_ENGAGEMENT","data":{{{both}}}"#)),
            _ => self.host(&format!(r#""type":"FINALIZE_ENGAGEMENT_SUCCEEDED","data":{{{both}}}"#)),
        }
    }
}
