//! Lists what can be switched on.

use std::io::Write as _;

use callscope_simulator::{ANSWERS, PRESETS, SWITCHES, SwitchId, SwitchKind};

use crate::output::Output;

pub(super) fn print(out: &mut Output) -> std::io::Result<()> {
    writeln!(out, "Presets: known troubles, with --preset NAME\n")?;
    for preset in PRESETS {
        writeln!(out, "  {:<22} {}", preset.name, preset.what)?;
        writeln!(out, "  {:<22} A good widget: {}", "", preset.expects)?;
    }
    writeln!(
        out,
        "\nSwitches, with --switch NAME or --switch NAME:VALUE\n\n\
         Of each message that HubSpot sends (delays are the simulator's own):\n"
    )?;
    for answer in ANSWERS {
        let faults: Vec<&str> = answer.faults.iter().map(|fault| fault.name()).collect();
        writeln!(
            out,
            "  {:<22} {} (delay {} ms; {})",
            answer.name,
            faults.join(", "),
            answer.delay_ms,
            answer.certainty.word()
        )?;
    }
    writeln!(
        out,
        "\n  such as create-engagement.fail, or create-engagement.delay:5000\n\nOthers:\n"
    )?;
    let others = SWITCHES
        .iter()
        .filter(|row| matches!(row.id, SwitchId::Special(_)));
    for row in others {
        let value = match row.kind {
            SwitchKind::Flag => String::new(),
            SwitchKind::Millis => ":MILLISECONDS".to_owned(),
            SwitchKind::Count(_) => ":COUNT".to_owned(),
            SwitchKind::Choice(words) => format!(":{}", words.join("|")),
        };
        writeln!(out, "  {}{value}\n      {}", row.name, row.what)?;
    }
    Ok(())
}
