//! Writes the lowered module's data as text.
//!
//! wasm2js writes it in base64, which compresses poorly, because a word looks different in each of
//! three positions. As text with escapes, it is compressed together with the same words in the
//! surrounding script. Uncompressed it may be larger, so this is for scripts that are sent.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use data_encoding::BASE64;

/// The name of wasm2js's base64 decoder.
const READER: &str = "base64DecodeToExistingUint8Array";
/// The decoder starts with this, and is followed by `SEGMENTS`.
const TABLE: &str = "  var base64ReverseLookup = ";
const SEGMENTS: &str = "function initActiveSegments(";

/// Replaces the decoder: each character is a byte.
const WRITER: &str = "  function writeText(at, text) {\n    \
    for (var i = 0; i < text.length; ++i) bufferView[at + i] = text.charCodeAt(i);\n  }\n";

/// Writes the module's data as text.
///
/// # Errors
///
/// Fails if the module does not look as this version of wasm2js writes it.
pub(super) fn write_as_text(module: &Path) -> Result<()> {
    let text =
        fs::read_to_string(module).with_context(|| format!("cannot read {}", module.display()))?;
    let text = as_text(&text).with_context(|| module.display().to_string())?;
    fs::write(module, text).with_context(|| format!("cannot write {}", module.display()))
}

fn as_text(module: &str) -> Result<String> {
    const UNKNOWN: &str = "the module has its data in a form that is not known here";
    let (before, rest) = module.split_once(TABLE).context(UNKNOWN)?;
    let (_, mut rest) = rest.split_once(SEGMENTS).context(UNKNOWN)?;
    let mut fixed = [before, WRITER, SEGMENTS].concat();
    let call = format!("{READER}(bufferView, ");
    while let Some((before, segment)) = rest.split_once(&call) {
        let (at, segment) = segment.split_once(", \"").context(UNKNOWN)?;
        let (data, after) = segment.split_once("\");").context(UNKNOWN)?;
        let data = BASE64.decode(data.as_bytes()).context(UNKNOWN)?;
        fixed.extend([before, "writeText(", at, ", \"", &literal(&data), "\");"]);
        rest = after;
    }
    fixed.push_str(rest);
    ensure!(!fixed.contains("base64"), UNKNOWN);
    Ok(fixed)
}

/// Each byte as a character, escaped where a literal requires it.
fn literal(data: &[u8]) -> String {
    let mut text = String::new();
    for &byte in data {
        match byte {
            b'"' | b'\\' => text.extend(['\\', byte.into()]),
            b' '..=b'~' => text.push(byte.into()),
            _ => text.extend(["\\x", &format!("{byte:02x}")]),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODULE: &str = "\
  var bufferView = new Uint8Array(300);
  var base64ReverseLookup = new Uint8Array(123/*'z'+1*/);
  function base64DecodeToExistingUint8Array(uint8Array, offset, b64) {}
function initActiveSegments(imports) {
  base64DecodeToExistingUint8Array(bufferView, 8, \"AAEiXEEK/w==\");
  base64DecodeToExistingUint8Array(bufferView, 20, \"Qg==\");
}
initActiveSegments();
";

    /// Runs in Node, which building needs anyway.
    #[test]
    fn every_byte_comes_to_its_place() {
        let script = as_text(MODULE).unwrap()
            + "
const assert = require('node:assert');
assert.deepEqual([...bufferView.slice(7, 16)], [0, 0, 1, 34, 92, 65, 10, 255, 0]);
assert.equal(bufferView[20], 66);
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
        assert!(as_text("export {};").is_err());
        assert!(as_text(&MODULE.replace("bufferView, 8", "memory, 8")).is_err());
    }
}
