// Starts the WebAssembly module, whose start function does everything else.
try {
  // Both load at the same time, and the module is compiled while it loads.
  const module = WebAssembly.compileStreaming(fetch("./panel_bg.wasm"));
  const [{ default: init }] = await Promise.all([import("./panel.js"), module]);
  await init({ module_or_path: module });
} catch (error) {
  const failure = document.getElementById("callscope-failure");
  failure.textContent =
    "Callscope could not start. Close and open DevTools to try again.\n\n" +
    (error?.stack ?? String(error));
  failure.hidden = false;
  document.getElementById("callscope").hidden = true;
}
