//! The extension's shell: the stateless relay and the pages.
