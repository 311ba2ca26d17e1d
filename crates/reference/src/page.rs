//! What a page is made of.

use callscope_protocol::ExampleLine;

/// A page about one thing: a rule or a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The rule's code, or the message's type.
    pub name: &'static str,
    /// What stands beside the name: the rule's title, or the message's direction.
    pub title: &'static str,
    /// What it says, in order.
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
        /// What happens in it.
        lines: Vec<ExampleLine>,
    },
}

/// A named fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Its name: "How to fix it".
    pub label: &'static str,
    /// What is to be said about it.
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
    /// What else is known.
    pub note: &'static str,
}
