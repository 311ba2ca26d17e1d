'use strict';

// Chrome runs no content scripts in an extension's own pages. If the simulator is such a page, it
// runs Callscope's recorder itself, before anything else can post a message.
if (location.protocol === 'chrome-extension:') {
  for (const file of ['listener.js', 'content-script.js']) {
    // Written while the page is being parsed, so that both run before the next script.
    document.write(`<script src="/${file}"><\/script>`);
  }
}
