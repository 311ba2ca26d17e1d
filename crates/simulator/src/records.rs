//! The records of the simulated account. Their phone numbers are reserved for fiction: nobody's
//! phone rings.

use serde::Serialize;
use serde_json::{Value, json};

/// The account, as in SYNC and `DIAL_NUMBER`.
pub const PORTAL_ID: u64 = 24_021_990;
/// The user who is logged in to HubSpot.
pub const USER_ID: u64 = 5_120_877;
/// The same user as an owner of records.
pub const OWNER_ID: u64 = 70_412_055;

/// The kind of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordKind {
    /// A person.
    Contact,
    /// A firm.
    Company,
    /// A contact's request.
    Ticket,
}

impl RecordKind {
    const ALL: [Self; 3] = [Self::Contact, Self::Company, Self::Ticket];

    /// The name in URLs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Company => "company",
            Self::Ticket => "ticket",
        }
    }

    /// `objectTypeId` on the wire.
    #[must_use]
    pub const fn object_type_id(self) -> &'static str {
        match self {
            Self::Contact => "0-1",
            Self::Company => "0-2",
            Self::Ticket => "0-5",
        }
    }
}

/// A phone number of a record.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Phone {
    /// Such as "Mobile".
    pub label: &'static str,
    /// With `+` and digits only.
    pub number: &'static str,
    /// The two-letter country code.
    pub country: &'static str,
    /// The property that contains it.
    pub property: &'static str,
    /// The record that the number belongs to, if that is not the one that shows it.
    pub of: Option<RecordId>,
}

/// Identifies a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RecordId {
    /// Its kind.
    pub kind: RecordKind,
    /// `objectId` on the wire.
    pub id: u64,
}

impl std::fmt::Display for RecordId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.kind.name(), self.id)
    }
}

impl RecordId {
    const fn new(kind: RecordKind, id: u64) -> Self {
        Self { kind, id }
    }

    /// Parses `contact/301`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, id) = text.split_once('/')?;
        let kind = RecordKind::ALL.into_iter().find(|it| it.name() == kind)?;
        Some(Self::new(kind, id.parse().ok()?))
    }

    /// Reads `objectCoordinates`, in which numbers may be strings.
    pub(crate) fn from_coordinates(value: &Value) -> Option<Self> {
        let kind = value["objectTypeId"].as_str()?;
        let kind = (RecordKind::ALL.into_iter()).find(|it| it.object_type_id() == kind)?;
        Some(Self::new(kind, number(&value["objectId"])?))
    }

    /// The `objectCoordinates` on the wire.
    pub(crate) fn coordinates(self) -> Value {
        json!({
            "portalId": PORTAL_ID,
            "objectId": self.id,
            "objectTypeId": self.kind.object_type_id(),
        })
    }
}

/// A number, or a string that spells one.
pub(crate) fn number(value: &Value) -> Option<u64> {
    value
        .as_u64()
        .or_else(|| value.as_str().and_then(|text| text.parse().ok()))
}

/// A record's page in the account.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Record {
    /// Its id.
    pub id: RecordId,
    /// Its title.
    pub name: &'static str,
    /// The line under the title.
    pub detail: &'static str,
    /// Empty if it has none.
    pub email: &'static str,
    /// The numbers that can be clicked to dial.
    pub phones: &'static [Phone],
}

const RILEY: RecordId = RecordId::new(RecordKind::Contact, 301);
const MARA: RecordId = RecordId::new(RecordKind::Contact, 302);
const JONAS: RecordId = RecordId::new(RecordKind::Contact, 303);
const NORDLICHT: RecordId = RecordId::new(RecordKind::Company, 902);
const HARBOUR: RecordId = RecordId::new(RecordKind::Company, 903);
const TICKET: RecordId = RecordId::new(RecordKind::Ticket, 5501);

const RILEY_WORK: Phone = Phone {
    label: "Work",
    number: "+442079460123",
    country: "GB",
    property: "phone",
    of: None,
};
const SWITCHBOARD: Phone = Phone {
    label: "Company",
    number: "+16175550188",
    country: "US",
    property: "phone",
    of: Some(NORDLICHT),
};

