use callscope_bus::Source;

use super::*;

fn hello() -> Hello {
    Hello {
        document: DocumentId("widget".to_owned()),
        origin: "https://widget.test".to_owned(),
        path: vec![0],
        at: 0.0,
        from_start: true,
        blank: false,
    }
}

fn observed(message: &str) -> Observed {
    Observed {
        at: 0.0,
        source: Source::Parent,
        origin: String::new(),
        message: message.to_owned(),
        cloned: String::new(),
        truncated: None,
    }
}

fn ack(through: u32) -> Ack {
    Ack {
        through,
        recorder: DocumentId("top".to_owned()),
        known: true,
        watched: true,
    }
}

fn greeted() -> Outbox {
    let mut outbox = Outbox::new(hello());
    let sent = outbox.next(0.0).unwrap();
    assert_eq!(sent, TapMessage::Hello(hello()));
    outbox.on_ack(&ack(0), 1.0);
    outbox
}

#[track_caller]
fn batch(sent: Option<TapMessage>) -> (u32, Vec<String>, u32) {
    let Some(TapMessage::Batch(batch)) = sent else {
        panic!("no batch: {sent:?}");
    };
    let items = batch.items.into_iter().map(|item| item.message).collect();
    (batch.first, items, batch.lost)
}

#[test]
fn a_batch_says_whether_more_follows_and_an_empty_one_that_none_did() {
    let more = |sent: Option<TapMessage>| match sent {
        Some(TapMessage::Batch(batch)) => Some((batch.items.len(), batch.more)),
        _ => None,
    };
    let mut outbox = greeted();
    outbox.push(observed("1"), 10.0);
    outbox.set_unread(true);
    assert_eq!(more(outbox.next(40.0)), Some((1, true)));
    outbox.on_ack(&ack(1), 50.0);
    assert_eq!(more(outbox.next(90.0)), None);
    outbox.set_unread(false);
    assert_eq!(more(outbox.next(100.0)), Some((0, false)));
    outbox.on_ack(&ack(1), 110.0);
    assert_eq!(outbox.deadline(), None);

    outbox.push(observed("2"), 200.0);
    outbox.set_unread(true);
    let taken = outbox.take().unwrap();
    assert_eq!((taken.items.len(), taken.more), (1, true));
    assert_eq!(outbox.take(), None);
    outbox.set_unread(false);
    let taken = outbox.take().unwrap();
    assert_eq!((taken.items.len(), taken.more), (0, false));
    assert_eq!(outbox.take(), None);
}

#[test]
fn messages_gather_and_go_once_acknowledged() {
    let mut outbox = greeted();
    assert_eq!(outbox.deadline(), None);
    outbox.push(observed("1"), 100.0);
    outbox.push(observed("2"), 110.0);
    assert_eq!(outbox.next(119.0), None);
    let (first, items, lost) = batch(outbox.next(120.0));
    assert_eq!(
        (first, items, lost),
        (1, vec!["1".to_owned(), "2".to_owned()], 0)
    );
    outbox.on_ack(&ack(2), 130.0);
    assert_eq!(outbox.deadline(), None);
}

