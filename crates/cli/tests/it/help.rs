//! Help, completions, manual pages.

use expect_test::expect;

use crate::{check_run, commands, run};

#[test]
fn help_teaches() {
    check_run(
        &["--help"],
        &expect![[r#"
            Checks, shows and records the messages between HubSpot and a calling widget

            Usage: callscope [OPTIONS] <COMMAND>

            Commands:
              check        Check session logs against the rules of the protocol
              explain      Explain a rule: why it matters, how to fix it
              messages     Show the messages of the protocol and their fields
              show         Show a session as a timeline
              stats        Count messages, calls and findings, and measure latencies
              diagram      Draw who said what to whom: as text, as Mermaid, or as a picture
              report       Write one self-contained file for a bug report
              redact       Replace phone numbers, names and ids; the findings stay the same
              diff         Compare two sessions or two calls, and say what differs first
              record       Record a session in a Chromium that has the extension
              simulate     Play HubSpot around your widget, without HubSpot
              conform      Play scenarios against a widget, in a Chromium with a simulated HubSpot
              scenario     Make a scenario of a recorded session
              completions  Print a completion script for a shell
              man          Print the manual page
              help         Print this message or the help of the given subcommand(s)

            Options:
                  --color <WHEN>
                      When to use colors

                      Possible values:
                      - auto:   On a terminal, unless NO_COLOR is set
                      - always: Always
                      - never:  Never

                      [default: auto]

              -h, --help
                      Print help (see a summary with '-h')

              -V, --version
                      Print version

            Examples:
              callscope check session.callscope.jsonl      what is wrong in this session?
              callscope explain M14                        what does this rule mean, how do I fix it?
              callscope show session.callscope.jsonl       what happened?

            A session log is what the Callscope panel exports. `-` reads one from standard input.
            `callscope help COMMAND` shows the examples of a command.

            Exit status: 0 all is well, 1 it is not, as with findings at or above the level of --deny,
            sessions that differ or a scenario that failed, 2 something could not be read or done.
            --- exit 0
        "#]],
    );
    check_run(
        &["help", "check"],
        &expect![[r#"
            Check session logs against the rules of the protocol

            Usage: callscope check [OPTIONS] <FILE>...

            Arguments:
              <FILE>...
                      Session logs; `-` is standard input

            Options:
                  --color <WHEN>
                      When to use colors

                      Possible values:
                      - auto:   On a terminal, unless NO_COLOR is set
                      - always: Always
                      - never:  Never

                      [default: auto]

                  --format <FORMAT>
                      How to print the findings

                      Possible values:
                      - text:   For people, with the messages around each finding
                      - json:   One JSON object: findings and summary
                      - junit:  JUnit XML, which most CI systems read
                      - github: Annotations for GitHub Actions

                      [default: text]

                  --deny <LEVEL>
                      The mildest severity that makes the exit status 1

                      Possible values:
                      - error:   Fail on errors
                      - warning: Fail on errors and warnings
                      - note:    Fail on errors, warnings and notes
                      - none:    Do not fail on findings

                      [default: error]

                  --allow <CODE>
                      Rules to leave out, such as M09,M18; `callscope explain` lists them

                  --limit <COUNT>
                      Show at most this many findings of each severity as text; 0 shows all

                      [default: 100]

              -h, --help
                      Print help (see a summary with '-h')

            Examples:
              callscope check session.callscope.jsonl
              callscope check --deny warning logs/*.jsonl             fail on warnings, too
              callscope check --allow M09,M18 session.jsonl           leave two rules out
              callscope check --format github session.jsonl           annotations in GitHub Actions
              callscope check --format json - < session.jsonl | jq .summary

            Exit status: 0 no finding at or above the level of --deny, 1 there is one,
            2 a log could not be read. Findings about a frame that HubSpot does not sync with are
            shown, but do not count.
            --- exit 0
        "#]],
    );
}

#[test]
fn every_command_shows_examples() {
    for command in commands() {
        let ran = run(&["help", &command]);
        assert_eq!(ran.code, 0, "{command}");
        let example = format!("\nExamples:\n  callscope {command}");
        assert!(ran.stdout.contains(&example), "{}", ran.stdout);
        for line in ran.stdout.lines() {
            assert!(line.chars().count() <= 100, "{command}: {line}");
        }
    }
}

#[test]
fn without_arguments_it_helps() {
    let ran = run(&[]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("Commands:"), "{}", ran.stderr);
}

#[test]
fn completions_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = run(&["completions", shell]);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{shell}");
        for command in commands() {
            assert!(ran.stdout.contains(&command), "{command} in {shell}");
        }
    }
}

#[test]
fn a_manual_page_per_command() {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(&["man", "-o", folder.path().to_str().unwrap()]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""));
    for command in commands() {
        let page = folder.path().join(format!("callscope-{command}.1"));
        let text = std::fs::read_to_string(page).unwrap();
        assert!(text.contains(".SH DESCRIPTION"), "{text}");
        // Lines of examples stay separate lines.
        assert!(text.contains(".SH EXAMPLES\n.nf\n"), "{text}");
        assert_eq!(
            text.matches("\n.nf\n").count(),
            text.matches("\n.fi\n").count()
        );
    }
    assert!(run(&["man"]).stdout.contains("callscope"));
}
