//! Sizes, and [`colors`] as egui types; no other file of the panel defines any.

use egui::style::{ScrollStyle, WidgetVisuals, Widgets};
use egui::{
    Color32, CornerRadius, FontFamily, FontId, Margin, Stroke, Style, TextStyle, Theme, Ui, Vec2,
    Visuals,
};

use callscope_protocol::{Severity, Side};
use callscope_session_view::colors::{self, Rgb};

/// A theme's colors, as [`colors::Palette`] defines them.
#[derive(Debug)]
pub(crate) struct Palette {
    pub(crate) bg: Color32,
    pub(crate) panel: Color32,
    pub(crate) header: Color32,
    pub(crate) hover: Color32,
    pub(crate) selected: Color32,
    pub(crate) divider: Color32,
    pub(crate) text: Color32,
    pub(crate) weak: Color32,
    pub(crate) accent: Color32,
    pub(crate) widget: Color32,
    pub(crate) error: Color32,
    pub(crate) warning: Color32,
    pub(crate) ok: Color32,
    pub(crate) injected: Color32,
    pub(crate) inside: Color32,
    pub(crate) disabled: Color32,
    pub(crate) outline: Color32,
    plain: &'static colors::Palette,
}

#[expect(clippy::disallowed_methods, reason = "this is where colors are made")]
const fn color(Rgb { r, g, b }: Rgb) -> Color32 {
    Color32::from_rgb(r, g, b)
}

static LIGHT: Palette = Palette::new(&colors::LIGHT);
static DARK: Palette = Palette::new(&colors::DARK);

impl Palette {
    const fn new(plain: &'static colors::Palette) -> Self {
        Self {
            bg: color(plain.bg),
            panel: color(plain.panel),
            header: color(plain.header),
            hover: color(plain.hover),
            selected: color(plain.selected),
            divider: color(plain.divider),
            text: color(plain.text),
            weak: color(plain.weak),
            accent: color(plain.accent),
            widget: color(plain.widget),
            error: color(plain.error),
            warning: color(plain.warning),
            ok: color(plain.ok),
            injected: color(plain.injected),
            inside: color(plain.inside),
            disabled: color(plain.disabled),
            outline: color(plain.outline),
            plain,
        }
    }

    /// The palette of the theme that `ui` is drawn in.
    pub(crate) fn of(ui: &Ui) -> &'static Self {
        Self::for_theme(ui.theme())
    }

    /// The palette of a theme.
    pub(crate) fn for_theme(theme: Theme) -> &'static Self {
        match theme {
            Theme::Dark => &DARK,
            Theme::Light => &LIGHT,
        }
    }

    /// The color of a severity.
    pub(crate) const fn severity(&self, severity: Severity) -> Color32 {
        color(self.plain.severity(severity))
    }

    /// The color of a side's messages.
    pub(crate) const fn side(&self, side: Side) -> Color32 {
        color(self.plain.side(side))
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
    /// The overview of a list, beside its scroll bar.
    pub(crate) const OVERVIEW: f32 = 8.0;
    /// A scroll bar.
    pub(crate) const SCROLL_BAR: f32 = 10.0;
    /// The most width for running text, so that it stays readable.
    pub(crate) const PROSE: f32 = 560.0;
    /// The width of a table in a menu, which fits the narrowest panel.
    pub(crate) const MENU_TABLE: f32 = 256.0;
    /// From this width on, the detail pane is to the right of the list; otherwise it is below it.
    pub(crate) const SIDE_BY_SIDE: f32 = 900.0;
    /// Below this width, the toolbar takes two lines, and tabs are closer together.
    pub(crate) const TWO_LINES: f32 = 480.0;
    /// Below this height, bars are limited to one line.
    pub(crate) const LOW: f32 = 260.0;
    /// Like [`LOW`], for panels narrower than [`TWO_LINES`].
    pub(crate) const LOW_AND_NARROW: f32 = 400.0;
}

/// [`size::STEP`] as an integer, for margins.
pub(crate) const STEP: i8 = 4;

/// The line height in thousandths of the text size: [`size::LINE`].
#[cfg(any(test, target_arch = "wasm32"))]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small numbers"
)]
pub(crate) const LINE_HEIGHT: u16 = (size::LINE / size::TEXT * 1000.0 + 0.5) as u16;

/// How long the pointer rests before a tooltip shows, in seconds.
const TOOLTIP_DELAY: f32 = 0.4;

/// How long after a tooltip another one shows at once, in seconds.
const TOOLTIP_GRACE: f32 = 0.2;

/// Lets no other tooltip show than one that is there, or lets all show again.
pub(crate) fn hold_tooltips(ctx: &egui::Context, holds: bool) {
    let (delay, grace) = if holds {
        (f32::INFINITY, 0.0)
    } else {
        (TOOLTIP_DELAY, TOOLTIP_GRACE)
    };
    let before = ctx.global_style().interaction.tooltip_delay;
    if before.to_bits() != delay.to_bits() {
        ctx.all_styles_mut(|style| {
            style.interaction.tooltip_delay = delay;
            style.interaction.tooltip_grace_time = grace;
        });
    }
}

/// The width of a tooltip that has room for it.
const TOOLTIP_WIDTH: f32 = 420.0;

