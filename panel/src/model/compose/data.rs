//! What the view shows.

use callscope_protocol::{Conversation, Message, Side};
use callscope_session_view::composer::{DraftField, Problem};
use callscope_session_view::visible::visible_json;
use serde_json::Value;

use super::obstacle::{Obstacle, obstacle};
use super::types::{self, TypeGroup};
use super::{Compose, SendOutcome, Surroundings, Written, form_of, living, pretty};
use crate::model::bar;
use crate::model::snippets::{Snippet, SnippetsData};

/// Everything that the view shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ComposeData {
    pub(crate) targets: Vec<(u32, String)>,
    pub(crate) target: Option<u32>,
    pub(crate) from: Side,
    /// The message's type, as far as it can be parsed.
    pub(crate) type_name: String,
    /// What the type is for, if the catalogue has it.
    pub(crate) summary: Option<&'static str>,
    /// The types to choose from.
    pub(crate) types: Vec<TypeGroup>,
    pub(crate) search: String,
    pub(crate) is_json: bool,
    /// Why there is no form for it.
    pub(crate) no_form: Option<&'static str>,
    /// The form's fields; empty while the message is written as JSON.
    pub(crate) fields: Vec<DraftField>,
    /// The paths of values that no field shows.
    pub(crate) beyond: Vec<String>,
    /// Problems that are not shown at a field.
    pub(crate) problems: Vec<Problem>,
    pub(crate) remark: Option<&'static str>,
    /// The message as it will be posted, pretty-printed; when written as JSON, exactly as written.
    pub(crate) preview: String,
    pub(crate) obstacle: Option<Obstacle>,
    pub(crate) outcome: Option<SendOutcome>,
    pub(crate) snippets: SnippetsData,
}

impl Compose {
    pub(crate) fn data(&mut self, around: Surroundings<'_>, kept: &[Snippet]) -> ComposeData {
        let targets: Vec<&Conversation> = living(around).collect();
        let target = self.target(around);
        let written = self.written(around, target);
        let message_id = self.message_id(around, target);
        let ty = written.ty();
        let mut data = ComposeData {
            targets: targets.iter().map(|it| (it.id.0, bar::name(it))).collect(),
            target: target.map(|target| target.id.0),
            from: self.from,
            type_name: ty.map_or_else(String::new, |ty| ty.name().to_owned()),
            summary: ty.map(|ty| ty.spec().summary),
            types: types::groups(self.from, &self.search),
            search: self.search.clone(),
            is_json: self.is_json,
            no_form: None,
            fields: Vec::new(),
            beyond: Vec::new(),
            problems: Vec::new(),
            remark: self.entered.remark,
            preview: String::new(),
            obstacle: obstacle(around, target, self.from, &written),
            outcome: self.outcome.clone(),
            snippets: SnippetsData {
                names: kept.iter().map(Snippet::title).collect(),
                chosen: self.entered.snippet,
                name: self.entered.snippet_name.clone(),
            },
        };
        match written {
            Written::Form(draft) if self.is_json => {
                data.preview = pretty(&draft.to_message(&message_id));
                data.problems = draft.problems().to_vec();
            }
            Written::Form(draft) => {
                data.preview = visible_pretty(&draft.to_message(&message_id));
                data.beyond = draft.beyond();
                data.fields = draft.fields().to_vec();
                let is_shown = |it: &Problem| data.fields.iter().any(|field| field.path == it.path);
                data.problems = draft.problems().to_vec();
                data.problems.retain(|it| !is_shown(it));
            }
            Written::Json { text, checked } => {
                if ty.is_none() && checked.is_ok() {
                    let message = Message::decode(&text.as_str().into());
                    let type_name = message.type_name().unwrap_or_default();
                    type_name.clone_into(&mut data.type_name);
                }
                data.no_form = (form_of(&text).is_none())
                    .then_some("Only a message of the catalogue that is valid JSON has a form");
                data.problems = checked.map(|(_, problems)| problems).unwrap_or_default();
                data.preview = text;
            }
        }
        data
    }
}

/// Pretty-printed JSON with every character visible; still the same JSON.
fn visible_pretty(value: &Value) -> String {
    let pretty = pretty(value);
    let lines: Vec<_> = pretty.lines().map(visible_json).collect();
    lines.join("\n")
}
