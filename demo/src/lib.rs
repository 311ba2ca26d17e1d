//! A host page and a widget on two local sites, with the real SDK in both roles.
