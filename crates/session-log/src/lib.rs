//! The exported session: read, write, replay. Pure.
