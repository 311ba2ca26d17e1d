//! Visits the fields of a message, for its details and for the rules alike.

use std::fmt;
use std::sync::LazyLock;

use super::meant::{meant, same_letters};
use super::node::Node;
use super::types::misfit;
use super::{FieldProblem, MESSAGE_ID, TYPE};
use crate::VersionRange;
use crate::catalogue::{FieldSpec, FieldType, Location, Required};
use crate::{Kind, MessageType, origin};

/// More unknown keys than anybody reads.
const MAX_EXTRAS: usize = 200;
/// More list items than anybody reads.
const MAX_ITEMS: usize = 20;

/// Where a field is in the message; turned into text only when somebody reads it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// Everything before the field's own path: `data.`, `data.callerIdMatches[0].`.
    prefix: &'a str,
    path: &'a str,
    /// A member of the field's object.
    member: Option<&'a str>,
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            prefix,
            path,
            member,
        } = self;
        write!(f, "{prefix}{path}")?;
        member.map_or(Ok(()), |member| write!(f, ".{member}"))
    }
}

/// One field that a message has or should have.
#[derive(Debug)]
pub(crate) struct Field<'a, N> {
    pub(crate) place: Place<'a>,
    /// The catalogue's row; `None` for a key that it does not know.
    pub(crate) spec: Option<&'static FieldSpec>,
    /// The documented types that the value may have; none for an unknown key.
    pub(crate) types: [Option<FieldType>; 2],
    pub(crate) value: Option<&'a N>,
    pub(crate) problem: Option<FieldProblem>,
}

/// A row of the catalogue with one of its paths split into keys.
struct FieldPath {
    spec: &'static FieldSpec,
    /// Below `data` or the message; the part after the list, if there is one.
    path: String,
    /// The keys of the path, in order.
    keys: Vec<String>,
    /// The list whose items the path goes into.
    list: Option<String>,
    /// The key that the path begins with.
    first: String,
}

impl FieldPath {
    fn new(spec: &'static FieldSpec, path: &str) -> Self {
        let first = path.split(['.', '[']).next().unwrap_or_default();
        let (list, path) = match path.split_once("[].") {
            Some((list, rest)) => (Some(list.to_owned()), rest),
            None => (None, path),
        };
        Self {
            spec,
            path: path.to_owned(),
            keys: path.split('.').map(str::to_owned).collect(),
            list,
            first: first.to_owned(),
        }
    }
}

/// The paths of each message type, in the order of the catalogue.
static PATHS: LazyLock<Vec<Vec<FieldPath>>> = LazyLock::new(|| {
    let paths = |ty: &MessageType| {
        let fields = ty.spec().fields.iter();
        fields
            .filter(|field| !is_envelope(field))
            .flat_map(|field| field.paths().map(|path| FieldPath::new(field, &path)))
            .collect()
    };
    MessageType::ALL.iter().map(paths).collect()
});

fn is_envelope(field: &FieldSpec) -> bool {
    field.location == Location::Top && matches!(field.name, "type" | "messageId")
}

fn paths_of(ty: Option<MessageType>) -> &'static [FieldPath] {
    let paths = ty.and_then(|ty| PATHS.get(ty as usize));
    paths.map_or(&[], Vec::as_slice)
}

/// The documented keys at this place of a message, with their rows; no deeper paths.
pub(super) fn keys_of(
    ty: MessageType,
    location: Location,
) -> impl Iterator<Item = (&'static str, &'static FieldSpec)> {
    let paths = paths_of(Some(ty)).iter().filter(move |path| {
        let is_one = path.spec.ty != FieldType::Mixed;
        path.spec.location == location && path.keys.len() == 1 && path.list.is_none() && is_one
    });
    paths.map(|path| (path.path.as_str(), path.spec))
}

/// Which fields to visit.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    /// Every field of the catalogue, present or not, the envelope's first.
    All,
    /// Those that are present and wrong.
    Wrong,
}

/// Visits the fields that the catalogue has for this message.
///
/// Within an object with documented members, only the missing or wrong ones are visited.
pub(crate) fn documented<N: Node>(
    message: &N,
    ty: Option<MessageType>,
    (which, speaks): (Which, VersionRange),
    visit: &mut dyn FnMut(Field<'_, N>),
) {
    for field in [&TYPE, &MESSAGE_ID] {
        let value = message.member(field.name);
        visit_field(("", field.name), field, value, (which, speaks), visit);
    }
    let data = message.member("data");
    for FieldPath {
        spec,
        path,
        keys,
        list,
        ..
    } in paths_of(ty)
    {
        let (root, prefix) = match spec.location {
            Location::Top => (Some(message), ""),
            Location::Data => (data, "data."),
        };
        let Some(list) = list else {
            let value = at(root, keys);
            visit_field((prefix, path), spec, value, (which, speaks), visit);
            continue;
        };
        let items = root.and_then(|root| root.member(list)).map(Node::items);
        for (index, item) in items.into_iter().flatten().take(MAX_ITEMS).enumerate() {
            let prefix = format!("{prefix}{list}[{index}].");
            let value = at(Some(item), keys);
            visit_field((&prefix, path), spec, value, (which, speaks), visit);
        }
    }
}

/// Follows a path.
fn at<'a, N: Node>(root: Option<&'a N>, keys: &[String]) -> Option<&'a N> {
    keys.iter().try_fold(root?, |at, key| at.member(key))
}

