//! The rules: one file each, one table of all.
//!
//! A rule's code is the id of its row in the protocol's list of deviations: T for transport, S for
//! the session, Q for calls of the seed generation, M for calls of the modern one.
//! W is for what the widget's page reports about itself when the user looks inside it.
//! C (calls as a whole), F (fields: their types and their names), H (health of the handshake and of
//! answers), E (environment) and X (what the recording lacks) are Callscope's own.
//! F comes after the families whose rules know a field better: what one of them has reported about
//! a message, F does not repeat.

use crate::arrival::Arrival;
use crate::state::CallTrack;
use crate::{Millis, Rule};

mod prelude {
    pub(super) use super::{never_announced, other_call_words, span_words};
    pub(super) use crate::arrival::Arrival;
    pub(super) use crate::json::Json;
    pub(super) use crate::number::thousands;
    pub(super) use crate::rule::{Hook, Report};
    pub(super) use crate::state::State;
    pub(super) use crate::{
        Availability, CallPhase, Example, Finding, Login, MessageType, Millis, Rule, SdkGeneration,
        Severity, Side, Version,
    };
}

/// The source file of the rule with this code, named after the code and its meaning.
#[cfg(test)]
pub(crate) fn file_of(code: &str) -> std::path::PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rules");
    let prefix = format!("{}_", code.to_lowercase());
    let files = std::fs::read_dir(folder).unwrap();
    let mut paths = files.map(|file| file.unwrap().path());
    let path = paths.find(|path| {
        let name = path.file_name().unwrap().to_string_lossy();
        name.starts_with(&prefix)
    });
    path.unwrap()
}

/// A span in words: "590 ms", "1.2 s", "4 min".
fn span_words(Millis(span): Millis) -> String {
    let span = span.max(0.0);
    if span < 1_000.0 {
        format!("{span:.0} ms")
    } else if span < 120_000.0 {
        format!("{:.1} s", span / 1_000.0)
    } else {
        format!("{:.0} min", span / 60_000.0)
    }
}

/// What is wrong with a message of a call that no start announced.
fn never_announced(name: &str) -> String {
    format!(
        "{name} is for a call that was never announced: no OUTGOING_CALL_STARTED or INCOMING_CALL \
         came before it"
    )
}

/// "; the call that goes on is b" for a message of a call that is over: another one may be meant.
fn other_call_words(arrival: &Arrival<'_>, over: &CallTrack) -> String {
    let active = arrival.state.calls.active();
    let other = active.filter(|call| call.serial != over.serial);
    match other.and_then(|call| call.external_ids.first()) {
        Some(id) => format!("; the call that goes on is {id}"),
        None => String::new(),
    }
}

#[cfg(test)]
mod testing {
    pub(super) use expect_test::expect;

    pub(super) use crate::trace::check;
}

mod answers;
mod settings;

