//! The panel in the browser: the only part that uses it.
//!
//! [`start`] runs when the module is loaded. Browser callbacks become events for the
//! [`Panel`](crate::Panel), and its effects are carried out here.

mod accessibility;
mod bridge;
mod chrome;
mod clipboard;
mod drawing;
mod files;
mod fonts;
mod frames;
mod inside;
mod js;
mod keyboard;
mod letters;
mod mirror;
mod motion;
mod page;
mod permission;
mod pointer;
mod port;
mod search;
mod shared;
mod simulator;
mod storage;
mod theme;
mod windows;
mod worker;

use std::rc::Rc;

use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::*;

use drawing::Drawing;
use shared::Shared;

/// How long nothing is drawn while the page's recorder has not answered, in milliseconds: the first
/// drawing takes long, and would be followed at once by one with rows.
const LONGEST_BLANK: i32 = 300;

/// Starts the panel on the canvas `callscope`.
#[wasm_bindgen(start)]
pub(crate) fn start() {
    std::panic::set_hook(Box::new(|_| {
        show_failure(
            "Callscope stopped because of a defect of its own. Close and open DevTools to go on. The browser's console says more.",
        );
    }));
    wasm_bindgen_futures::spawn_local(async {
        if let Err(error) = run().await {
            show_failure(&format!(
                "Callscope could not start: {}. It needs WebGL; see chrome://gpu. Close and open DevTools to try again.",
                js::describe(&error)
            ));
        }
    });
}

async fn run() -> Result<(), JsValue> {
    let canvas = js::document()?
        .get_element_by_id("callscope")
        .and_then(|element| element.dyn_into::<web_sys::HtmlCanvasElement>().ok())
        .ok_or_else(|| JsValue::from_str("the page has no canvas for it"))?;
    frames::install()?;
    let shared = Shared::new();
    // The page's recorder is started and answers while the rest is being set up.
    if let Some(tab) = shared.tab {
        storage::watch(&shared, tab);
        worker::ask(&shared);
        port::keep_open(&shared, tab);
        windows::follow(&shared, tab);
        js::after(LONGEST_BLANK, frames::release);
    } else {
        frames::release();
    }
    *shared.drawing.borrow_mut() = Drawing::of(prepare(&canvas)?);
    let for_app = Rc::clone(&shared);
    let releases = crate::pointer::Releases::default();
    pointer::follow(&releases)?;
    eframe::WebRunner::new()
        .start(
            canvas.clone(),
            keyboard::options(),
            Box::new(move |creation| {
                let ctx = creation.egui_ctx.clone();
                crate::Panel::set_up(&ctx);
                ctx.set_fonts(fonts::definitions());
                crate::reading_order::install(&ctx, letters::draw);
                motion::follow(&ctx);
                // Before the exchange, which takes the tree that this looks at.
                ctx.add_plugin(crate::layout::Surveyor::new(for_app.layout()));
                ctx.add_plugin(accessibility::Exchange::new(for_app.exchanged()));
                ctx.add_plugin(crate::batches::Batches);
                ctx.add_plugin(releases);
                ctx.enable_accesskit();
                theme::follow(&ctx);
                frames::follow(&ctx);
                for_app.set_context(ctx);
                Ok(Box::new(App { shared: for_app }))
            }),
        )
        .await?;
    mirror::listen(&shared, &canvas)?;
    keyboard::keep_keys(&shared)?;
    keyboard::take_when_shown(&shared)?;
    search::listen(&shared)?;
    bridge::install(&shared)?;
    inside::find_out(&shared);
    Ok(())
}

/// Creates the canvas context that eframe then finds: its own would have four samples per pixel and
/// be blended with the page behind. egui smooths edges itself, and fills the whole canvas.
fn prepare(
    canvas: &web_sys::HtmlCanvasElement,
) -> Result<Option<web_sys::WebGl2RenderingContext>, JsValue> {
    let no = JsValue::FALSE;
    let options = js::object(&[
        ("alpha", no.clone()),
        ("antialias", no.clone()),
        ("depth", no.clone()),
        ("stencil", no),
    ]);
    // If there is no WebGL, eframe reports that.
    let context = canvas.get_context_with_context_options("webgl2", &options)?;
    Ok(context.and_then(|it| it.dyn_into().ok()))
}

/// Shows in the page itself what the canvas cannot show.
fn show_failure(text: &str) {
    let Ok(document) = js::document() else { return };
    if let Some(failure) = document.get_element_by_id("callscope-failure") {
        failure.set_text_content(Some(text));
        _ = failure.remove_attribute("hidden");
    }
    if let Some(canvas) = document.get_element_by_id("callscope") {
        _ = canvas.set_attribute("hidden", "");
    }
}

struct App {
    shared: Rc<Shared>,
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.shared.panel().begin_frame(ctx, js::now());
        self.shared.carry_out();
        self.shared.set_alarm();
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let began = js::clock();
        files::take_dropped(&self.shared, ui.ctx());
        self.shared.panel().ui(ui);
        self.shared.go_on_filtering();
        self.shared.carry_out();
        let shared = Rc::clone(&self.shared);
        wasm_bindgen_futures::spawn_local(async move {
            drawing::measure(&shared, began);
            // In a task of its own, so that user and page have their turn before it.
            _ = js::next_task().await;
            shared.update_mirror();
        });
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }

    fn persist_egui_memory(&self) -> bool {
        false
    }
}
