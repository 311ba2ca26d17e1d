//! The catalogue without its texts: everything that a running SDK needs from it.
//!
//! Computed by the compiler from [`MessageType::ALL`], so that a script lowered to JavaScript
//! contains only these names, and not the catalogue's tens of kilobytes of notes.

use callscope_protocol::{Direction, FieldSpec, Location, MessageType, Side};

#[derive(Clone, Copy)]
struct Row {
    kind: MessageType,
    name: &'static str,
    has_handler: bool,
    direction: Direction,
}

const COUNT: usize = MessageType::ALL.len();

static ROWS: [Row; COUNT] = {
    let mut rows = [Row {
        kind: MessageType::Sync,
        name: "",
        has_handler: false,
        direction: Direction::None,
    }; COUNT];
    let mut index = 0;
    while index < COUNT {
        let kind = MessageType::ALL[index];
        let spec = kind.spec();
        rows[index] = Row {
            kind,
            name: spec.name,
            has_handler: spec.handler.is_some(),
            direction: spec.direction,
        };
        index += 1;
    }
    rows
};

/// The keys of the payload of a widget's READY: each is a key of SYNC.
pub(crate) static READY_KEYS: [&str; ready_key_count()] = {
    let mut keys = [""; ready_key_count()];
    let fields = MessageType::Ready.spec().fields;
    let (mut index, mut count) = (0, 0);
    while index < fields.len() {
        if is_key_of_sync(&fields[index]) {
            keys[count] = fields[index].name;
            count += 1;
        }
        index += 1;
    }
    keys
};

const fn ready_key_count() -> usize {
    let fields = MessageType::Ready.spec().fields;
    let (mut index, mut count) = (0, 0);
    while index < fields.len() {
        if is_key_of_sync(&fields[index]) {
            count += 1;
        }
        index += 1;
    }
    count
}

/// READY has `iFrameUrl` only if `SET_WIDGET_URL` raises it, which does not happen in this SDK.
const fn is_key_of_sync(field: &FieldSpec) -> bool {
    let name = field.name.as_bytes();
    matches!(field.location, Location::Data) && !matches!(name, b"iFrameUrl")
}

fn row(kind: MessageType) -> Option<&'static Row> {
    // The types are numbered in the order of `ALL`, so the row always exists.
    ROWS.get(kind as usize)
}

/// The name on the wire.
pub(crate) fn name(kind: MessageType) -> &'static str {
    row(kind).map_or("", |row| row.name)
}

/// The type with this name.
pub(crate) fn from_name(name: &str) -> Option<MessageType> {
    ROWS.iter().find(|row| row.name == name).map(|row| row.kind)
}

/// Whether a widget has a handler for it.
pub(crate) fn has_handler(kind: MessageType) -> bool {
    row(kind).is_some_and(|row| row.has_handler)
}

/// Whether `side` may send it.
pub(crate) fn may_send(side: Side, kind: MessageType) -> bool {
    row(kind).is_some_and(|row| row.direction.allows(side))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_the_catalogue_says() {
        for &kind in MessageType::ALL {
            let spec = kind.spec();
            assert_eq!(name(kind), spec.name);
            assert_eq!(from_name(spec.name), Some(kind));
            assert_eq!(has_handler(kind), spec.handler.is_some());
            for side in [Side::Host, Side::Widget] {
                assert_eq!(may_send(side, kind), spec.direction.allows(side), "{kind}");
            }
        }
        assert_eq!(from_name("toString"), None);
    }

    #[test]
    fn a_ready_tells_what_the_newest_sdk_tells() {
        assert_eq!(
            READY_KEYS,
            [
                "engagementId",
                "portalId",
                "userId",
                "ownerId",
                "iframeLocation",
                "usesCallingWindow",
                "hostUrl"
            ]
        );
    }
}
