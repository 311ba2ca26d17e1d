//! All tables as one JSON value, for the page and for scripts.

use serde_json::{Value, json};

use crate::{ACTS, ANSWERS, BEHAVIORS, PRESETS, Place, Profile, RECORDS, SWITCHES, SwitchKind};

/// Acts, answers with their delays, switches, presets, profiles, places, records and behaviors.
#[must_use]
pub fn tables() -> Value {
    let answers = ANSWERS.iter().map(|answer| {
        json!({
            "name": answer.name,
            "sends": answer.sends.map(callscope_protocol::MessageType::name),
            "failsWith": answer.fails_with.map(callscope_protocol::MessageType::name),
            "delayMs": answer.delay_ms,
            "after": answer.after,
            "certainty": answer.certainty.word(),
        })
    });
    let switches = SWITCHES.iter().map(|row| {
        let mut value = json!({
            "name": row.name,
            "kind": kind(row.kind),
            "what": row.what,
            "certainty": row.certainty.word(),
            "idleUnder": Profile::ALL
                .into_iter()
                .filter(|profile| row.idle_under(*profile).is_some())
                .map(Profile::name)
                .collect::<Vec<_>>(),
        });
        match row.kind {
            SwitchKind::Count(most) => value["most"] = json!(most),
            SwitchKind::Choice(words) => value["words"] = json!(words),
            SwitchKind::Flag | SwitchKind::Millis => {}
        }
        value
    });
    let presets = PRESETS.iter().map(|preset| {
        let switches: serde_json::Map<_, _> = preset
            .switches()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        json!({
            "name": preset.name,
            "what": preset.what,
            "expects": preset.expects,
            "source": preset.source,
            "switches": switches,
        })
    });
    let behaviors = BEHAVIORS.iter().map(
        |it| json!({ "what": it.what, "certainty": it.certainty.word(), "source": it.source }),
    );
    let records = RECORDS.iter().map(|record| {
        json!({ "id": record.id.to_string(), "kind": record.id.kind, "name": record.name })
    });
    json!({
        "acts": ACTS,
        "answers": answers.collect::<Vec<_>>(),
        "switches": switches.collect::<Vec<_>>(),
        "presets": presets.collect::<Vec<_>>(),
        "profiles": Profile::ALL.map(|it| json!({ "name": it.name(), "what": it.what() })),
        "places": Place::ALL.map(|it| json!({ "name": it.name(), "what": it.what() })),
        "records": records.collect::<Vec<_>>(),
        "behaviors": behaviors.collect::<Vec<_>>(),
    })
}

const fn kind(kind: SwitchKind) -> &'static str {
    match kind {
        SwitchKind::Flag => "flag",
        SwitchKind::Millis => "millis",
        SwitchKind::Count(_) => "count",
        SwitchKind::Choice(_) => "choice",
    }
}
