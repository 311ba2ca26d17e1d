//! Colors and sizes: the only file that knows them.
//!
//! Every text color was computed against every background here: the lowest contrast is 4.9:1
//! (light) and 5.5:1 (dark). Keep it above 4.5:1; a test does.

use egui::style::{ScrollStyle, WidgetVisuals, Widgets};
use egui::{
    Color32, CornerRadius, FontFamily, FontId, Margin, Stroke, Style, TextStyle, Theme, Ui, Vec2,
    Visuals,
};

use callscope_protocol::{Severity, Side};

/// What colors mean; one set per theme.
#[derive(Debug)]
pub(crate) struct Palette {
    /// Behind lists.
    pub(crate) bg: Color32,
    /// Behind panes.
    pub(crate) panel: Color32,
    /// Behind bars.
    pub(crate) header: Color32,
    /// Behind what the pointer is over.
    pub(crate) hover: Color32,
    /// Behind what is selected.
    pub(crate) selected: Color32,
    /// Between things.
    pub(crate) divider: Color32,
    /// Text.
    pub(crate) text: Color32,
    /// Text that steps back.
    pub(crate) weak: Color32,
    /// Links and the focus ring; also what HubSpot sent.
    pub(crate) accent: Color32,
    /// What the widget sent.
    pub(crate) widget: Color32,
    /// Errors.
    pub(crate) error: Color32,
    /// Warnings.
    pub(crate) warning: Color32,
    /// What works.
    pub(crate) ok: Color32,
    /// What Callscope posted for its user.
    pub(crate) injected: Color32,
    /// Icons of what cannot be done now.
    pub(crate) disabled: Color32,
    /// Around what can be clicked or typed into: 3:1 against what is behind it.
    pub(crate) outline: Color32,
}

#[expect(clippy::disallowed_methods, reason = "this is where colors are made")]
const fn rgb(hex: u32) -> Color32 {
    let [_, r, g, b] = hex.to_be_bytes();
    Color32::from_rgb(r, g, b)
}

/// For light DevTools.
pub(crate) const LIGHT: Palette = Palette {
    bg: rgb(0x00ff_ffff),
    panel: rgb(0x00f6_f8fc),
    header: rgb(0x00ed_f2fa),
    hover: rgb(0x00ee_f3fb),
    selected: rgb(0x00d3_e3fd),
    divider: rgb(0x00d5_dce6),
    text: rgb(0x001f_1f1f),
    weak: rgb(0x0057_5b61),
    accent: rgb(0x000b_57d0),
    widget: rgb(0x0000_665c),
    error: rgb(0x00b3_261e),
    warning: rgb(0x007a_4f00),
    ok: rgb(0x0014_6c2e),
    injected: rgb(0x009b_1c6e),
    disabled: rgb(0x00a0_a4aa),
    outline: rgb(0x0080_8790),
};

/// For dark DevTools.
pub(crate) const DARK: Palette = Palette {
    bg: rgb(0x001f_1f1f),
    panel: rgb(0x0028_2828),
    header: rgb(0x0030_3030),
    hover: rgb(0x0033_3436),
    selected: rgb(0x0023_395d),
    divider: rgb(0x004a_4c50),
    text: rgb(0x00e3_e3e3),
    weak: rgb(0x00b0_b4ba),
    accent: rgb(0x008a_b4f8),
    widget: rgb(0x0062_d6c8),
    error: rgb(0x00f6_aea9),
    warning: rgb(0x00f5_c869),
    ok: rgb(0x0086_dda0),
    injected: rgb(0x00f3_a6dc),
    disabled: rgb(0x0070_747a),
    outline: rgb(0x0078_7c82),
};

impl Palette {
    /// The palette that `ui` is drawn with.
    pub(crate) fn of(ui: &Ui) -> &'static Self {
        Self::for_theme(ui.theme())
    }

    /// The palette of a theme.
    pub(crate) const fn for_theme(theme: Theme) -> &'static Self {
        match theme {
            Theme::Dark => &DARK,
            Theme::Light => &LIGHT,
        }
    }

    /// The color of a severity.
    pub(crate) const fn severity(&self, severity: Severity) -> Color32 {
        match severity {
            Severity::Error => self.error,
            Severity::Warning => self.warning,
            Severity::Note => self.weak,
        }
    }

    /// The color of what a side says.
    pub(crate) const fn side(&self, side: Side) -> Color32 {
        match side {
            Side::Host => self.accent,
            Side::Widget => self.widget,
        }
    }
}

/// Sizes in points.
pub(crate) mod size {
    /// Body and monospace text.
    pub(crate) const TEXT: f32 = 12.0;
    /// A title in the detail pane and in empty states.
    pub(crate) const TITLE: f32 = 14.0;
    /// A row of a list.
    pub(crate) const ROW: f32 = 20.0;
    /// A line of running text.
    pub(crate) const LINE: f32 = 16.0;
    /// A bar with controls.
    pub(crate) const BAR: f32 = 28.0;
    /// The step of all spacing.
    pub(crate) const STEP: f32 = 4.0;
    /// An icon.
    pub(crate) const ICON: f32 = 14.0;
    /// A control.
    pub(crate) const CONTROL: f32 = 20.0;
    /// The widest that running text gets, for readability.
    pub(crate) const PROSE: f32 = 560.0;
    /// At this width the detail pane goes to the right of the list; below, under it.
    pub(crate) const SIDE_BY_SIDE: f32 = 900.0;
    /// Below this width what can be left out of a bar or a row is.
    pub(crate) const NARROW: f32 = 640.0;
}

