// Starts the WebAssembly module, whose start function does everything else.
import init from "./panel.js";

try {
  await init({ module_or_path: "./panel_bg.wasm" });
} catch (error) {
  const failure = document.getElementById("callscope-failure");
  failure.textContent =
    "Callscope could not start. Close and open DevTools to try again.\n\n" +
    (error?.stack ?? String(error));
  failure.hidden = false;
  document.getElementById("callscope").hidden = true;
}
