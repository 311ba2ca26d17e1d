//! Colors as plain values, one set for light and one for dark themes.
//!
//! The panel, the HTML report and the SVG ladder take theirs from here, so that a session looks
//! the same in all of them. A terminal has colors of its own.
//!
//! Every text color was compared with every background here: the lowest contrast is 4.9:1 (light)
//! and 5.5:1 (dark). A test keeps it above 4.5:1.

use std::fmt;

use callscope_protocol::{Severity, Side};

/// An opaque color in sRGB; [`Display`](fmt::Display) writes it as CSS does: `#0B57D0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rgb {
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
}

impl Rgb {
    /// The color with this hexadecimal number: `0x0b_57d0`.
    const fn new(hex: u32) -> Self {
        let [_, r, g, b] = hex.to_be_bytes();
        Self { r, g, b }
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { r, g, b } = self;
        write!(f, "#{r:02X}{g:02X}{b:02X}")
    }
}

/// What the colors are for; one set per theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// Background of lists.
    pub bg: Rgb,
    /// Background of panes.
    pub panel: Rgb,
    /// Background of bars.
    pub header: Rgb,
    /// Background of what the pointer is over.
    pub hover: Rgb,
    /// Background of what is selected.
    pub selected: Rgb,
    /// Lines between things.
    pub divider: Rgb,
    /// Text.
    pub text: Rgb,
    /// Secondary text, and notes.
    pub weak: Rgb,
    /// Links and the focus ring; also messages from HubSpot.
    pub accent: Rgb,
    /// Messages from the widget.
    pub widget: Rgb,
    /// Errors.
    pub error: Rgb,
    /// Warnings, and where messages are missing.
    pub warning: Rgb,
    /// Success.
    pub ok: Rgb,
    /// Messages that the user posted with Callscope.
    pub injected: Rgb,
    /// What a page reported about itself, when the user looks inside it.
    pub inside: Rgb,
    /// Icons of disabled actions: 3:1 against their background. The words of disabled actions use
    /// `weak`.
    pub disabled: Rgb,
    /// Outlines of what can be clicked or typed into: 3:1 against the background.
    pub outline: Rgb,
}

/// The light theme, with the colors of light DevTools.
pub const LIGHT: Palette = Palette {
    bg: Rgb::new(0x00ff_ffff),
    panel: Rgb::new(0x00f6_f8fc),
    header: Rgb::new(0x00ed_f2fa),
    hover: Rgb::new(0x00ee_f3fb),
    selected: Rgb::new(0x00d3_e3fd),
    divider: Rgb::new(0x00d5_dce6),
    text: Rgb::new(0x001f_1f1f),
    weak: Rgb::new(0x0057_5b61),
    accent: Rgb::new(0x000b_57d0),
    widget: Rgb::new(0x0000_665c),
    error: Rgb::new(0x00b3_261e),
    warning: Rgb::new(0x007a_4f00),
    ok: Rgb::new(0x0014_6c2e),
    injected: Rgb::new(0x009b_1c6e),
    inside: Rgb::new(0x0065_33b8),
    disabled: Rgb::new(0x0080_8790),
    outline: Rgb::new(0x0076_7d86),
};

/// The dark theme, with the colors of dark DevTools.
pub const DARK: Palette = Palette {
    bg: Rgb::new(0x001f_1f1f),
    panel: Rgb::new(0x0028_2828),
    header: Rgb::new(0x0030_3030),
    hover: Rgb::new(0x0033_3436),
    selected: Rgb::new(0x0023_395d),
    divider: Rgb::new(0x004a_4c50),
    text: Rgb::new(0x00e3_e3e3),
    weak: Rgb::new(0x00b0_b4ba),
    accent: Rgb::new(0x008a_b4f8),
    widget: Rgb::new(0x0062_d6c8),
    error: Rgb::new(0x00f6_aea9),
    warning: Rgb::new(0x00f5_c869),
    ok: Rgb::new(0x0086_dda0),
    injected: Rgb::new(0x00f3_a6dc),
    inside: Rgb::new(0x00c6_b0ff),
    disabled: Rgb::new(0x0080_8489),
    outline: Rgb::new(0x008a_8e94),
};

impl Palette {
    /// The color of a severity.
    #[must_use]
    pub const fn severity(&self, severity: Severity) -> Rgb {
        match severity {
            Severity::Error => self.error,
            Severity::Warning => self.warning,
            Severity::Note => self.weak,
        }
    }

    /// The color of a side's messages.
    #[must_use]
    pub const fn side(&self, side: Side) -> Rgb {
        match side {
            Side::Host => self.accent,
            Side::Widget => self.widget,
        }
    }
}

/// The contrast of two colors as defined by WCAG 2.1: from 1 for the same color to 21 for black on
/// white. Text needs 4.5, a meaningful icon or ring 3.
#[must_use]
pub fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Relative luminance, WCAG 2.1.
fn luminance(color: Rgb) -> f64 {
    let channel = |value: u8| {
        let value = f64::from(value) / 255.0;
        if value <= 0.040_45 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(color.r) + 0.7152 * channel(color.g) + 0.0722 * channel(color.b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_text_can_be_read_on_all_backgrounds() {
        for palette in [LIGHT, DARK] {
            let grounds = [
                palette.bg,
                palette.panel,
                palette.header,
                palette.hover,
                palette.selected,
            ];
            let texts = [
                palette.text,
                palette.weak,
                palette.accent,
                palette.widget,
                palette.error,
                palette.warning,
                palette.ok,
                palette.injected,
                palette.inside,
            ];
            for ground in grounds {
                for text in texts {
                    let contrast = contrast(text, ground);
                    assert!(contrast >= 4.5, "{text} on {ground}: {contrast:.2}");
                }
            }
            // Fields and buttons stand on these backgrounds; a chosen one keeps its outline.
            let grounds = [palette.bg, palette.panel, palette.header];
            let signs = grounds.map(|it| [(palette.outline, it), (palette.disabled, it)]);
            let chosen = (palette.outline, palette.selected);
            for (sign, ground) in signs.into_iter().flatten().chain([chosen]) {
                let contrast = contrast(sign, ground);
                assert!(contrast >= 3.0, "{sign} on {ground}: {contrast:.2}");
            }
        }
    }

    #[test]
    fn colors_are_written_as_css_writes_them() {
        assert_eq!(LIGHT.accent.to_string(), "#0B57D0");
        assert_eq!(LIGHT.widget.to_string(), "#00665C");
    }

    /// The panel's page has its own copy, for the moment before the panel draws.
    #[test]
    fn the_panels_page_begins_in_the_same_colors() {
        let page = include_str!("../../../extension/static/panel.html").to_ascii_uppercase();
        for palette in [LIGHT, DARK] {
            let Palette { bg, text, .. } = palette;
            let rule = format!("BACKGROUND: {bg}; COLOR: {text};");
            assert!(page.contains(&rule), "{rule}");
        }
    }
}
