//! What must have happened before what, where the clocks cannot tell.

use callscope_json::members;
use callscope_protocol::{MessageType, RecordedMessage};

/// How far apart the clocks of two documents may be for the same moment, in milliseconds.
///
/// A browser randomly rounds `performance.now` up or down to a tenth, and `performance.timeOrigin`
/// once more for each document. In 60,000 round trips in Chromium 156, an immediate answer had the
/// same time as its request in 5 to 9 of 100, and an earlier one, by a tenth, once.
pub(super) const RESOLUTION: f64 = 0.3;

/// Whether a message can only have been sent after the other one was received, because it answers
/// it.
///
/// This is only asked about messages received at nearly the same time, so the request is unlikely
/// to be a different one of its kind.
pub(super) fn answers(answer: &RecordedMessage, request: &RecordedMessage) -> bool {
    if answer.conversation != request.conversation || answer.from == request.from {
        return false;
    }
    let (answer, request) = (Envelope::of(answer), Envelope::of(request));
    let (Some(answer_type), Some(request_type)) = (answer.ty, request.ty) else {
        return false;
    };
    let fits = || request_type.spec().answers().any(|it| it == answer_type);
    // SYNC_ACK names its SYNC; no other answer repeats its request's messageId.
    let is_named = answer_type != MessageType::SyncAck || answer.id == request.id;
    is_named && fits()
}

/// The values of these two keys of a message.
#[derive(Debug, Default)]
struct Envelope<'a> {
    ty: Option<MessageType>,
    /// As written in the text.
    id: Option<&'a str>,
}

impl<'a> Envelope<'a> {
    fn of(recorded: &'a RecordedMessage) -> Self {
        let mut envelope = Self::default();
        // A value that is not an object has neither key.
        _ = members(recorded.message.as_str(), |key, value| {
            match key.as_written() {
                "type" => {
                    let name = callscope_json::string(value);
                    envelope.ty = name.and_then(|name| MessageType::from_name(&name));
                }
                "messageId" => envelope.id = Some(value),
                _ => {}
            }
        });
        envelope
    }
}
