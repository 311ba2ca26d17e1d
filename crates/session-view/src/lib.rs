//! A session as people read it: what the panel draws and the program prints.
//!
//! Data only. Escaping, egui, HTML, SVG and the terminal stay where it is drawn.

mod about;
pub mod card;
pub mod colors;
pub mod composer;
pub mod header;
pub mod value;
