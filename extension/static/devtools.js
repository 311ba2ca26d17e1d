chrome.devtools.panels.create("Callscope", "icons/32.png", "panel.html", (panel) => {
  // DevTools reports its own search, and that it shows the panel, only here; the panel's page does
  // the rest.
  let panelWindow;
  panel.onShown.addListener((shown) => {
    panelWindow = shown;
    panelWindow.dispatchEvent(new CustomEvent("callscope-shown"));
  });
  panel.onSearch.addListener((action, query) => {
    const detail = { action, query };
    panelWindow?.dispatchEvent(new CustomEvent("callscope-search", { detail }));
  });
});
