'use strict';

// HubSpot's frame around the widget in the navigation bar, and its calling window. What happens
// here the page decides: it takes the door from here.
globalThis.door = new Door(document.getElementById('widget-frame'));
const page = window.opener ?? window.parent;
page.callscopeFrame?.(window);
