//! Adapts the lowered module's memory where plain JavaScript differs from WebAssembly.
//!
//! Two differences, each fixed in the text that the tools wrote:
//!
//! - When WebAssembly memory grows, the old buffer is detached, and wasm-bindgen's glue keeps its
//!   views until it notices. wasm2js copies to a new buffer and leaves the old one intact, so the
//!   glue would go on reading old memory.
//! - WebAssembly memory grows in place. wasm2js copies everything for each 64 kB that the allocator
//!   asks for, so the recorder's history would cost gigabytes of copying, during which the page
//!   waits.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};

/// Lets the glue detect that the memory has a new buffer.
///
/// # Errors
///
/// Fails if the glue does not look like the output of this version of wasm-bindgen.
pub(super) fn follow_growth(glue: &Path) -> Result<()> {
    rewrite(glue, compare_buffers)
}

/// Lets the module allocate more than requested, so that copying stays in proportion.
///
/// # Errors
///
/// Fails if the module does not look like the output of this version of wasm2js.
pub(super) fn grow_ahead(module: &Path) -> Result<()> {
    rewrite(module, reserve)
}

fn rewrite(file: &Path, change: impl FnOnce(&str) -> Result<String>) -> Result<()> {
    let text =
        fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let text = change(&text).with_context(|| file.display().to_string())?;
    fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
}

fn compare_buffers(glue: &str) -> Result<String> {
    let mut fixed = String::new();
    for line in glue.lines() {
        if let Some(view) = renewed_view(line) {
            let indent = &line[..line.len() - line.trim_start().len()];
            let condition = format!("{view} === null || {view}.buffer !== wasm.memory.buffer");
            fixed.extend([indent, "if (", &condition, ") {"]);
        } else {
            fixed.push_str(line);
        }
        fixed.push('\n');
    }
    // A view created anywhere else than after such a line would become stale unnoticed.
    let made = fixed.matches("Memory0 = new ").count();
    let compared = fixed
        .matches("Memory0.buffer !== wasm.memory.buffer")
        .count();
    ensure!(
        made == compared,
        "the glue renews its views of the memory in a way that is not known here"
    );
    Ok(fixed)
}

/// The view that a line of the glue renews if necessary.
fn renewed_view(line: &str) -> Option<&str> {
    let (view, _) = line
        .trim_start()
        .strip_prefix("if (")?
        .split_once(" === null || ")?;
    let is_view = view.starts_with("cached") && view.ends_with("Memory0");
    is_view.then_some(view)
}

/// What wasm2js writes, and its replacement.
///
/// The buffer may be larger than the memory, whose size is now a separate number. It grows by at
/// least half; unused parts cost only address space. `memory.grow` returns `-1` if there is no
/// more.
const GROWTH: [(&str, &str); 3] = [
    (
        " function __wasm_memory_size() {\n  return buffer.byteLength >> 16;\n }\n",
        " var pagesInUse = buffer.byteLength >> 16;\n \
         function __wasm_memory_size() {\n  return pagesInUse;\n }\n",
    ),
    (
        "  if ((oldPages < newPages) && (newPages < 65536)) {\n   \
         var newBuffer = new ArrayBuffer(newPages << 16);\n",
        "  if (newPages > 32767) return -1;\n  \
         if (newPages << 16 > buffer.byteLength) {\n   \
         var newBuffer;\n   \
         try {\n    \
         newBuffer = new ArrayBuffer(Math.min(newPages + (newPages >> 1), 32767) << 16);\n   \
         } catch {\n    \
         return -1;\n   \
         }\n",
    ),
    (
        "   bufferView = HEAPU8;\n  }\n  return oldPages;\n",
        "   bufferView = HEAPU8;\n  }\n  pagesInUse = newPages;\n  return oldPages;\n",
    ),
];

fn reserve(module: &str) -> Result<String> {
    // A module that never allocates lacks these functions.
    if !module.contains("__wasm_memory_grow") {
        return Ok(module.to_owned());
    }
    let mut fixed = module.to_owned();
    for (written, better) in GROWTH {
        ensure!(
            fixed.matches(written).count() == 1,
            "the module grows its memory in a way that is not known here"
        );
        fixed = fixed.replace(written, better);
    }
    Ok(fixed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_are_renewed_when_the_memory_has_grown() {
        let glue = "    if (cachedFloat64ArrayMemory0 === null || \
                    cachedFloat64ArrayMemory0.byteLength === 0) {\n        \
                    cachedFloat64ArrayMemory0 = new Float64Array(wasm.memory.buffer);\n    }\n";
        let fixed = compare_buffers(glue).unwrap();
        let expected = "    if (cachedFloat64ArrayMemory0 === null || \
                        cachedFloat64ArrayMemory0.buffer !== wasm.memory.buffer) {\n";
        assert!(fixed.starts_with(expected), "{fixed}");
    }

    #[test]
    fn glue_of_another_shape_is_refused() {
        let glue = "cachedDataViewMemory0 ??= new DataView(wasm.memory.buffer);\n\
                    cachedDataViewMemory0 = new DataView(wasm.memory.buffer);\n";
        assert!(compare_buffers(glue).is_err());
    }

    /// The end of a module as written by wasm2js 132, with a beginning that lets it run.
    const MODULE: &str = "\
var bufferView;
var module = (function asmFunc() {
 var buffer = new ArrayBuffer(1114112);
 var HEAP8 = new Int8Array(buffer);
 var HEAPU8 = new Uint8Array(buffer);
 bufferView = HEAPU8;
 function __wasm_memory_size() {
  return buffer.byteLength >> 16;
 }
 
 function __wasm_memory_grow(pagesToAdd) {
  pagesToAdd = pagesToAdd | 0;
  var oldPages = __wasm_memory_size() | 0;
  var newPages = oldPages + pagesToAdd | 0;
  if ((oldPages < newPages) && (newPages < 65536)) {
   var newBuffer = new ArrayBuffer(newPages << 16);
   var newHEAP8 = new Int8Array(newBuffer);
   newHEAP8.set(HEAP8);
   HEAP8 = new Int8Array(newBuffer);
   HEAPU8 = new Uint8Array(newBuffer);
   buffer = newBuffer;
   bufferView = HEAPU8;
  }
  return oldPages;
 }
 return { size: __wasm_memory_size, grow: __wasm_memory_grow, buffer: () => buffer };
})();
";

    /// Runs in Node, which building needs anyway.
    #[test]
    fn memory_grows_ahead_and_keeps_its_content() {
        let script = reserve(MODULE).unwrap()
            + "
const assert = require('node:assert');
bufferView[1000] = 42;
assert.equal(module.grow(1), 17);
assert.equal(module.size(), 18);
assert.equal(bufferView[1000], 42);
assert.equal(bufferView.length, 27 * 65536);
const buffer = module.buffer();
for (let page = 18; page < 27; page++) assert.equal(module.grow(1), page);
assert.equal(module.buffer(), buffer);
assert.equal(module.grow(0), 27);
assert.equal(module.grow(1), 27);
assert.notEqual(module.buffer(), buffer);
assert.equal(bufferView[1000], 42);
assert.equal(module.grow(40000), -1);
assert.equal(module.size(), 28);
";
        let output = std::process::Command::new("node")
            .args(["--eval", &script])
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{errors}");
    }

    #[test]
    fn a_module_of_another_shape_is_refused() {
        assert!(reserve(&MODULE.replace("oldPages", "pages")).is_err());
        assert_eq!(reserve("export {};").unwrap(), "export {};");
    }
}