fn visit_field<N: Node>(
    (prefix, path): (&str, &str),
    spec: &'static FieldSpec,
    value: Option<&N>,
    (which, speaks): (Which, VersionRange),
    visit: &mut dyn FnMut(Field<'_, N>),
) {
    if which == Which::Wrong && value.is_none_or(Node::is_null) {
        return;
    }
    let problem = problem_of(spec, value, speaks);
    let is_sound = problem.is_none();
    let has_members = matches!(spec.ty, FieldType::Object(_) | FieldType::Properties);
    if which == Which::Wrong && is_sound && !has_members {
        return;
    }
    let field = |member, value, types, problem| Field {
        place: Place {
            prefix,
            path,
            member,
        },
        spec: Some(spec),
        types,
        value,
        problem,
    };
    let types = [Some(spec.ty), spec.also];
    visit(field(None, value, types, problem));
    let Some(object) = value.filter(|value| is_sound && value.kind() == Kind::Object) else {
        return;
    };
    match spec.ty {
        FieldType::Object(members) => {
            for (name, ty) in members {
                let value = object.member(name).filter(|value| !value.is_null());
                let problem = match value {
                    None => Some(FieldProblem::Missing),
                    Some(value) => misfit(&[Some(*ty), None], value),
                };
                if problem.is_some() {
                    visit(field(Some(name), value, [Some(*ty), None], problem));
                }
            }
        }
        FieldType::Properties => {
            for (name, value) in object.members().take(MAX_EXTRAS) {
                // A time may also be a number, and an unknown value is null.
                let number = (name == "hs_timestamp").then_some(FieldType::Number);
                let types = [Some(FieldType::String), number];
                let problem = misfit(&types, value).filter(|_| !value.is_null());
                if problem.is_some() {
                    visit(field(Some(name), Some(value), types, problem));
                }
            }
        }
        _ => {}
    }
}

fn problem_of<N: Node>(
    field: &FieldSpec,
    value: Option<&N>,
    speaks: VersionRange,
) -> Option<FieldProblem> {
    let Some(value) = value.filter(|value| !value.is_null()) else {
        let is_known =
            field.since <= speaks.oldest && field.until.is_none_or(|until| speaks.newest <= until);
        let is_missing = field.required == Required::Yes && is_known;
        return is_missing.then_some(FieldProblem::Missing);
    };
    if speaks.newest < field.since {
        return Some(FieldProblem::Newer { since: field.since });
    }
    if let Some(until) = field.until.filter(|until| *until < speaks.oldest) {
        return Some(FieldProblem::Older { until });
    }
    let problem = misfit(&[Some(field.ty), field.also], value);
    if problem.is_none() && field.ty == FieldType::Origin {
        let is_bare = value.text().is_some_and(origin::is_bare);
        return (!is_bare).then_some(FieldProblem::NotBareOrigin);
    }
    problem
}

/// What an unknown key may be taken for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Guess {
    /// Any documented key, by a typing mistake or by another name.
    Names,
    /// A documented key with the same letters.
    Spelling,
}

/// Visits every key of the message and of its `data` that the catalogue does not know there, or
/// only those that can be taken for a documented key in the requested way.
pub(crate) fn undocumented<N: Node>(
    message: &N,
    ty: Option<MessageType>,
    (guess, speaks): (Guess, VersionRange),
    visit: &mut dyn FnMut(&str, Field<'_, N>),
) {
    for location in [Location::Top, Location::Data] {
        let (object, prefix) = match location {
            Location::Top => (Some(message), ""),
            Location::Data => (message.member("data"), "data."),
        };
        let Some(object) = object else { continue };
        let is_extra = |key: &str| {
            let is_envelope =
                location == Location::Top && matches!(key, "type" | "messageId" | "data");
            let mut paths = paths_of(ty).iter();
            !is_envelope && !paths.any(|it| it.spec.location == location && it.first == key)
        };
        let extras = object.members().filter(|(key, _)| is_extra(key));
        let is_worth_a_look = |key: &str| {
            let mut known = ty.into_iter().flat_map(|ty| keys_of(ty, location));
            guess == Guess::Names || known.any(|(name, _)| same_letters(key, name))
        };
        let extras = extras.filter(|(key, _)| is_worth_a_look(key));
        for (key, value) in extras.take(MAX_EXTRAS) {
            let (spec, problem) = match ty {
                Some(ty) => extra_problem(ty, location, (key, value), object, speaks),
                None => (None, None),
            };
            let place = Place {
                prefix,
                path: key,
                member: None,
            };
            visit(
                key,
                Field {
                    place,
                    spec,
                    types: [None, None],
                    value: Some(value),
                    problem,
                },
            );
        }
    }
}

/// The row that covers an unknown key, and what is wrong with the key.
fn extra_problem<N: Node>(
    ty: MessageType,
    location: Location,
    (key, value): (&str, &N),
    object: &N,
    speaks: VersionRange,
) -> (Option<&'static FieldSpec>, Option<FieldProblem>) {
    let fields = ty.spec().fields;
    let mut here = fields.iter().filter(|field| field.location == location);
    let wildcard = here.find(|field| field.is_wildcard());
    let is_data_field = || {
        let mut fields = fields.iter();
        fields.any(|field| field.location == Location::Data && field.name == key)
    };
    if location == Location::Top && wildcard.is_none() && is_data_field() {
        return (None, Some(FieldProblem::Misplaced));
    }
    let did_you_mean = meant(ty, location, (key, value), object, speaks);
    // Where anything is allowed, or nothing is documented, the widget's own keys are no problem.
    let is_free = wildcard.is_some() || fields.is_empty();
    let is_problem = did_you_mean.is_some() || !is_free;
    let problem = is_problem.then_some(FieldProblem::Unknown { did_you_mean });
    (wildcard, problem)
}