#[test]
fn in_a_stream_batches_are_apart_unless_one_is_full() {
    let mut outbox = greeted();
    outbox.push(observed("1"), 100.0);
    batch(outbox.next(120.0));
    outbox.push(observed("2"), 121.0);
    outbox.on_ack(&ack(1), 125.0);
    assert_eq!(outbox.deadline(), Some(160.0));
    batch(outbox.next(160.0));
    outbox.on_ack(&ack(2), 163.0);
    outbox.push(observed("3"), 164.0);
    assert_eq!(outbox.deadline(), Some(200.0));
    batch(outbox.next(200.0));
    // What took that long has waited long enough.
    outbox.push(observed("4"), 201.0);
    outbox.on_ack(&ack(3), 270.0);
    assert_eq!(outbox.deadline(), Some(270.0));
    batch(outbox.next(270.0));
    for _ in 0..MANY {
        outbox.push(observed("5"), 271.0);
    }
    outbox.on_ack(&ack(4), 272.0);
    assert_eq!(outbox.deadline(), Some(272.0));
    batch(outbox.next(272.0));

    // Faster than anyone can read.
    let mut last = 4 + u32::try_from(MANY).unwrap();
    outbox.on_ack(&ack(last), 273.0);
    for _ in 0..STREAM {
        outbox.push(observed("6"), 274.0);
    }
    last += u32::try_from(STREAM).unwrap();
    batch(outbox.next(352.0));
    outbox.push(observed("7"), 353.0);
    outbox.on_ack(&ack(last), 360.0);
    assert_eq!(outbox.deadline(), Some(432.0));
    batch(outbox.next(432.0));

    // No panel watches.
    outbox.push(observed("8"), 433.0);
    let unwatched = |through| Ack {
        watched: false,
        ..ack(through)
    };
    outbox.on_ack(&unwatched(last + 1), 440.0);
    assert_eq!(outbox.deadline(), Some(632.0));
    batch(outbox.next(632.0));
    outbox.on_ack(&unwatched(last + 2), 640.0);

    // After a rest, a panel may have been opened.
    outbox.push(observed("9"), 900.0);
    assert_eq!(outbox.deadline(), Some(950.0));
}

#[test]
fn a_failed_batch_goes_again_with_what_came_since() {
    let mut outbox = greeted();
    outbox.push(observed("1"), 100.0);
    batch(outbox.next(120.0));
    outbox.on_failure(121.0);
    outbox.push(observed("2"), 122.0);
    let retry = outbox.deadline().unwrap();
    assert!(retry >= 121.0 + FIRST_RETRY);
    let (first, items, _) = batch(outbox.next(retry));
    assert_eq!((first, items.len()), (1, 2));
}

/// The pauses between attempts that all `end` the same way, until they stop growing.
fn waits(outbox: &mut Outbox, end: impl Fn(&mut Outbox, f64)) -> Vec<f64> {
    let mut waits = Vec::new();
    let mut before = outbox.deadline().unwrap();
    while waits.len() < 3 || waits.last() != waits.get(waits.len() - 2) {
        outbox.next(before).unwrap();
        end(outbox, before);
        let deadline = outbox.deadline().unwrap();
        waits.push(deadline - before);
        before = deadline;
    }
    waits
}

#[test]
fn a_silent_channel_is_asked_ever_more_rarely_and_for_ever() {
    let mut outbox = greeted();
    outbox.push(observed("1"), 100.0);
    let waits = waits(&mut outbox, |_, _| ());
    let seconds: Vec<f64> = waits.iter().map(|wait| wait / 1_000.0).collect();
    assert_eq!(seconds, [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]);
}

#[test]
fn a_channel_that_refuses_is_asked_ever_more_rarely_and_for_ever() {
    let mut outbox = Outbox::new(hello());
    let waits = waits(&mut outbox, Outbox::on_failure);
    assert_eq!(waits.first(), Some(&50.0));
    assert!(waits.is_sorted(), "{waits:?}");
    assert_eq!(waits.last(), Some(&60_000.0));
    assert_eq!(waits.len(), 13);
}

#[test]
fn after_a_silence_a_hello_asks_who_is_there() {
    let mut outbox = greeted();
    outbox.push(observed("1"), 100.0);
    batch(outbox.next(120.0));
    assert_eq!(outbox.next(619.0), None);
    assert_eq!(outbox.next(620.0), Some(TapMessage::Hello(hello())));
    outbox.on_ack(&ack(0), 650.0);
    let (first, items, _) = batch(outbox.next(650.0));
    assert_eq!((first, items.len()), (1, 1));
    outbox.on_ack(&ack(1), 660.0);
    assert_eq!(outbox.deadline(), None);
}

#[test]
fn a_new_message_shortens_a_long_wait_and_makes_no_storm() {
    let mut outbox = Outbox::new(hello());
    waits(&mut outbox, |_, _| ());
    let asked = outbox.deadline().unwrap();
    outbox.next(asked).unwrap();
    assert_eq!(outbox.deadline(), Some(asked + 60_000.0));
    outbox.push(observed("1"), asked + 10.0);
    assert_eq!(outbox.deadline(), Some(asked + 5_000.0));
    outbox.push(observed("2"), asked + 20.0);
    assert_eq!(outbox.deadline(), Some(asked + 5_000.0));
    let sent = outbox.next(asked + 5_000.0);
    assert_eq!(sent, Some(TapMessage::Hello(hello())));
    assert_eq!(outbox.deadline(), Some(asked + 65_000.0));
}