mod c01_call_announced_twice;
mod c02_call_message_twice;
mod c03_dial_repeated;
mod c04_completed_without_call;
mod c05_end_status_contradicts;
mod e01_override_active;
mod e02_both_override_keys;
mod e03_http_url;
mod e04_override_unusable;
mod e05_override_deprecated_key;
mod f01_field_wrong_type;
mod f02_field_of_another_name;
mod f03_field_missing;
mod h01_sync_ack_slow;
mod h02_many_syncs;
mod h03_second_host_unacknowledged;
mod h04_hubspot_does_not_answer;
mod h05_page_left_during_call;
mod h06_sync_ack_not_taken;
mod h07_widget_does_not_answer;
mod h08_hubspot_reports_failure;
mod m01_external_call_id_missing;
mod m02_external_call_id_changes;
mod m03_external_call_id_reused;
mod m04_incoming_call_numbers_missing;
mod m05_to_number_missing;
mod m06_phone_number_key;
mod m07_number_not_dialable;
mod m08_create_engagement_not_boolean;
mod m09_no_engagement_asked;
mod m10_time_not_milliseconds;
mod m11_call_answered_without_call;
mod m12_call_ended_without_call;
mod m13_call_end_status_unknown;
mod m14_call_completed_before_ended;
mod m15_call_completed_missing;
mod m16_engagement_id_missing;
mod m17_engagement_id_of_another_call;
mod m18_hide_widget_absent;
mod m19_engagement_property_unusable;
mod m20_publish_to_channel_deprecated;
mod m21_finalize_too_early;
mod m22_record_not_matched;
mod m23_object_type_id_unknown;
mod m24_portal_id_differs;
mod m25_ended_after_transfer;
mod m26_call_data_from_newer_sdk;
mod m27_only_engagement_created;
mod m28_update_associations_failed;
mod m29_failed_towards_0_8_1;
mod m30_object_id_not_callee;
mod m31_external_call_id_spelling;
mod m32_second_call_before_end;
mod q01_phone_number_missing;
mod q02_started_without_dial;
mod q03_number_differs_from_dial;
mod q04_answered_or_ended_without_call;
mod q05_call_data_missing;
mod q06_call_data_without_engagement_id;
mod q07_call_ended_with_data;
mod q08_data_type;
mod q09_end_call_unanswered;
mod q10_second_call_before_end;
mod s01_initialized_missing;
mod s02_is_logged_in_missing;
mod s03_widget_size_key;
mod s04_size_not_number;
mod s05_is_available_not_boolean;
mod s06_logged_in_twice;
mod s07_dial_while_logged_out;
mod s08_call_while_logged_out;
mod s09_available_while_logged_out;
mod s10_incoming_call_while_unavailable;
mod s11_inbound_from_old_sdk;
mod s12_shown_after_minimize;
mod s13_initialized_takes_back;
mod t01_before_sync_ack;
mod t02_sync_ack_id_unknown;
mod t03_origin_differs;
mod t04_url_not_bare_origin;
mod t05_message_id_missing;
mod t06_type_missing;
mod t07_id_of_receiver;
mod t08_message_id_repeated;
mod t09_two_sdk_objects;
mod t10_same_instance;
mod t11_second_sync_ack;
mod t12_sync_rhythm;
mod t13_no_sync_ack;
mod t14_sync_without_message_id;
mod t15_sync_without_host_url;
mod t16_sync_ack_without_version;
mod t17_local_type;
mod t18_unloading;
mod t19_error_loop;
mod t20_not_an_object;
mod t21_type_unknown_to_receiver;
mod t22_payload_outside_data;
mod t23_wrong_direction;
mod t24_set_widget_url_nested;
mod t25_set_widget_url_to_widget;
mod w01_dropped_before_ready;
mod w02_no_handler;
mod w03_not_delivered;
mod w04_script_failed;
mod w05_inside_lost;
mod w06_redirected;
mod x01_late_start;
mod x02_gap;
mod x03_beginning_evicted;
mod x04_message_cut;
mod x05_clock_backwards;
mod x06_nothing_recorded;

/// The families in order; if a rule is missing here, the compiler warns about it.
static RULES: &[&Rule] = &[
    &t01_before_sync_ack::RULE,
    &t02_sync_ack_id_unknown::RULE,
    &t03_origin_differs::RULE,
    &t04_url_not_bare_origin::RULE,
    &t05_message_id_missing::RULE,
    &t06_type_missing::RULE,
    &t07_id_of_receiver::RULE,
    &t08_message_id_repeated::RULE,
    &t09_two_sdk_objects::RULE,
    &t10_same_instance::RULE,
    &t11_second_sync_ack::RULE,
    &t12_sync_rhythm::RULE,
    &t13_no_sync_ack::RULE,
    &t14_sync_without_message_id::RULE,
    &t15_sync_without_host_url::RULE,
    &t16_sync_ack_without_version::RULE,
    &t17_local_type::RULE,
    &t18_unloading::RULE,
    &t19_error_loop::RULE,
    &t20_not_an_object::RULE,
    &t21_type_unknown_to_receiver::RULE,
    &t22_payload_outside_data::RULE,
    &t23_wrong_direction::RULE,
    &t24_set_widget_url_nested::RULE,
    &t25_set_widget_url_to_widget::RULE,
    &s01_initialized_missing::RULE,
    &s02_is_logged_in_missing::RULE,
    &s03_widget_size_key::RULE,
    &s04_size_not_number::RULE,
    &s05_is_available_not_boolean::RULE,
    &s06_logged_in_twice::RULE,
    &s07_dial_while_logged_out::RULE,
    &s08_call_while_logged_out::RULE,
    &s09_available_while_logged_out::RULE,
    &s10_incoming_call_while_unavailable::RULE,
    &s11_inbound_from_old_sdk::RULE,
    &s12_shown_after_minimize::RULE,
    &s13_initialized_takes_back::RULE,
    &q01_phone_number_missing::RULE,
    &q02_started_without_dial::RULE,
    &q03_number_differs_from_dial::RULE,
    &q04_answered_or_ended_without_call::RULE,
    &q05_call_data_missing::RULE,
    &q06_call_data_without_engagement_id::RULE,
    &q07_call_ended_with_data::RULE,
    &q08_data_type::RULE,
    &q09_end_call_unanswered::RULE,
    &q10_second_call_before_end::RULE,
    &m01_external_call_id_missing::RULE,
    &m02_external_call_id_changes::RULE,
    &m03_external_call_id_reused::RULE,
    &m04_incoming_call_numbers_missing::RULE,
    &m05_to_number_missing::RULE,
    &m06_phone_number_key::RULE,
    &m07_number_not_dialable::RULE,
    &m08_create_engagement_not_boolean::RULE,
    &m09_no_engagement_asked::RULE,
    &m10_time_not_milliseconds::RULE,
    &m11_call_answered_without_call::RULE,
    &m12_call_ended_without_call::RULE,
    &m13_call_end_status_unknown::RULE,
    &m14_call_completed_before_ended::RULE,
    &m15_call_completed_missing::RULE,
    &m16_engagement_id_missing::RULE,
    &m17_engagement_id_of_another_call::RULE,
    &m18_hide_widget_absent::RULE,
    &m19_engagement_property_unusable::RULE,
    &m20_publish_to_channel_deprecated::RULE,
    &m21_finalize_too_early::RULE,
    &m22_record_not_matched::RULE,
    &m23_object_type_id_unknown::RULE,
    &m24_portal_id_differs::RULE,
    &m25_ended_after_transfer::RULE,
    &m26_call_data_from_newer_sdk::RULE,
    &m27_only_engagement_created::RULE,
    &m28_update_associations_failed::RULE,
    &m29_failed_towards_0_8_1::RULE,
    &m30_object_id_not_callee::RULE,
    &m31_external_call_id_spelling::RULE,
    &m32_second_call_before_end::RULE,
    &c01_call_announced_twice::RULE,
    &c02_call_message_twice::RULE,
    &c03_dial_repeated::RULE,
    &c04_completed_without_call::RULE,
    &c05_end_status_contradicts::RULE,
    &f01_field_wrong_type::RULE,
    &f02_field_of_another_name::RULE,
    &f03_field_missing::RULE,
    &h01_sync_ack_slow::RULE,
    &h02_many_syncs::RULE,
    &h03_second_host_unacknowledged::RULE,
    &h04_hubspot_does_not_answer::RULE,
    &h05_page_left_during_call::RULE,
    &h06_sync_ack_not_taken::RULE,
    &h07_widget_does_not_answer::RULE,
    &h08_hubspot_reports_failure::RULE,
    &e01_override_active::RULE,
    &e02_both_override_keys::RULE,
    &e03_http_url::RULE,
    &e04_override_unusable::RULE,
    &e05_override_deprecated_key::RULE,
    &w01_dropped_before_ready::RULE,
    &w02_no_handler::RULE,
    &w03_not_delivered::RULE,
    &w04_script_failed::RULE,
    &w05_inside_lost::RULE,
    &w06_redirected::RULE,
    &x01_late_start::RULE,
    &x02_gap::RULE,
    &x03_beginning_evicted::RULE,
    &x04_message_cut::RULE,
    &x05_clock_backwards::RULE,
    &x06_nothing_recorded::RULE,
];

