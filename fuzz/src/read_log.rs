//! Any bytes as a log.

use std::io::BufReader;

use callscope_session_log::{Entry, Log, LogError, LogReader, Session, write_log};

use crate::{again, finding_keys, redacted};

/// Reads, writes, reads again, replays and redacts.
pub fn run(bytes: &[u8]) {
    let read = Log::read(bytes);
    assert_read_in_pieces_alike(bytes, &read);
    let log = match read {
        Ok(log) => log,
        Err(error) => return assert_tells(&error),
    };
    let second = again(&log);
    assert_eq!(second.header, log.header);
    assert_eq!(second.entries, log.entries);

    let session = Session::from(log.clone());
    let expected = finding_keys(&session);
    let mut exported = String::new();
    write_log(&mut exported, &log.header, session.to_lines()).expect("a String never fails");
    let exported = Log::read(exported.as_bytes()).expect("an exported session can be read");
    assert_eq!(finding_keys(&Session::from(exported)), expected, "exported");

    // That it keeps the findings is for `check` to see: there values are what they should be, or
    // wrong in ways that somebody may have thought of.
    let redacted = redacted(&log);
    assert_eq!(redacted.entries.len(), log.entries.len());
    _ = Session::from(redacted).findings();
}

/// An error says where, in one short line.
fn assert_tells(error: &LogError) {
    let words = error.to_string();
    assert!(
        words.contains("line ") || matches!(error, LogError::Empty),
        "{words}"
    );
    assert!(words.chars().count() < 400, "{words}");
    assert!(!words.chars().any(char::is_control), "{words:?}");
}

/// A log that comes a few bytes at a time is the same log.
fn assert_read_in_pieces_alike(bytes: &[u8], whole: &Result<Log, LogError>) {
    const PIECE: usize = 3;
    let pieces = LogReader::new(BufReader::with_capacity(PIECE, bytes)).and_then(|mut reader| {
        let entries: Result<Vec<_>, _> = reader.by_ref().collect();
        let mut entries = entries?;
        entries.retain(|entry| !matches!(entry, Entry::Finding));
        Ok(Log {
            header: reader.header().clone(),
            entries,
            notes: reader.notes().to_vec(),
        })
    });
    match (whole, &pieces) {
        (Ok(whole), Ok(pieces)) => assert_eq!(whole, pieces),
        (Err(whole), Err(pieces)) => assert_eq!(whole.to_string(), pieces.to_string()),
        _ => panic!("in one piece: {whole:?}; in many: {pieces:?}"),
    }
}