#[test]
fn a_sign_of_life_ends_the_wait() {
    let mut silent = Outbox::new(hello());
    waits(&mut silent, |_, _| ());
    silent.on_sign_of_life();
    assert_eq!(silent.next(0.0), Some(TapMessage::Hello(hello())));
    assert_eq!(silent.deadline(), Some(FIRST_ANSWER_DUE));
    // A sign does not cut short an attempt that nobody has had time to answer.
    silent.on_sign_of_life();
    assert_eq!(silent.deadline(), Some(FIRST_ANSWER_DUE));

    let mut refused = Outbox::new(hello());
    waits(&mut refused, Outbox::on_failure);
    refused.on_sign_of_life();
    assert_eq!(refused.next(0.0), Some(TapMessage::Hello(hello())));
}

#[test]
fn nothing_is_delivered_twice_when_all_attempts_are_answered_at_last() {
    let mut outbox = greeted();
    outbox.push(observed("1"), 100.0);
    batch(outbox.next(120.0));
    for _ in 0..3 {
        let deadline = outbox.deadline().unwrap();
        assert!(matches!(outbox.next(deadline), Some(TapMessage::Hello(_))));
    }
    // Chromium delivers what it has kept: first the batch, then three hellos.
    for _ in 0..4 {
        outbox.on_ack(&ack(1), 10_000.0);
    }
    assert_eq!(outbox.next(10_000.0), None);
    assert_eq!(outbox.deadline(), None);
}

#[test]
fn without_room_the_last_are_let_go_and_counted() {
    let mut outbox = greeted();
    outbox.room_items = 2;
    for number in 1..=5 {
        outbox.push(observed(&number.to_string()), 100.0);
    }
    let (first, items, lost) = batch(outbox.next(120.0));
    assert_eq!((first, items.len(), lost), (1, 2, 0));
    outbox.on_ack(&ack(2), 121.0);
    outbox.push(observed("6"), 122.0);
    let (first, items, lost) = batch(outbox.next(160.0));
    assert_eq!((first, items, lost), (6, vec!["6".to_owned()], 3));
    outbox.on_ack(&ack(6), 161.0);
    assert_eq!(outbox.deadline(), None);
}

#[test]
fn a_full_outbox_drains_as_long_as_it_is_answered() {
    let mut outbox = greeted();
    outbox.push(observed("1"), 100.0);
    batch(outbox.next(120.0));
    outbox.on_ack(&ack(1), 121.0);
    outbox.room_items = 2;
    outbox.push(observed("2"), 122.0);
    assert!(!outbox.is_draining());
    outbox.push(observed("3"), 122.0);
    assert!(outbox.is_draining());
    batch(outbox.next(160.0));
    outbox.on_ack(&ack(2), 161.0);
    assert!(!outbox.is_draining());
    outbox.push(observed("4"), 162.0);
    assert!(outbox.is_draining());
    // Nobody answers for two minutes.
    let mut now = 300.0;
    while outbox.is_draining() {
        outbox.push(observed("5"), now);
        assert!(now < 150_000.0);
        outbox.next(now);
        now += 100.0;
    }
    assert!(now > 90_000.0);
}

#[test]
fn a_report_without_room_is_not_a_lost_message() {
    let mut outbox = greeted();
    outbox.room_items = 1;
    let report = Observed {
        source: Source::Page,
        ..observed("report")
    };
    assert!(outbox.push(observed("1"), 100.0));
    assert!(!outbox.push(report.clone(), 100.0));
    assert!(!outbox.push(observed("2"), 100.0));
    batch(outbox.next(120.0));
    outbox.on_ack(&ack(1), 121.0);
    assert!(outbox.push(report, 122.0));
    let (first, items, lost) = batch(outbox.next(160.0));
    assert_eq!((first, items, lost), (3, vec!["report".to_owned()], 1));
}

