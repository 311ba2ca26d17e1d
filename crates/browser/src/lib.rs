//! Starts and drives Chromium over its DevTools protocol.
