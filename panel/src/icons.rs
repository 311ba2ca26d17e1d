//! Icons, painted as shapes: a font may lack a glyph, and a severity must have a shape as well as
//! a color.

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2, pos2, vec2};

use callscope_protocol::Severity;

use crate::theme::size;

/// An icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Icon {
    /// A finding of severity error: a cross.
    Error,
    /// A finding of severity warning: a triangle.
    Warning,
    /// A finding of severity note: an i.
    Note,
    /// All is well: a tick.
    Ok,
    /// Posted by Callscope: a bolt.
    Injected,
    /// Messages are missing here: a dotted line.
    Gap,
    /// Recording: a filled circle.
    Recording,
    /// Not recording: an empty circle.
    Paused,
    /// Clear: a circle with a bar.
    Clear,
    /// Close, dismiss, remove.
    Close,
    /// Search, filter.
    Search,
    /// Keep: a bookmark.
    Save,
    /// Settings: three sliders.
    Settings,
    /// A menu of what did not fit: three dots.
    More,
    /// Folded: an arrow to the right.
    Folded,
    /// Unfolded, descending order, next: a triangle pointing down, the counterpart of [`Self::Up`].
    Unfolded,
    /// Right: host to widget.
    Right,
    /// Left: widget to host.
    Left,
    /// Down, or to the end.
    Down,
    /// Ascending order, previous: a triangle pointing up.
    Up,
    /// Columns: three lines beside each other.
    Columns,
    /// Export to a file.
    Export,
    /// Import from a file.
    Import,
    /// Larger.
    Plus,
    /// Smaller.
    Minus,
    /// Copy.
    Copy,
    /// Told by a page about itself: an eye.
    Inside,
}

impl From<Severity> for Icon {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::Error,
            Severity::Warning => Self::Warning,
            Severity::Note => Self::Note,
        }
    }
}

