//! Random salts for redaction.

use anyhow::Context as _;
use callscope_session_log::Redactor;

/// A redactor with its own random salt, which is not kept anywhere else.
pub(crate) fn redactor() -> anyhow::Result<Redactor> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt)
        .context("the system gives no random numbers, so nothing can be redacted safely")?;
    Ok(Redactor::new(salt))
}
