//! A path with `.`, `..` or an empty component.

use crate::diag::{Code, Finding, Place, code};
use crate::policy::Text;
use std::ops::Range;

pub static CODE: Code = code!("unclean-path", Error);

/// The bytes of the first part that never occurs in a resolved path.
pub fn part(text: &str) -> Option<Range<usize>> {
    let mut start = 0;
    let components: Vec<&str> = text.split('/').collect();
    let last = components.len().saturating_sub(1);
    for (index, component) in components.into_iter().enumerate() {
        let end = start + component.len();
        let is_edge = index == 0 || index == last;
        if component == "." || component == ".." || (component.is_empty() && !is_edge) {
            return Some(start.saturating_sub(1)..(end + 1).min(text.len()));
        }
        start = end + 1;
    }
    None
}

pub fn found(text: &Text, place: Place) -> Finding {
    Finding::new(&CODE, place, format!("`{}` is not a path as the kernel sees it", text.value))
        .label("this never occurs in a resolved path")
        .help("write the path without `.`, `..` and `//`")
}
