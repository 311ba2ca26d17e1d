//! Decides what fits in a bar: pure arithmetic, no drawing.

/// A part of a bar.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    /// Its widths in points: the full form first, then shorter ones.
    pub(crate) widths: Vec<f32>,
    /// The highest rank matters least: it is shortened first, and dropped first. Rank 0 is never
    /// dropped.
    pub(crate) rank: u8,
}

impl Piece {
    /// A part with a single form.
    pub(crate) fn new(width: f32, rank: u8) -> Self {
        let widths = vec![width];
        Self { widths, rank }
    }
}

/// Which form of each part fits in `room`, with `gap` in between; `None` drops it.
///
/// Everything is shortened before anything is dropped.
pub(crate) fn fit(room: f32, gap: f32, pieces: &[Piece]) -> Vec<Option<usize>> {
    let mut forms: Vec<Option<usize>> = vec![Some(0); pieces.len()];
    while !fits(room, gap, pieces, &forms) {
        let lowest = |can: &dyn Fn(usize, usize) -> bool| {
            let candidates = forms
                .iter()
                .enumerate()
                .filter(|(index, form)| form.is_some_and(|form| can(*index, form)));
            candidates
                .map(|(index, _)| index)
                .max_by_key(|index| pieces[*index].rank)
        };
        let shorter = lowest(&|index, form| form + 1 < pieces[index].widths.len());
        let out = lowest(&|index, _| pieces[index].rank > 0);
        match (shorter, out) {
            (Some(index), _) => forms[index] = forms[index].map(|form| form + 1),
            (None, Some(index)) => forms[index] = None,
            (None, None) => break,
        }
    }
    forms
}

/// As [`fit`], but what was dropped comes back if there is room for it after all.
pub(crate) fn fit_most(room: f32, gap: f32, pieces: &[Piece]) -> Vec<Option<usize>> {
    let mut forms = fit(room, gap, pieces);
    let mut order: Vec<usize> = (0..pieces.len()).collect();
    order.sort_by_key(|index| pieces[*index].rank);
    for index in order {
        if forms[index].is_none() {
            forms[index] = pieces[index].widths.len().checked_sub(1);
            if !fits(room, gap, pieces, &forms) {
                forms[index] = None;
            }
        }
    }
    forms
}

/// Whether these forms fit in `room`.
fn fits(room: f32, gap: f32, pieces: &[Piece], forms: &[Option<usize>]) -> bool {
    let widths = pieces
        .iter()
        .zip(forms)
        .filter_map(|(piece, form)| piece.widths.get((*form)?));
    let (count, total) = widths.fold((0, 0.0), |(count, total), width| (count + 1, total + width));
    total + gap * (count as f32 - 1.0).max(0.0) <= room
}

/// Divides `room` among texts of these widths: each gets what it needs, unless another that needs
/// more would get less.
pub(crate) fn share(room: f32, needs: &[f32]) -> Vec<f32> {
    let mut order: Vec<usize> = (0..needs.len()).collect();
    order.sort_by(|a, b| needs[*a].total_cmp(&needs[*b]));
    let mut left = room.max(0.0);
    let mut shares = vec![0.0; needs.len()];
    for (done, index) in order.into_iter().enumerate() {
        let most = left / (needs.len() - done) as f32;
        shares[index] = needs[index].min(most);
        left -= shares[index];
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces() -> [Piece; 3] {
        [
            Piece::new(20.0, 0),
            Piece {
                widths: vec![60.0, 20.0],
                rank: 2,
            },
            Piece::new(40.0, 1),
        ]
    }

    #[test]
    fn what_matters_least_is_shortened_then_left_out() {
        let forms = |room| fit(room, 5.0, &pieces());
        assert_eq!(forms(130.0), [Some(0), Some(0), Some(0)]);
        assert_eq!(forms(129.0), [Some(0), Some(1), Some(0)]);
        assert_eq!(forms(90.0), [Some(0), Some(1), Some(0)]);
        assert_eq!(forms(89.0), [Some(0), None, Some(0)]);
        assert_eq!(forms(64.0), [Some(0), None, None]);
        // Rank 0 stays, whether or not it fits.
        assert_eq!(forms(5.0), [Some(0), None, None]);
    }

    #[test]
    fn what_was_left_out_comes_back_where_it_fits() {
        let forms = |room| fit_most(room, 5.0, &pieces());
        assert_eq!(forms(89.0), [Some(0), None, Some(0)]);
        assert_eq!(forms(64.0), [Some(0), Some(1), None]);
        assert_eq!(forms(44.0), [Some(0), None, None]);
    }

    #[test]
    fn room_is_shared_by_need() {
        assert_eq!(share(100.0, &[20.0, 30.0]), [20.0, 30.0]);
        assert_eq!(share(100.0, &[200.0, 30.0]), [70.0, 30.0]);
        assert_eq!(share(100.0, &[200.0, 300.0]), [50.0, 50.0]);
        assert_eq!(share(-1.0, &[200.0]), [0.0]);
    }
}
