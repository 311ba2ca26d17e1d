//! Shortens the names shared by the lowered module and its glue.
//!
//! Both are modules for the bundler, which keeps the names that they export to each other:
//! `__wbg_addEventListener_559a10db2fc2ce63` three times for each browser function, a fortieth of
//! the whole script.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

/// The prefix of wasm-bindgen's names.
const BEGINNING: &str = "__wb";
/// Names that the entry calls.
const KEPT: [&str; 2] = ["__wbg_set_wasm", "__wbindgen_start"];

/// Replaces the names that the two modules share with short ones.
///
/// # Errors
///
/// Fails if one of the files cannot be read or written.
pub(super) fn shorten(module: &Path, glue: &Path) -> Result<()> {
    let mut short = BTreeMap::new();
    for file in [module, glue] {
        let text =
            fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        fs::write(file, rename(&text, &mut short))
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}

fn rename(text: &str, short: &mut BTreeMap<String, String>) -> String {
    let mut renamed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(BEGINNING) {
        let (before, name_on) = rest.split_at(at);
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
        let end = name_on.find(|c| !is_word(c)).unwrap_or(name_on.len());
        let (name, after) = name_on.split_at(end);
        renamed.push_str(before);
        if before.ends_with(is_word) || KEPT.contains(&name) {
            renamed.push_str(name);
        } else {
            let next = short.len();
            let new = short
                .entry(name.to_owned())
                .or_insert_with(|| format!("w{next}_"));
            renamed.push_str(new);
        }
        rest = after;
    }
    renamed.push_str(rest);
    renamed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_get_the_same_short_names() {
        let mut short = BTreeMap::new();
        let module = "imports.__wbg_now_1f; exports.__wbindgen_malloc = f; x__wbg_no = 1;";
        let glue = "export function __wbg_now_1f() {}\nwasm.__wbindgen_malloc(1); __wbg_set_wasm";
        assert_eq!(
            rename(module, &mut short),
            "imports.w0_; exports.w1_ = f; x__wbg_no = 1;"
        );
        assert_eq!(
            rename(glue, &mut short),
            "export function w0_() {}\nwasm.w1_(1); __wbg_set_wasm"
        );
    }
}
