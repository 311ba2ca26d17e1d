//! What a message's key says about its values.

/// What kind of value to expect under a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Class {
    /// Words of the protocol and flags: no personal data.
    Keep,
    /// Times, sizes and versions.
    Quantity,
    /// The SDK's message ids, made of two times; rules look at their prefixes.
    MessageId,
    /// An id of a record, a call, an account or a user.
    Id,
    /// A phone number.
    Phone,
    /// A URL.
    Url,
    /// Names, titles and other words about people.
    Name,
    /// Sentences, mostly written by programs.
    Text,
    /// The key is not known.
    #[default]
    Unknown,
}

/// Keys of the protocol whose values are not secret, in lower case and without `_` and `-`.
const KEEP: &[&str] = &[
    "callendstatus",
    "calleeobjecttypeid",
    "calleridtype",
    "code",
    "countrycode",
    "createengagement",
    "debugmode",
    "direction",
    "hidewidget",
    "hscalldirection",
    "hscalldisposition",
    "hscallsource",
    "hscallstatus",
    "iframelocation",
    "isavailable",
    "ishidden",
    "isloggedin",
    "isminimized",
    "isready",
    "kind",
    "objecttype",
    "objecttypeid",
    "openin",
    "reason",
    "status",
    "tophonenumbersrc",
    "type",
    "usescallingwindow",
];

/// Keys of the protocol that hold times, sizes and versions, spelled in the same way.
const QUANTITIES: &[&str] = &[
    "callstarttime",
    "height",
    "hscallduration",
    "hstimestamp",
    "sdkversion",
    "starttimestamp",
    "version",
    "width",
];

/// Keys that hold a phone number although their names do not say so.
const PHONES: &[&str] = &[
    "ani",
    "callee",
    "caller",
    "did",
    "dnis",
    "extension",
    "from",
    "msisdn",
    "to",
];

/// What kind of value to expect under a key, whatever its spelling.
pub(super) fn classify(key: &str) -> Class {
    let key: String = key
        .chars()
        .filter(|char| !matches!(char, '_' | '-'))
        .flat_map(char::to_lowercase)
        .collect();
    let key = key.as_str();
    let has = |words: &[&str]| words.iter().any(|word| key.contains(word));
    if KEEP.contains(&key) {
        Class::Keep
    } else if QUANTITIES.contains(&key) {
        Class::Quantity
    } else if key == "messageid" {
        Class::MessageId
    } else if has(&["phone", "mobile"])
        || PHONES.contains(&key)
        || key.ends_with("number")
        || key.ends_with("numbers")
    {
        Class::Phone
    } else if ["id", "ids", "key", "token"]
        .iter()
        .any(|end| key.ends_with(end))
    {
        Class::Id
    } else if has(&["url", "uri", "href", "link", "origin", "referrer"]) {
        Class::Url
    } else if has(&["error", "message", "description"]) {
        Class::Text
    } else if has(&[
        "name", "mail", "address", "title", "body", "note", "label", "subject",
    ]) {
        Class::Name
    } else if has(&["time", "date", "duration", "size", "count"]) {
        Class::Quantity
    } else {
        Class::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_the_protocol() {
        for (key, class) in [
            ("type", Class::Keep),
            ("messageId", Class::MessageId),
            ("phoneNumber", Class::Phone),
            ("phone_number", Class::Phone),
            ("toPhoneNumberSrc", Class::Keep),
            ("hs_call_from_number", Class::Phone),
            ("externalCallID", Class::Id),
            ("portalId", Class::Id),
            ("objectTypeId", Class::Keep),
            ("firstName", Class::Name),
            ("email", Class::Name),
            ("hs_call_body", Class::Name),
            ("hs_call_recording_url", Class::Url),
            ("hs_call_duration", Class::Quantity),
            ("iFrameUrl", Class::Url),
            ("errorMessage", Class::Text),
            ("calleeInfo", Class::Unknown),
        ] {
            assert_eq!(classify(key), class, "{key}");
        }
    }
}