#[test]
fn a_loss_at_the_end_is_told_without_a_message() {
    let mut outbox = greeted();
    outbox.room_items = 1;
    outbox.push(observed("1"), 100.0);
    outbox.push(observed("2"), 100.0);
    batch(outbox.next(120.0));
    outbox.on_ack(&ack(1), 121.0);
    let (first, items, lost) = batch(outbox.next(160.0));
    assert_eq!((first, items.len(), lost), (3, 0, 1));
    outbox.on_ack(&ack(2), 161.0);
    assert_eq!(outbox.deadline(), None);
}

#[test]
fn another_recorder_hears_hello_first() {
    let mut outbox = greeted();
    outbox.push(observed("1"), 100.0);
    batch(outbox.next(120.0));
    let other = Ack {
        through: 0,
        recorder: DocumentId("new".to_owned()),
        known: false,
        watched: true,
    };
    outbox.on_ack(&other, 121.0);
    let sent = outbox.next(121.0).unwrap();
    assert_eq!(sent, TapMessage::Hello(hello()));
    outbox.on_ack(
        &Ack {
            known: true,
            ..other
        },
        122.0,
    );
    let (first, items, _) = batch(outbox.next(122.0));
    assert_eq!((first, items.len()), (1, 1));
}

#[test]
fn a_late_answer_is_still_an_answer() {
    let mut outbox = greeted();
    outbox.push(observed("1"), 100.0);
    batch(outbox.next(120.0));
    outbox.on_failure(121.0);
    batch(outbox.next(200.0));
    outbox.on_ack(&ack(1), 201.0);
    assert!(outbox.waiting.is_empty());
    outbox.on_ack(&ack(1), 202.0);
    assert_eq!(outbox.deadline(), None);
}

#[test]
fn goodbye_says_all_that_is_left() {
    let mut outbox = Outbox::new(hello());
    outbox.push(observed("1"), 1.0);
    let goodbye = outbox.goodbye(Some(2.0));
    assert_eq!(
        (goodbye.hello, goodbye.recorder, goodbye.next),
        (hello(), None, 2)
    );
    assert_eq!(
        (goodbye.batches.len(), goodbye.batches[0].items.len()),
        (1, 1)
    );

    let mut outbox = greeted();
    outbox.room_items = 2;
    for number in 1..=4 {
        outbox.push(observed(&number.to_string()), 100.0);
    }
    outbox.on_ack(&ack(1), 101.0);
    outbox.push(observed("5"), 102.0);
    let goodbye = outbox.goodbye(Some(103.0));
    assert_eq!(goodbye.recorder, Some(DocumentId("top".to_owned())));
    let batches = goodbye.batches.into_iter().map(|batch| batch.first);
    let numbers: Vec<u32> = batches.collect();
    assert_eq!((numbers, goodbye.next, goodbye.lost), (vec![2, 5], 6, 2));
}

#[test]
fn only_a_recorder_that_knows_a_document_gets_its_goodbye() {
    let mut outbox = greeted();
    outbox.push(observed("1"), 100.0);
    batch(outbox.next(120.0));
    let stranger = Ack {
        through: 0,
        recorder: DocumentId("next page".to_owned()),
        known: false,
        watched: true,
    };
    outbox.on_ack(&stranger, 121.0);
    let goodbye = outbox.goodbye(Some(122.0));
    assert_eq!(goodbye.recorder, Some(DocumentId("top".to_owned())));
}

#[test]
fn other_messages_are_counted_without_a_word_of_their_own() {
    let mut outbox = greeted();
    outbox.count_others(2);
    assert_eq!(outbox.deadline(), None);
    outbox.push(observed("1"), 100.0);
    let Some(TapMessage::Batch(batch)) = outbox.next(120.0) else {
        panic!("no batch");
    };
    assert_eq!(batch.others, 2);
}

#[test]
fn what_was_never_read_is_lost_after_what_was() {
    let mut outbox = greeted();
    outbox.push(observed("1"), 100.0);
    outbox.lose(4);
    outbox.push(observed("6"), 101.0);
    let (first, items, lost) = batch(outbox.next(121.0));
    assert_eq!((first, items.len(), lost), (1, 1, 0));
    outbox.on_ack(&ack(1), 122.0);
    let (first, items, lost) = batch(outbox.next(122.0));
    assert_eq!((first, items, lost), (6, vec!["6".to_owned()], 4));
}

