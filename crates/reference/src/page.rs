//! The parts of a page.

use callscope_protocol::ExampleLine;

/// A page about one thing: a rule or a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The rule's code, or the message's type.
    pub name: &'static str,
    /// The text beside the name: the rule's title, or the message's direction.
    pub title: &'static str,
    /// Its content, in order.
    pub blocks: Vec<Block>,
}

/// One part of a page.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// Plain sentences.
    Paragraph(String),
    /// Named facts.
    Facts(Vec<Fact>),
    /// A message's fields.
    Fields(Vec<FieldRow>),
    /// A session.
    Example {
        /// What it shows.
        title: &'static str,
        /// Its lines.
        lines: Vec<ExampleLine>,
    },
}

/// A named fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Its name: "How to fix it".
    pub label: &'static str,
    /// The fact itself.
    pub text: String,
}

/// One field of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldRow {
    /// Where it is: `hostUrl`, `data.phoneNumber`.
    pub path: String,
    /// Its type, with the unit of a number: "number in ms since epoch".
    pub ty: String,
    /// "required", "optional", "conditional".
    pub required: &'static str,
    /// The versions that have it: "0.7.0 and newer", "all".
    pub versions: String,
    /// Anything else that is known about it.
    pub note: &'static str,
}