/// All rules, in the order of their families: T, S, Q, M, then C, F, H, E and X.
#[must_use]
pub const fn rules() -> &'static [&'static Rule] {
    RULES
}

/// The rule with this code, in capitals: `M15`.
#[must_use]
pub fn rule(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code == code).copied()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;

    use super::*;

    #[test]
    fn codes_are_unique_and_found_again() {
        let codes: BTreeSet<_> = rules().iter().map(|rule| rule.code).collect();
        assert_eq!(codes.len(), rules().len());
        for known in rules() {
            assert_eq!(rule(known.code), Some(*known));
        }
        assert_eq!(rule("m15"), None);
    }

    #[test]
    fn every_row_of_the_protocol_is_a_rule() {
        for (family, count) in [("T", 25), ("S", 12), ("Q", 10), ("M", 32)] {
            for number in 1..=count {
                let code = format!("{family}{number:02}");
                assert!(rule(&code).is_some(), "{code}");
            }
        }
    }

    #[test]
    fn every_rule_explains_itself() {
        for rule in rules() {
            let Rule {
                code,
                title,
                why,
                fix,
                severity,
                hooks,
                ..
            } = rule;
            assert!(
                !title.is_empty() && !title.ends_with('.'),
                "{code}: {title}"
            );
            assert!(why.ends_with('.') && fix.ends_with('.'), "{code}");
            let first = severity.split([' ', ',', ';']).next();
            assert!(
                matches!(first, Some("error" | "warning" | "note")),
                "{code}: {severity}"
            );
            assert!(!hooks.is_empty(), "{code}");
            assert!(rule.until.is_none_or(|until| rule.since <= until), "{code}");
        }
    }

    #[test]
    fn traces_show_the_severities_that_the_rule_names() {
        for rule in rules() {
            for line in fs::read_to_string(file_of(rule.code))
                .unwrap()
                .lines()
                .map(str::trim)
            {
                let Some(found) = line.strip_prefix(&format!("! {} ", rule.code)) else {
                    continue;
                };
                let severity = found
                    .split(' ')
                    .find(|word| !word.starts_with('['))
                    .unwrap();
                assert!(
                    rule.severity.contains(severity),
                    "{}: {severity}",
                    rule.code
                );
            }
        }
    }
}