/// The batches that are sent until this time, each with its time, first sequence number and size.
fn sent_until(outbox: &mut Outbox, until: f64) -> Vec<(f64, u32, usize)> {
    let mut sent = Vec::new();
    while let Some(at) = outbox.deadline().filter(|at| *at <= until) {
        match outbox.next(at) {
            Some(TapMessage::Batch(batch)) => sent.push((at, batch.first, batch.items.len())),
            Some(_) => sent.push((at, 0, 0)),
            None => break,
        }
    }
    sent
}

fn push_many(outbox: &mut Outbox, count: usize, at: f64) {
    for _ in 0..count {
        outbox.push(observed("x"), at);
    }
}

/// An outbox whose recorder has answered a batch, with another of 20 messages on its way.
fn streaming() -> Outbox {
    let mut outbox = greeted();
    outbox.push(observed("1"), 0.0);
    assert_eq!(sent_until(&mut outbox, 50.0), [(20.0, 1, 1)]);
    outbox.on_ack(&ack(1), 30.0);
    push_many(&mut outbox, 20, 100.0);
    assert_eq!(sent_until(&mut outbox, 150.0), [(120.0, 2, 20)]);
    outbox
}

#[test]
fn a_stream_goes_on_while_the_answer_waits_behind_the_page_s_own_messages() {
    let mut outbox = streaming();
    push_many(&mut outbox, 15, 130.0);
    // So few can wait for the answer, and it is asked for again.
    assert_eq!(outbox.deadline(), Some(620.0));
    push_many(&mut outbox, 5, 140.0);
    assert_eq!(sent_until(&mut outbox, 400.0), [(320.0, 22, 20)]);
    push_many(&mut outbox, 20, 410.0);
    assert_eq!(sent_until(&mut outbox, 600.0), [(520.0, 42, 20)]);
    outbox.on_ack(&ack(21), 610.0);
    outbox.on_ack(&ack(41), 611.0);
    push_many(&mut outbox, 20, 612.0);
    assert_eq!(sent_until(&mut outbox, 800.0), []);
    outbox.on_ack(&ack(61), 800.0);
    assert_eq!(sent_until(&mut outbox, 900.0), [(800.0, 62, 20)]);
    outbox.on_ack(&ack(81), 910.0);
    assert_eq!(outbox.deadline(), None);
}

#[test]
fn if_one_of_several_batches_did_not_arrive_all_are_sent_again() {
    let mut outbox = streaming();
    push_many(&mut outbox, 20, 130.0);
    assert_eq!(sent_until(&mut outbox, 400.0), [(320.0, 22, 20)]);
    // The recorder takes nothing after what it has not got.
    outbox.on_ack(&ack(1), 410.0);
    assert_eq!(sent_until(&mut outbox, 500.0), [(460.0, 2, 40)]);
    outbox.on_ack(&ack(41), 470.0);
    assert_eq!(outbox.deadline(), None);
}

#[test]
fn several_batches_are_on_their_way_only_to_a_recorder_that_has_answered_one_and_only_so_many() {
    let mut outbox = greeted();
    push_many(&mut outbox, 20, 0.0);
    assert_eq!(sent_until(&mut outbox, 50.0), [(20.0, 1, 20)]);
    push_many(&mut outbox, 20, 60.0);
    // Nothing but a hello follows.
    assert_eq!(sent_until(&mut outbox, 600.0), [(520.0, 0, 0)]);

    let mut outbox = streaming();
    let mut sent = Vec::new();
    for part in 1..30 {
        let at = 120.0 + LATE * f64::from(part);
        push_many(&mut outbox, 20, at - 1.0);
        sent.extend(sent_until(&mut outbox, at));
    }
    let batches = sent.iter().take_while(|(_, first, _)| *first > 0).count();
    assert_eq!(batches, 15);
    assert_eq!(sent.get(batches), Some(&(3_620.0, 0, 0)));
}
