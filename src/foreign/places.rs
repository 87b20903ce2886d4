//! Where the lines of a text begin.
//!
//! Enters: a text and places in it, in bytes. Leaves: numbers of lines, from 1.

pub(super) struct Places {
    /// Where each line begins.
    starts: Vec<usize>,
}

impl Places {
    pub(super) fn of(text: &str) -> Places {
        let behind = text.match_indices('\n').map(|(at, _)| at + 1);
        Places { starts: std::iter::once(0).chain(behind).collect() }
    }

    /// The line that a byte is in.
    pub(super) fn line(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newline_is_of_the_line_that_it_ends() {
        let places = Places::of("a\n\nb");
        assert_eq!([0, 1, 2, 3, 9].map(|at| places.line(at)), [1, 1, 2, 3, 3]);
    }
}