/// All records; the first is shown at the start.
pub const RECORDS: &[Record] = &[
    Record {
        id: RILEY,
        name: "Riley Bergmann",
        detail: "Head of purchasing, Nordlicht Optik",
        email: "riley.bergmann@example.com",
        phones: &[
            RILEY_WORK,
            Phone {
                label: "Mobile",
                number: "+447700900456",
                country: "GB",
                property: "mobilephone",
                of: None,
            },
            SWITCHBOARD,
        ],
    },
    Record {
        id: MARA,
        name: "Mara Lindqvist",
        detail: "Optician, Nordlicht Optik",
        email: "mara.lindqvist@example.com",
        phones: &[
            Phone {
                label: "Work",
                number: "+442079460789",
                country: "GB",
                property: "phone",
                of: None,
            },
            // The company's switchboard number as her own, so that a call from it matches several
            // records.
            Phone {
                label: "Front desk",
                number: "+16175550188",
                country: "US",
                property: "hs_calculated_phone_number",
                of: None,
            },
        ],
    },
    Record {
        id: JONAS,
        name: "Jonas Okoye",
        detail: "Owner, Harbour Labs",
        email: "jonas.okoye@example.com",
        phones: &[Phone {
            label: "Mobile",
            number: "+447700900777",
            country: "GB",
            property: "mobilephone",
            of: None,
        }],
    },
    Record {
        id: NORDLICHT,
        name: "Nordlicht Optik",
        detail: "Lenses and frames, Boston",
        email: "",
        phones: &[Phone {
            label: "Switchboard",
            number: "+16175550188",
            country: "US",
            property: "phone",
            of: None,
        }],
    },
    Record {
        id: HARBOUR,
        name: "Harbour Labs",
        detail: "Laboratory, London",
        email: "",
        phones: &[Phone {
            label: "Reception",
            number: "+442079460555",
            country: "GB",
            property: "phone",
            of: None,
        }],
    },
    Record {
        id: TICKET,
        name: "Lenses arrived scratched",
        detail: "Ticket of Riley Bergmann",
        email: "",
        phones: &[Phone {
            label: "Riley Bergmann, work",
            of: Some(RILEY),
            ..RILEY_WORK
        }],
    },
];

impl Record {
    /// The record of this name.
    #[must_use]
    pub fn find(id: RecordId) -> Option<&'static Self> {
        RECORDS.iter().find(|record| record.id == id)
    }

    /// The record as a row of `callerIdMatches`.
    fn as_match(&self) -> Value {
        let coordinates = self.id.coordinates();
        if self.id.kind == RecordKind::Company {
            return json!({
                "callerIdType": "COMPANY",
                "objectCoordinates": coordinates,
                "name": self.name,
            });
        }
        let (first, last) = self.name.split_once(' ').unwrap_or((self.name, ""));
        json!({
            "callerIdType": "CONTACT",
            "objectCoordinates": coordinates,
            "firstName": first,
            "lastName": last,
            "email": self.email,
        })
    }
}

/// The contacts and companies that own this number, as `callerIdMatches`.
pub(crate) fn matches(number: &str) -> Vec<Value> {
    let wanted = digits(number);
    RECORDS
        .iter()
        .filter(|record| record.id.kind != RecordKind::Ticket)
        .filter(|record| {
            (record.phones.iter()).any(|phone| phone.of.is_none() && digits(phone.number) == wanted)
        })
        .map(Record::as_match)
        .collect()
}

/// The first `count` contacts and companies as matches, whoever calls.
pub(crate) fn anybody(count: usize) -> Vec<Value> {
    let all = RECORDS.iter().filter(|it| it.id.kind != RecordKind::Ticket);
    all.take(count).map(Record::as_match).collect()
}

fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callers_are_found_by_their_digits() {
        assert_eq!(matches("+44 20 7946 0123").len(), 1);
        assert_eq!(matches("+1 617-555-0188").len(), 2);
        assert!(matches("+15550100").is_empty());
    }

    #[test]
    fn records_have_names() {
        for record in RECORDS {
            let id = RecordId::parse(&record.id.to_string()).unwrap();
            assert_eq!(Record::find(id).unwrap().name, record.name);
            assert_eq!(RecordId::from_coordinates(&id.coordinates()), Some(id));
        }
        assert!(RecordId::parse("contact/x").is_none());
        assert!(Record::find(RecordId::parse("contact/1").unwrap()).is_none());
    }
}
