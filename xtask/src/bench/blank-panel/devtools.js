chrome.devtools.panels.create("Blank", "", "blank.html");
chrome.devtools.panels.create("Drawing", "", "drawing.html");
