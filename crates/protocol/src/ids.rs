//! The SDK's message ids: `<instance>_<now>`, both decimal milliseconds.

/// Splits an id of the SDK's form into the instance that created it and the time of creation.
pub(crate) fn split(id: &str) -> Option<(&str, &str)> {
    let (instance, minted) = id.split_once('_')?;
    (is_digits(instance) && is_digits(minted)).then_some((instance, minted))
}

/// The instance that created an id of the SDK's form.
pub(crate) fn instance(id: &str) -> Option<&str> {
    split(id).map(|(instance, _)| instance)
}

/// When an id of the SDK's form was created, in milliseconds since the epoch.
pub(crate) fn minted_at(id: &str) -> Option<f64> {
    split(id)?.1.parse().ok()
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_two_numbers_are_the_sdks_form() {
        assert_eq!(split("17_18"), Some(("17", "18")));
        assert_eq!(minted_at("17_18"), Some(18.0));
        for id in [
            "", "17", "17_", "_18", "a_18", "17_18_19", "17_1.5", "-17_18",
        ] {
            assert_eq!(split(id), None, "{id}");
        }
    }
}
