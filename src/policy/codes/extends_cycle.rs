//! Policies that extend each other in a circle, or without end.

use crate::diag::{Code, Finding, Place, code, shown};
use std::path::Path;

pub static CODE: Code = code!("extends-cycle", Error);

pub fn found(place: Place, path: &Path) -> Finding {
    Finding::new(&CODE, place, format!("`{}` leads back to itself by `extends`", shown::path(path)))
        .label("this closes the circle")
        .help("take this entry out; what both policies need belongs in a third")
}

pub fn too_many(place: Place, most: usize) -> Finding {
    Finding::new(&CODE, place, format!("`extends` leads to more than {most} files"))
        .help("unite some of them")
}
