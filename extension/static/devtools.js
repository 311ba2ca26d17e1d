chrome.devtools.panels.create("Callscope", "icons/32.png", "panel.html");