impl Icon {
    /// Paints the icon in the middle of `rect`, [`size::ICON`] wide.
    #[expect(clippy::too_many_lines, reason = "one arm for each icon")]
    pub(crate) fn paint(self, painter: &Painter, rect: Rect, color: Color32) {
        let center = rect.center().round();
        let rect = Rect::from_center_size(center, Vec2::splat(size::ICON));
        // The shapes are drawn on a grid of 14 by 14.
        let at = |x: f32, y: f32| rect.min + vec2(x, y) * (size::ICON / 14.0);
        let stroke = Stroke::new(1.5, color);
        let line = |points: &[Pos2]| {
            painter.add(Shape::line(points.to_vec(), stroke));
        };
        let fill = |points: &[Pos2]| {
            painter.add(Shape::convex_polygon(points.to_vec(), color, Stroke::NONE));
        };
        match self {
            Self::Error => {
                line(&[at(3.5, 3.5), at(10.5, 10.5)]);
                line(&[at(10.5, 3.5), at(3.5, 10.5)]);
            }
            Self::Close => {
                let stroke = Stroke::new(1.0, color);
                painter.line_segment([at(4.0, 4.0), at(10.0, 10.0)], stroke);
                painter.line_segment([at(10.0, 4.0), at(4.0, 10.0)], stroke);
            }
            Self::Warning => fill(&[at(7.0, 2.5), at(12.5, 11.5), at(1.5, 11.5)]),
            Self::Note => {
                painter.circle_filled(at(7.0, 3.5), 1.1, color);
                line(&[at(7.0, 6.0), at(7.0, 11.5)]);
                line(&[at(5.5, 6.2), at(7.0, 6.2)]);
                line(&[at(5.2, 11.2), at(8.8, 11.2)]);
            }
            Self::Ok => line(&[at(2.5, 7.5), at(5.5, 10.5), at(11.5, 3.5)]),
            Self::Injected => {
                fill(&[at(8.5, 1.0), at(3.5, 8.0), at(7.2, 8.0)]);
                fill(&[at(5.5, 13.0), at(10.5, 6.0), at(6.8, 6.0)]);
            }
            Self::Gap => {
                for x in [1.0, 5.5, 10.0] {
                    line(&[at(x, 7.0), at(x + 3.0, 7.0)]);
                }
            }
            Self::Recording => {
                painter.circle_filled(center, 4.5, color);
            }
            Self::Paused => {
                painter.circle_stroke(center, 4.0, stroke);
            }
            Self::Clear => {
                painter.circle_stroke(center, 5.0, stroke);
                line(&[at(3.6, 3.6), at(10.4, 10.4)]);
            }
            Self::Inside => {
                line(&[
                    at(1.0, 7.0),
                    at(4.0, 4.0),
                    at(7.0, 3.2),
                    at(10.0, 4.0),
                    at(13.0, 7.0),
                    at(10.0, 10.0),
                    at(7.0, 10.8),
                    at(4.0, 10.0),
                    at(1.0, 7.0),
                ]);
                painter.circle_filled(at(7.0, 7.0), 1.8, color);
            }
            Self::Search => {
                painter.circle_stroke(at(6.0, 6.0), 3.5, stroke);
                line(&[at(8.6, 8.6), at(12.0, 12.0)]);
            }
            Self::Save => line(&[
                at(3.5, 2.0),
                at(10.5, 2.0),
                at(10.5, 12.0),
                at(7.0, 9.0),
                at(3.5, 12.0),
                at(3.5, 2.0),
            ]),
            Self::Settings => {
                for (y, knob) in [(3.5, 9.5), (7.0, 4.5), (10.5, 8.0)] {
                    painter.line_segment([at(1.5, y), at(12.5, y)], Stroke::new(1.0, color));
                    painter.circle_filled(at(knob, y), 1.8, color);
                }
            }
            Self::More => {
                for x in [2.5, 7.0, 11.5] {
                    painter.circle_filled(at(x, 7.0), 1.2, color);
                }
            }
            Self::Folded => fill(&[at(5.0, 3.0), at(10.0, 7.0), at(5.0, 11.0)]),
            Self::Unfolded => fill(&[at(3.0, 5.0), at(11.0, 5.0), at(7.0, 10.0)]),
            Self::Up => fill(&[at(3.0, 10.0), at(7.0, 5.0), at(11.0, 10.0)]),
            Self::Columns => {
                for x in [2.5, 7.0, 11.5] {
                    painter.line_segment([at(x, 3.0), at(x, 11.0)], Stroke::new(2.0, color));
                }
            }
            Self::Right => {
                line(&[at(1.0, 7.0), at(9.0, 7.0)]);
                fill(&[at(8.0, 3.5), at(13.0, 7.0), at(8.0, 10.5)]);
            }
            Self::Left => {
                line(&[at(13.0, 7.0), at(5.0, 7.0)]);
                fill(&[at(6.0, 3.5), at(1.0, 7.0), at(6.0, 10.5)]);
            }
            Self::Down => {
                line(&[at(7.0, 2.0), at(7.0, 10.0)]);
                line(&[at(3.5, 7.5), at(7.0, 11.0), at(10.5, 7.5)]);
            }
            Self::Export | Self::Import => {
                line(&[at(2.0, 9.0), at(2.0, 12.0), at(12.0, 12.0), at(12.0, 9.0)]);
                line(&[at(7.0, 2.0), at(7.0, 9.0)]);
                let (tip, foot) = if self == Self::Export {
                    (2.0, 5.0)
                } else {
                    (9.0, 6.0)
                };
                line(&[at(4.0, foot), at(7.0, tip), at(10.0, foot)]);
            }
            Self::Plus => {
                line(&[at(2.5, 7.0), at(11.5, 7.0)]);
                line(&[at(7.0, 2.5), at(7.0, 11.5)]);
            }
            Self::Minus => line(&[at(2.5, 7.0), at(11.5, 7.0)]),
            Self::Copy => {
                let stroke = Stroke::new(1.0, color);
                let back = Rect::from_min_max(at(2.0, 2.0), at(9.0, 9.0));
                let front = Rect::from_min_max(at(5.0, 5.0), at(12.0, 12.0));
                painter.rect_stroke(back, 1.0, stroke, StrokeKind::Inside);
                painter.rect_stroke(front, 1.0, stroke, StrokeKind::Inside);
            }
        }
    }
}

/// The room for an icon at `x` in `rect`, [`size::ICON`] wide and as high as `rect`.
pub(crate) fn slot(rect: Rect, x: f32) -> Rect {
    Rect::from_min_max(pos2(x, rect.top()), pos2(x + size::ICON, rect.bottom()))
}
