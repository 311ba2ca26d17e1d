//! The families of rules.

use callscope_protocol::{Rule, rules};

/// The meaning of the first letter of a rule's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Family {
    /// The letter, in upper case.
    pub letter: &'static str,
    /// What its rules are about, in a few words.
    pub words: &'static str,
}

/// All families, in the order of the rules.
pub const FAMILIES: &[Family] = &[
    Family {
        letter: "T",
        words: "handshake and transport",
    },
    Family {
        letter: "S",
        words: "session: log-in, availability, size",
    },
    Family {
        letter: "Q",
        words: "calls of widgets up to SDK 0.0.6",
    },
    Family {
        letter: "M",
        words: "calls of newer widgets",
    },
    Family {
        letter: "C",
        words: "calls as a whole: messages that come twice, or never",
    },
    Family {
        letter: "F",
        words: "fields: their types and their names",
    },
    Family {
        letter: "H",
        words: "health: latency, retries, answers that do not come",
    },
    Family {
        letter: "E",
        words: "environment: overrides and origins",
    },
    Family {
        letter: "W",
        words: "what the widget's page reports about itself, where the user looks inside it",
    },
    Family {
        letter: "X",
        words: "what the recording lacks",
    },
];

impl Family {
    /// The rules of the family, in their order.
    pub fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        rules()
            .iter()
            .copied()
            .filter(|rule| rule.code.starts_with(self.letter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_its_family() {
        let listed: Vec<_> = FAMILIES.iter().flat_map(Family::rules).collect();
        assert_eq!(listed, rules());
    }
}
