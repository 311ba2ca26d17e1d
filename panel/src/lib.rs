//! The DevTools panel.
