//! The Calling Extensions protocol: catalogue, decoding, state machines, rules. Pure.
