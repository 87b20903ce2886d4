//! The first few lines of many.

/// A line, by the number of its log among those that are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineAt {
    pub file: usize,
    pub line: u64,
}

/// The first few lines, in order. It stands beside each distinct record, of which there may be very many: it has a
/// fixed size, and nothing has to be allocated for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FirstLines {
    lines: [LineAt; FirstLines::MOST],
    count: usize,
}

impl FirstLines {
    /// More places than this tell nothing new.
    pub const MOST: usize = 5;

    pub fn insert(&mut self, at: LineAt) {
        let Err(place) = self.as_slice().binary_search(&at) else { return };
        self.count = FirstLines::MOST.min(self.count + 1);
        // Those behind it make room, and the last one gives way.
        let mut moved = at;
        for line in self.lines.iter_mut().take(self.count).skip(place) {
            moved = std::mem::replace(line, moved);
        }
    }

    pub fn as_slice(&self) -> &[LineAt] {
        self.lines.get(..self.count).unwrap_or_default()
    }

    /// Whether lines behind all of them change nothing.
    pub(super) fn is_full(&self) -> bool {
        self.count == FirstLines::MOST
    }
}

impl Extend<LineAt> for FirstLines {
    fn extend<T: IntoIterator<Item = LineAt>>(&mut self, lines: T) {
        lines.into_iter().for_each(|at| self.insert(at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_lines_are_kept_in_whatever_order_they_come() {
        let mut first = FirstLines::default();
        first.extend([7, 3, 9, 3, 1, 8, 2, 9, 4].map(|line| LineAt { file: 0, line }));
        assert_eq!(first.as_slice().iter().map(|at| at.line).collect::<Vec<_>>(), [1, 2, 3, 4, 7]);
        first.insert(LineAt { file: 1, line: 1 });
        assert_eq!(first.as_slice().len(), FirstLines::MOST);
    }
}
