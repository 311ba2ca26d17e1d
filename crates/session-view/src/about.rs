//! What the catalogue says about a field, in one line.

use callscope_protocol::{FieldSpec, Required, Version, VersionRange};

/// A field's type, its unit, whether it is required, its versions and its note.
///
/// `widget` is the range of versions that the widget's SDK can be: if all of them are too old for
/// the field, the line says so.
pub(crate) fn field(spec: &FieldSpec, widget: VersionRange) -> String {
    let mut parts = vec![match spec.also {
        Some(also) => format!("{} or {also}", spec.ty),
        None => spec.ty.to_string(),
    }];
    parts.extend(spec.unit.map(str::to_owned));
    if spec.required == Required::Yes {
        parts.push("required".to_owned());
    }
    if spec.since > widget.newest {
        let since = format!("since SDK {}, newer than the widget's", spec.since);
        parts.push(since);
    } else if spec.since > Version::OLDEST {
        parts.push(format!("since SDK {}", spec.since));
    }
    parts.extend(spec.until.map(|until| format!("until SDK {until}")));
    if !spec.note.is_empty() {
        parts.push(spec.note.to_owned());
    }
    parts.join(" · ")
}
