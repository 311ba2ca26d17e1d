//! Measures how long the machine takes to draw the panel.
//!
//! The script only submits commands; a graphics card executes them in no time, but a processor takes
//! longer. So a fence is placed after the commands and polled until it is signaled.

use std::rc::Rc;

use web_sys::{WebGl2RenderingContext as Gl, WebGlSync};

use super::js;
use super::shared::Shared;

/// The shortest time between two measurements, in milliseconds.
const PAUSE: f64 = 400.0;
/// The time between two checks of the fence, in milliseconds.
const LOOK: i32 = 8;
/// The longest time measured, in milliseconds: the panel does not distinguish longer ones.
const LONG: f64 = 64.0;

/// Measures how long drawing takes.
#[derive(Default)]
pub(super) struct Drawing {
    gl: Option<Gl>,
    /// When the last measurement began, by [`js::clock`].
    began: Option<f64>,
    is_measuring: bool,
}

impl Drawing {
    /// Measures drawing with this context.
    pub(super) fn of(gl: Option<Gl>) -> Self {
        Self {
            gl,
            ..Self::default()
        }
    }

    /// Places a fence after the submitted commands, unless it is too early for a measurement.
    fn fence(&mut self, began: f64) -> Option<WebGlSync> {
        let is_early = self.began.is_some_and(|last| began - last < PAUSE);
        let gl = self
            .gl
            .as_ref()
            .filter(|_| !is_early && !self.is_measuring)?;
        let fence = gl.fence_sync(Gl::SYNC_GPU_COMMANDS_COMPLETE, 0)?;
        // Otherwise the browser may submit the commands much later.
        gl.flush();
        self.began = Some(began);
        self.is_measuring = true;
        Some(fence)
    }

    /// Whether the fence has been signaled.
    fn is_passed(&self, fence: &WebGlSync) -> bool {
        (self.gl.as_ref())
            .is_some_and(|gl| gl.get_sync_parameter(fence, Gl::SYNC_STATUS) == Gl::SIGNALED)
    }

    fn end(&mut self, fence: &WebGlSync) {
        self.is_measuring = false;
        if let Some(gl) = &self.gl {
            gl.delete_sync(Some(fence));
        }
    }
}

/// Reports to the panel how long the frame just submitted takes to draw; `began` is when its script
/// began, by [`js::clock`].
pub(super) fn measure(shared: &Rc<Shared>, began: f64) {
    let fence = shared.drawing.borrow_mut().fence(began);
    if let Some(fence) = fence {
        look(Rc::clone(shared), fence, began);
    }
}

fn look(shared: Rc<Shared>, fence: WebGlSync, began: f64) {
    js::after(LOOK, move || {
        let took = js::clock() - began;
        if took < LONG && !shared.drawing.borrow().is_passed(&fence) {
            return look(shared, fence, began);
        }
        shared.drawing.borrow_mut().end(&fence);
        shared.panel().drawing_took(took);
    });
}
