//! The command line.

use clap::{Parser, Subcommand, ValueEnum};

use crate::commands::{
    check, completions, conform, diagram, diff, explain, man, messages, record, redact, report,
    scenario, show, simulate, stats,
};

const EXAMPLES: &str = "\
Examples:
  callscope check session.callscope.jsonl      what is wrong in this session?
  callscope explain M14                        what does this rule mean, how do I fix it?
  callscope show session.callscope.jsonl       what happened?

A session log is what the Callscope panel exports. `-` reads one from standard input.
`callscope help COMMAND` shows the examples of a command.

Exit status: 0 all is well, 1 it is not, as with findings at or above the level of --deny,
sessions that differ or a scenario that failed, 2 something could not be read or done.";

/// Checks, shows and records the messages between HubSpot and a calling widget.
#[derive(Debug, Parser)]
#[command(name = "callscope", version, after_help = EXAMPLES, max_term_width = 100)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Cli {
    /// When to use colors.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,

    #[command(subcommand)]
    pub(crate) command: Command,
}

/// When to use colors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// As the terminal and its variables say.
    #[value(help = "On a terminal, unless NO_COLOR is set")]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    /// Applies the choice to everything printed from now on.
    pub(crate) fn apply(self) {
        match self {
            Self::Auto => {}
            Self::Always => anstream::ColorChoice::Always.write_global(),
            Self::Never => anstream::ColorChoice::Never.write_global(),
        }
    }
}

/// What to do; the order is that of the help text.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check session logs against the rules of the protocol.
    Check(check::Args),
    /// Explain a rule: why it matters, how to fix it.
    Explain(explain::Args),
    /// Show the messages of the protocol and their fields.
    Messages(messages::Args),
    /// Show a session as a timeline.
    Show(show::Args),
    /// Count messages, calls and findings, and measure latencies.
    Stats(stats::Args),
    /// Draw who said what to whom: as text, as Mermaid, or as a picture.
    Diagram(diagram::Args),
    /// Write one self-contained file for a bug report.
    Report(report::Args),
    /// Replace phone numbers, names and ids; the findings stay the same.
    Redact(redact::Args),
    /// Compare two sessions or two calls, and say what differs first.
    Diff(diff::Args),
    /// Record a session in a Chromium that has the extension.
    Record(record::Args),
    /// Play HubSpot around your widget, without HubSpot.
    Simulate(simulate::Args),
    /// Play scenarios against a widget, in a Chromium with a simulated HubSpot.
    Conform(conform::Args),
    /// Make a scenario of a recorded session.
    Scenario(scenario::Args),
    /// Print a completion script for a shell.
    Completions(completions::Args),
    /// Print the manual page.
    Man(man::Args),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        super::Cli::command().debug_assert();
    }
}
