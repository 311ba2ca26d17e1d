'use strict';

// The version that Callscope's own SDK imitates in the widget.
const OWN = { name: 'callscope', speaks: '0.9.7' };

// The version whose methods and fields an SDK has.
window.sdkSpeaks = version => (version === OWN.name ? OWN.speaks : version);

// The name of an SDK on the page.
window.sdkLabel = version => (version === OWN.name ? 'Callscope SDK' : `SDK ${version}`);

// Loads a published version of the SDK, unmodified, or Callscope's own.
//
// Loaded as a CommonJS module because 0.9.0 only works like that; all others do as well.
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
