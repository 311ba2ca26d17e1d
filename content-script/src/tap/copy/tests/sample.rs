//! Posted values, as tests write them.

use std::rc::Rc;

use serde_json::Value;

use crate::tap::copy::{Bounds, Kind, Posted};

type Members = Vec<(String, Sample)>;

/// A posted value, as tests write it.
#[derive(Clone, Debug)]
pub(super) enum Sample {
    Undefined,
    Null,
    Number(f64),
    BigInt(&'static str),
    Text(String),
    List(Rc<Vec<Option<Sample>>>),
    /// An array with properties besides its elements.
    Extended(Rc<(Vec<Option<Sample>>, Members)>),
    Record(Rc<Vec<(String, Sample)>>),
    Date(&'static str),
    /// The object that contains it.
    Cycle,
}

thread_local! {
    /// The target of a cycle.
    pub(super) static ROOT: std::cell::RefCell<Option<Sample>> = const { std::cell::RefCell::new(None) };
}

impl Sample {
    fn itself(&self) -> Self {
        match self {
            Self::Cycle => ROOT.with_borrow(|root| root.clone().unwrap()),
            other => other.clone(),
        }
    }
}

pub(super) fn record(members: &[(&str, Sample)]) -> Sample {
    let members = members
        .iter()
        .map(|(key, value)| ((*key).to_owned(), value.clone()));
    Sample::Record(Rc::new(members.collect()))
}

pub(super) fn extended(elements: &[Option<Sample>], extras: &[(&str, Sample)]) -> Sample {
    let extras = extras
        .iter()
        .map(|(key, value)| ((*key).to_owned(), value.clone()));
    Sample::Extended(Rc::new((elements.to_vec(), extras.collect())))
}

pub(super) fn list(elements: &[Option<Sample>]) -> Sample {
    Sample::List(Rc::new(elements.to_vec()))
}

pub(super) fn text(text: &str) -> Sample {
    Sample::Text(text.to_owned())
}

fn quoted_keys(members: &[(String, Sample)], limit: usize) -> Vec<(String, Sample)> {
    let quoted = members
        .iter()
        .map(|(key, value)| (serde_json::to_string(key).unwrap(), value.clone()));
    quoted.take(limit).collect()
}

impl Posted for Sample {
    fn kind(&self) -> Kind {
        match self.itself() {
            Self::Undefined => Kind::Undefined,
            Self::Null => Kind::Null,
            Self::Number(number) => Kind::Number(number),
            Self::BigInt(_) => Kind::BigInt,
            Self::Text(text) => Kind::Text(text.encode_utf16().count()),
            Self::List(elements) => Kind::List(elements.len()),
            Self::Extended(list) => Kind::List(list.0.len()),
            Self::Record(_) | Self::Cycle => Kind::Record,
            Self::Date(_) => Kind::Instance("Date".to_owned()),
        }
    }

    fn children(&self, limit: usize) -> Vec<Self> {
        match self.itself() {
            Self::List(elements) => elements.iter().flatten().take(limit).cloned().collect(),
            Self::Extended(list) => {
                let (elements, extras) = list.as_ref();
                let extras = extras.iter().map(|(_, value)| value);
                let all = elements.iter().flatten().chain(extras);
                all.take(limit).cloned().collect()
            }
            Self::Record(members) => members
                .iter()
                .map(|(_, value)| value.clone())
                .take(limit)
                .collect(),
            _ => Vec::new(),
        }
    }

    fn count(&self) -> usize {
        self.children(usize::MAX).len()
    }

    fn element(&self, index: usize) -> Option<Self> {
        match self {
            Self::List(elements) => elements.get(index).cloned().flatten(),
            Self::Extended(list) => list.0.get(index).cloned().flatten(),
            _ => None,
        }
    }

    fn members(&self, limit: usize) -> Vec<(String, Self)> {
        match self.itself() {
            Self::Record(members) => quoted_keys(&members, limit),
            _ => Vec::new(),
        }
    }

    fn is_dense(&self, length: usize) -> bool {
        match self {
            Self::List(elements) => elements.iter().flatten().count() == length,
            _ => false,
        }
    }

    fn extras(&self, limit: usize) -> Vec<(String, Self)> {
        match self {
            Self::Extended(list) => quoted_keys(&list.1, limit),
            _ => Vec::new(),
        }
    }

    fn quoted(&self, limit: usize) -> String {
        let Self::Text(text) = self else {
            return String::new();
        };
        // Like the engine: a lone surrogate becomes an escape.
        let units: Vec<u16> = text.encode_utf16().take(limit).collect();
        let quoted = |unit: Result<char, std::char::DecodeUtf16Error>| match unit {
            Ok(c) => {
                let quoted = serde_json::to_string(&c).unwrap();
                quoted[1..quoted.len() - 1].to_owned()
            }
            Err(half) => format!("\\u{:04x}", half.unpaired_surrogate()),
        };
        let inner: String = char::decode_utf16(units).map(quoted).collect();
        format!("\"{inner}\"")
    }

    /// Tests always write value by value; browser tests cover the engine's way.
    fn plain_text(&self, _: Bounds) -> Option<String> {
        None
    }

    fn stringified(&self) -> Option<String> {
        fn json(sample: &Sample) -> Value {
            match sample {
                Sample::Number(number) => {
                    serde_json::from_str(&number.to_string()).unwrap_or(Value::Null)
                }
                Sample::Text(text) => text.as_str().into(),
                Sample::List(elements) => elements
                    .iter()
                    .map(|element| json(element.as_ref().unwrap()))
                    .collect(),
                Sample::Record(members) => {
                    Value::Object(members.iter().map(|(k, v)| (k.clone(), json(v))).collect())
                }
                _ => Value::Null,
            }
        }
        Some(json(self).to_string())
    }

    fn is(&self, other: &Self) -> bool {
        match (self.itself(), other.itself()) {
            (Self::List(one), Self::List(two)) => Rc::ptr_eq(&one, &two),
            (Self::Record(one), Self::Record(two)) => Rc::ptr_eq(&one, &two),
            (Self::Extended(one), Self::Extended(two)) => Rc::ptr_eq(&one, &two),
            _ => false,
        }
    }

    fn unpacked(&self, class: &str) -> (Option<Self>, String) {
        let Self::Date(when) = self else {
            return (None, class.to_owned());
        };
        (Some(text(when)), class.to_owned())
    }

    fn digits(&self) -> String {
        let Self::BigInt(digits) = self else {
            return String::new();
        };
        (*digits).to_owned()
    }
}
