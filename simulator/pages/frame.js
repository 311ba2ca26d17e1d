'use strict';

// HubSpot's frame around the widget in the navigation bar, and its calling window. The page decides
// what happens here: it uses these frames.
globalThis.widgetFrames = new WidgetFrames(document.getElementById('widget-frame'));
const page = window.opener ?? window.parent;
page.callscopeFrame?.(window);
