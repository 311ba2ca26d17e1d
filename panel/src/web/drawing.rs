//! How long the machine takes to draw the panel.
//!
//! The script only says what is to be drawn; a graphics card does that in no time, a processor in
//! its place does not. So a fence is put behind what was said, and looked at until it is passed.

use std::rc::Rc;

use web_sys::{WebGl2RenderingContext as Gl, WebGlSync};

use super::js;
use super::shared::Shared;

/// The shortest time between two measurements, in milliseconds.
const PAUSE: f64 = 400.0;
/// The time between two looks at the fence, in milliseconds.
const LOOK: i32 = 8;
/// After so many milliseconds it is looked at no longer.
const LONGEST: f64 = 3_000.0;

/// What measures it.
#[derive(Default)]
pub(super) struct Drawing {
    gl: Option<Gl>,
    /// When the last measurement began, by [`js::clock`].
    began: Option<f64>,
    is_measuring: bool,
}

impl Drawing {
    /// Of what is drawn with this.
    pub(super) fn of(gl: Option<Gl>) -> Self {
        Self {
            gl,
            ..Self::default()
        }
    }

    /// A fence behind what was drawn, unless it is too early for one.
    fn fence(&mut self, began: f64) -> Option<WebGlSync> {
        let is_early = self.began.is_some_and(|last| began - last < PAUSE);
        let gl = self
            .gl
            .as_ref()
            .filter(|_| !is_early && !self.is_measuring)?;
        let fence = gl.fence_sync(Gl::SYNC_GPU_COMMANDS_COMPLETE, 0)?;
        // Else it may be said a long time later.
        gl.flush();
        self.began = Some(began);
        self.is_measuring = true;
        Some(fence)
    }

    /// Whether it was passed.
    fn is_passed(&self, fence: &WebGlSync) -> bool {
        let status = |gl: &Gl| gl.get_sync_parameter(fence, Gl::SYNC_STATUS).as_f64();
        (self.gl.as_ref().and_then(status)).is_some_and(|it| it == f64::from(Gl::SIGNALED))
    }

    fn end(&mut self, fence: &WebGlSync) {
        self.is_measuring = false;
        if let Some(gl) = &self.gl {
            gl.delete_sync(Some(fence));
        }
    }
}

/// Tells the panel how long what was drawn just now takes; its script began at this time, by
/// [`js::clock`].
pub(super) fn measure(shared: &Rc<Shared>, began: f64) {
    let fence = shared.drawing.borrow_mut().fence(began);
    if let Some(fence) = fence {
        look(Rc::clone(shared), fence, began);
    }
}

fn look(shared: Rc<Shared>, fence: WebGlSync, began: f64) {
    js::after(LOOK, move || {
        let took = js::clock() - began;
        if shared.drawing.borrow().is_passed(&fence) {
            shared.panel().drawing_took(took);
        } else if took < LONGEST {
            return look(shared, fence, began);
        }
        shared.drawing.borrow_mut().end(&fence);
    });
}
