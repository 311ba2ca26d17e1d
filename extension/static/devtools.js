chrome.devtools.panels.create("Callscope", "icons/32.png", "panel.html", (panel) => {
  // DevTools reports its own search only here; the panel's page does the searching.
  let panelWindow;
  panel.onShown.addListener((shown) => {
    panelWindow = shown;
  });
  panel.onSearch.addListener((action, query) => {
    const detail = { action, query };
    panelWindow?.dispatchEvent(new CustomEvent("callscope-search", { detail }));
  });
});