/// The same as [`size::STEP`], for margins.
pub(crate) const STEP: i8 = 4;

/// Makes both themes look like DevTools.
pub(crate) fn apply(ctx: &egui::Context) {
    for theme in [Theme::Light, Theme::Dark] {
        ctx.set_style_of(theme, style(theme));
    }
    ctx.options_mut(|options| {
        // DevTools zooms itself.
        options.zoom_with_keyboard = false;
    });
}

fn style(theme: Theme) -> Style {
    let mut style = Style {
        text_styles: [
            (TextStyle::Small, FontId::proportional(size::TEXT)),
            (TextStyle::Body, FontId::proportional(size::TEXT)),
            (TextStyle::Button, FontId::proportional(size::TEXT)),
            (TextStyle::Monospace, FontId::monospace(size::TEXT)),
            (TextStyle::Heading, FontId::proportional(size::TITLE)),
        ]
        .into(),
        visuals: visuals(theme),
        // Nothing moves unless something happened.
        animation_time: 0.0,
        ..Style::default()
    };

    let spacing = &mut style.spacing;
    spacing.item_spacing = Vec2::splat(size::STEP);
    spacing.button_padding = Vec2::new(6.0, 1.0);
    spacing.interact_size = Vec2::new(size::CONTROL, size::CONTROL);
    spacing.icon_width = size::ICON;
    spacing.icon_width_inner = 8.0;
    spacing.icon_spacing = size::STEP;
    spacing.indent = 12.0;
    spacing.menu_margin = Margin::same(STEP);
    spacing.window_margin = Margin::same(2 * STEP);
    spacing.tooltip_width = 420.0;
    spacing.text_edit_width = 200.0;
    spacing.scroll = ScrollStyle {
        bar_width: 10.0,
        bar_inner_margin: 0.0,
        bar_outer_margin: 0.0,
        handle_min_length: 24.0,
        ..ScrollStyle::solid()
    };
    style.interaction.tooltip_delay = 0.4;
    style.interaction.selectable_labels = true;
    style
}

fn visuals(theme: Theme) -> Visuals {
    let palette = Palette::for_theme(theme);
    let radius = CornerRadius::same(2);
    let widget = |fill: Color32, stroke: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, stroke),
        corner_radius: radius,
        fg_stroke: Stroke::new(1.0, palette.text),
        expansion: 0.0,
    };
    let mut visuals = match theme {
        Theme::Dark => Visuals::dark(),
        Theme::Light => Visuals::light(),
    };
    visuals.widgets = Widgets {
        noninteractive: widget(palette.panel, palette.divider),
        inactive: widget(palette.bg, palette.outline),
        hovered: widget(palette.hover, palette.weak),
        // Egui shows keyboard focus with these, so their outline is the focus ring.
        active: widget(palette.selected, palette.accent),
        open: widget(palette.selected, palette.outline),
    };
    visuals.selection.bg_fill = palette.selected;
    visuals.selection.stroke = Stroke::new(1.0, palette.accent);
    visuals.override_text_color = Some(palette.text);
    visuals.weak_text_color = Some(palette.weak);
    visuals.hyperlink_color = palette.accent;
    visuals.faint_bg_color = palette.panel;
    visuals.extreme_bg_color = palette.bg;
    visuals.text_edit_bg_color = Some(palette.bg);
    visuals.code_bg_color = palette.header;
    visuals.warn_fg_color = palette.warning;
    visuals.error_fg_color = palette.error;
    visuals.panel_fill = palette.panel;
    visuals.window_fill = palette.panel;
    visuals.window_stroke = Stroke::new(1.0, palette.divider);
    visuals.window_corner_radius = radius;
    visuals.menu_corner_radius = radius;
    visuals.window_shadow = egui::Shadow::NONE;
    visuals.popup_shadow = egui::Shadow::NONE;
    visuals.indent_has_left_vline = false;
    visuals.text_cursor.blink = false;
    visuals.text_cursor.stroke = Stroke::new(1.0, palette.text);
    visuals
}

/// The monospace font: types, ids, JSON, numbers.
pub(crate) fn mono() -> FontId {
    FontId::new(size::TEXT, FontFamily::Monospace)
}

/// The body font.
pub(crate) fn body() -> FontId {
    FontId::new(size::TEXT, FontFamily::Proportional)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance, WCAG 2.1.
    fn luminance(color: Color32) -> f64 {
        let channel = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.040_45 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * channel(color.r()) + 0.7152 * channel(color.g()) + 0.0722 * channel(color.b())
    }

    fn contrast(a: Color32, b: Color32) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn all_text_can_be_read_on_all_backgrounds() {
        for palette in [&LIGHT, &DARK] {
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
            ];
            for ground in grounds {
                for text in texts {
                    let contrast = contrast(text, ground);
                    assert!(contrast >= 4.5, "{text:?} on {ground:?}: {contrast:.2}");
                }
            }
            // Fields and buttons stand on these.
            for ground in [palette.bg, palette.panel, palette.header] {
                let contrast = contrast(palette.outline, ground);
                assert!(contrast >= 3.0, "outline on {ground:?}: {contrast:.2}");
            }
        }
    }
}