/// Makes tooltips no wider than the panel.
pub(crate) fn fit_tooltips(ctx: &egui::Context) {
    let room = ctx.content_rect().width() - 4.0 * size::STEP;
    let width = room.clamp(100.0, TOOLTIP_WIDTH);
    let is_other = (ctx.global_style().spacing.tooltip_width - width).abs() > 0.5;
    if is_other {
        ctx.all_styles_mut(|style| style.spacing.tooltip_width = width);
    }
}

/// Sets up both themes to look like DevTools.
pub(crate) fn apply(ctx: &egui::Context) {
    for theme in [Theme::Light, Theme::Dark] {
        ctx.set_style_of(theme, style(theme));
    }
    ctx.options_mut(|options| {
        // DevTools has its own zoom.
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
        // Nothing moves unless something has happened.
        animation_time: 0.0,
        scroll_animation: egui::style::ScrollAnimation::none(),
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
    spacing.tooltip_width = TOOLTIP_WIDTH;
    spacing.text_edit_width = 200.0;
    spacing.scroll = ScrollStyle {
        bar_width: size::SCROLL_BAR,
        bar_inner_margin: 0.0,
        bar_outer_margin: 0.0,
        handle_min_length: 24.0,
        // Otherwise the handle has the fill of buttons, which is that of the bar.
        foreground_color: true,
        kinetic: egui::style::KineticScrollStyle {
            // Otherwise a list that follows its end bounces when its size changes.
            rubber_band: false,
            ..egui::style::KineticScrollStyle::default()
        },
        ..ScrollStyle::solid()
    };
    style.interaction.tooltip_delay = TOOLTIP_DELAY;
    style.interaction.tooltip_grace_time = TOOLTIP_GRACE;
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
        // egui shows keyboard focus with these, so their outline is the focus ring.
        active: widget(palette.selected, palette.accent),
        open: widget(palette.selected, palette.accent),
    };
    // A check mark, and the handle of a scroll bar.
    visuals.widgets.inactive.fg_stroke.color = palette.weak;
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
    // Disabled widgets have colors of their own, see `parts::enabled_ui`; nothing fades until it is
    // unreadable.
    visuals.disabled_alpha = 1.0;
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
    use callscope_session_view::colors::contrast;

    use super::*;

    #[track_caller]
    fn check(what: &str, theme: Theme, sign: Color32, ground: Color32, least: f64) {
        assert_eq!((sign.a(), ground.a()), (255, 255), "{what}");
        let rgb = |it: Color32| Rgb {
            r: it.r(),
            g: it.g(),
            b: it.b(),
        };
        let contrast = contrast(rgb(sign), rgb(ground));
        assert!(contrast >= least, "{what}, {theme:?}: {contrast:.2}");
    }

    /// What egui draws by itself; `views/tests/contrast.rs` checks everything that is drawn.
    #[test]
    fn widgets_can_be_read_in_every_state() {
        for theme in [Theme::Light, Theme::Dark] {
            let visuals = visuals(theme);
            let palette = Palette::for_theme(theme);
            let grounds = [palette.bg, palette.panel, palette.header];
            let Widgets {
                noninteractive,
                inactive,
                hovered,
                active,
                open,
            } = &visuals.widgets;
            for (state, look) in [
                ("disabled", noninteractive),
                ("inactive", inactive),
                ("hovered", hovered),
                ("focused", active),
                ("open", open),
            ] {
                for fill in [look.bg_fill, look.weak_bg_fill] {
                    check(state, theme, visuals.text_color(), fill, 4.5);
                    check(state, theme, look.text_color(), fill, 4.5);
                    check(state, theme, palette.weak, fill, 4.5);
                }
                // Disabled widgets need not stand out.
                if state != "disabled" {
                    for ground in grounds.into_iter().chain([look.bg_fill]) {
                        check(state, theme, look.bg_stroke.color, ground, 3.0);
                    }
                }
            }
            for ground in grounds {
                check("the focus ring", theme, palette.accent, ground, 3.0);
                check("a link", theme, visuals.hyperlink_color, ground, 4.5);
                check("a warning", theme, visuals.warn_fg_color, ground, 4.5);
                check("an error", theme, visuals.error_fg_color, ground, 4.5);
            }
            for ground in [palette.hover, palette.selected] {
                check("the focus ring", theme, palette.accent, ground, 3.0);
            }
            // Otherwise the handle has the fill of a button, which is that of the bar.
            assert!(style(theme).spacing.scroll.foreground_color);
            for look in [inactive, hovered, active] {
                let handle = look.fg_stroke.color;
                let bar = visuals.extreme_bg_color;
                check("the handle of a scroll bar", theme, handle, bar, 3.0);
            }
            let field = visuals.text_edit_bg_color();
            check(
                "a placeholder",
                theme,
                visuals.weak_text_color(),
                field,
                4.5,
            );
            check(
                "the cursor",
                theme,
                visuals.text_cursor.stroke.color,
                field,
                3.0,
            );
            let selection = &visuals.selection;
            check(
                "selected",
                theme,
                selection.stroke.color,
                selection.bg_fill,
                4.5,
            );
            check("selected text", theme, palette.text, selection.bg_fill, 4.5);
            assert!(visuals.disabled_alpha() >= 1.0, "nothing fades");
        }
    }
}
