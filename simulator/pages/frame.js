'use strict';

// HubSpot's frame around the widget in the navigation bar, and its calling window. The page decides
// what happens here: it uses this door.
globalThis.door = new Door(document.getElementById('widget-frame'));
const page = window.opener ?? window.parent;
page.callscopeFrame?.(window);
