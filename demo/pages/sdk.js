'use strict';

// Whose messages the widget on Callscope's own SDK speaks.
const OWN = { name: 'callscope', speaks: '0.9.7' };

// The version whose methods and fields an SDK has.
window.sdkSpeaks = version => (version === OWN.name ? OWN.speaks : version);

// What an SDK is called on the page.
window.sdkLabel = version => (version === OWN.name ? 'Callscope SDK' : `SDK ${version}`);

// Loads one published version of the SDK, untouched, or Callscope's own.
//
// Asked for as a CommonJS module because 0.9.0 is nothing else; all others are content with it.
window.loadSdk = version =>
  new Promise((resolve, reject) => {
    window.exports = {};
    window.module = { exports: window.exports };
    const script = document.createElement('script');
    script.src = `/sdk/${version}.js`;
    script.onerror = () => reject(new Error(`${window.sdkLabel(version)} is not there`));
    script.onload = () => {
      const { default: CallingExtensions, Constants, IFrameManager } = window.module.exports;
      delete window.module;
      delete window.exports;
      resolve({ CallingExtensions, Constants, IFrameManager });
    };
    document.head.append(script);
  });
