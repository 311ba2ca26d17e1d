'use strict';

// Records what the page receives, what its handlers are told, and what is printed, and loads the
// SDK given in the address.
const parameters = new URLSearchParams(location.search);
const heard = [];
const told = [];
const printed = [];

window.addEventListener('message', ({ data, origin }) => {
  const at = performance.timeOrigin + performance.now();
  heard.push({ at, origin, message: JSON.stringify(data) ?? 'null' });
}, true);

const print = console.log;
console.log = (...args) => {
  // The SDKs print a single list: prefix, label, type, message.
  if (Array.isArray(args[0])) printed.push(args[0].slice(1, 3).join(' '));
  print.apply(console, args);
};

const types = () => told.map(event => event.type);

// As a CommonJS module, because 0.9.0 only works like that.
function loadSdk() {
  return new Promise((resolve, reject) => {
    window.exports = {};
    window.module = { exports: window.exports };
    const script = document.createElement('script');
    script.src = `/sdk/${parameters.get('sdk')}.js`;
    script.onerror = () => reject(new Error(`there is no ${script.src}`));
    script.onload = () => {
      const exported = window.module.exports;
      delete window.module;
      delete window.exports;
      resolve(exported);
    };
    document.head.append(script);
  });
}
