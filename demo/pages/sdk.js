'use strict';

// Loads one published version of the SDK, untouched.
//
// Asked for as a CommonJS module because 0.9.0 is nothing else; all others are content with it.
window.loadSdk = version =>
  new Promise((resolve, reject) => {
    window.exports = {};
    window.module = { exports: window.exports };
    const script = document.createElement('script');
    script.src = `/sdk/${version}.js`;
    script.onerror = () => reject(new Error(`SDK ${version} is not installed`));
    script.onload = () => {
      const { default: CallingExtensions, Constants, IFrameManager } = window.module.exports;
      delete window.module;
      delete window.exports;
      resolve({ CallingExtensions, Constants, IFrameManager });
    };
    document.head.append(script);
  });
