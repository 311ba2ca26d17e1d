//! Runs wasm-bindgen, and remembers what it and the following tools last produced.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

/// The text of this file, as a part of recipes: other options give other results.
pub(crate) const SOURCE: &str = include_str!("bindgen.rs");

/// The kind of glue code.
#[derive(Clone, Copy)]
pub(crate) enum Mode {
    /// Modules for a bundler: the glue is given the WebAssembly exports.
    Bundler,
    /// One module for a page, which fetches the `.wasm` itself.
    Web,
}

/// Whether a module keeps the names of its functions: a profile shows them, but they add half the
/// module's size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Names {
    Dropped,
    Kept,
}

/// Runs wasm-bindgen, which writes `folder/NAME_bg.wasm` and the glue.
///
/// Used as a library, so its version always matches the `wasm-bindgen` crate.
///
/// # Errors
///
/// Fails if wasm-bindgen does.
pub(crate) fn generate(
    wasm: &Path,
    name: &str,
    (mode, names): (Mode, Names),
    folder: &Path,
) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).out_name(name).typescript(false);
    bindgen
        .remove_name_section(names == Names::Dropped)
        .remove_producers_section(true);
    let set = match mode {
        Mode::Bundler => bindgen.bundler(true),
        Mode::Web => bindgen.web(true),
    };
    set.and_then(|bindgen| bindgen.generate(folder))
        .with_context(|| format!("wasm-bindgen could not read {}", wasm.display()))?;
    let glue = folder.join(match mode {
        Mode::Bundler => format!("{name}_bg.js"),
        Mode::Web => format!("{name}.js"),
    });
    let text =
        fs::read_to_string(&glue).with_context(|| format!("cannot read {}", glue.display()))?;
    let text = encode_at_once(&text).with_context(|| glue.display().to_string())?;
    fs::write(&glue, text).with_context(|| format!("cannot write {}", glue.display()))
}

/// How the glue's function for texts that go to Rust begins to copy them, and what is put before
/// that. As many bytes as characters are enough only for ASCII.
const COPYING: (&str, &str) = (
    "    let offset = 0;\n\n    for (; offset < len; offset++) {\n",
    "    let offset = 0;\n\n    \
     if (len > 40) {\n        \
     const { read } = cachedTextEncoder.encodeInto(arg, mem.subarray(ptr, ptr + len));\n        \
     if (read === len) offset = len;\n    \
     }\n    \
     for (; offset < len; offset++) {\n",
);

/// Lets the engine copy texts to Rust.
///
/// wasm-bindgen copies ASCII character by character, which is faster only for the shortest texts:
/// for 40 kB, it takes some 50 times as long as the engine's own encoder.
fn encode_at_once(glue: &str) -> Result<String> {
    let (written, better) = COPYING;
    ensure!(
        glue.matches(written).count() == glue.matches("function passStringToWasm").count(),
        "the glue copies texts in a way that is not known here"
    );
    Ok(glue.replace(written, better))
}

/// A folder with the results made from a wasm file, and a copy of that file.
///
/// Everything after the compiler takes seconds, and cargo does not tell whether its output has
/// changed. So the output itself is compared.
pub(crate) struct Stage {
    folder: PathBuf,
    recipe: String,
}

impl Stage {
    /// `recipe` identifies everything else that the result depends on: tools, options, versions.
    pub(crate) fn new(folder: PathBuf, recipe: String) -> Self {
        Self { folder, recipe }
    }

    /// The folder to work in.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Runs `make` unless it has already completed for the same bytes with the same recipe; returns
    /// whether it ran.
    ///
    /// # Errors
    ///
    /// Passes on the error of `make`, or says which file cannot be read or written.
    pub(crate) fn refresh(
        &self,
        wasm: &Path,
        make: impl FnOnce(&Path) -> Result<()>,
    ) -> Result<bool> {
        let bytes = fs::read(wasm).with_context(|| format!("cannot read {}", wasm.display()))?;
        let input = self.folder.join("input.wasm");
        let recipe = self.folder.join("recipe.txt");
        let same = fs::read_to_string(&recipe).is_ok_and(|last| last == self.recipe)
            && fs::read(&input).is_ok_and(|last| last == bytes);
        if same {
            return Ok(false);
        }
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder)
                .with_context(|| format!("cannot empty {}", self.folder.display()))?;
        }
        fs::create_dir_all(&self.folder)
            .with_context(|| format!("cannot make {}", self.folder.display()))?;
        fs::write(&input, bytes).with_context(|| format!("cannot write {}", input.display()))?;
        make(&self.folder)?;
        // Written last, so that an interrupted run is repeated.
        fs::write(&recipe, &self.recipe)
            .with_context(|| format!("cannot write {}", recipe.display()))?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_runs_again_only_for_other_bytes_or_another_recipe() {
        let folder = tempfile::tempdir().unwrap();
        let wasm = folder.path().join("x.wasm");
        let stage = |recipe: &str| Stage::new(folder.path().join("stage"), recipe.to_owned());

        fs::write(&wasm, "one").unwrap();
        assert!(stage("a").refresh(&wasm, |_| Ok(())).unwrap());
        assert!(!stage("a").refresh(&wasm, |_| Ok(())).unwrap());
        assert!(stage("b").refresh(&wasm, |_| Ok(())).unwrap());
        fs::write(&wasm, "two").unwrap();
        assert!(
            stage("b")
                .refresh(&wasm, |_| anyhow::bail!("cut short"))
                .is_err()
        );
        assert!(stage("b").refresh(&wasm, |_| Ok(())).unwrap());
    }
}
