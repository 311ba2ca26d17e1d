//! The theme: that of DevTools, or outside DevTools that of the browser.

use egui::{Context, Theme, ThemePreference};

use super::{chrome, js};

/// Applies DevTools' theme now and whenever it changes.
pub(super) fn follow(ctx: &Context) {
    let Some(is_dark) = chrome::is_dark() else {
        ctx.set_theme(ThemePreference::System);
        return;
    };
    set(ctx, is_dark);
    let later = ctx.clone();
    chrome::on_theme(move |name| {
        set(&later, name.as_string().as_deref() == Some("dark"));
        later.request_repaint();
    });
}

fn set(ctx: &Context, is_dark: bool) {
    ctx.set_theme(if is_dark { Theme::Dark } else { Theme::Light });
    // For what the browser itself draws, such as the page behind the canvas.
    let root = js::document()
        .ok()
        .and_then(|document| document.document_element());
    if let Some(root) = root {
        _ = root.set_attribute(
            "style",
            if is_dark {
                "color-scheme: dark"
            } else {
                "color-scheme: light"
            },
        );
    }
}
