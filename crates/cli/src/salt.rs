//! Randomness for redacting.

use anyhow::Context as _;
use callscope_session_log::Redactor;

/// A redactor with a salt of its own, which is forgotten with it.
pub(crate) fn redactor() -> anyhow::Result<Redactor> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt)
        .context("the system gives no random numbers, so nothing can be redacted safely")?;
    Ok(Redactor::new(salt))
}
