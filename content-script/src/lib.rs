//! Tap, recorder and actions: runs in every frame of the inspected page.
