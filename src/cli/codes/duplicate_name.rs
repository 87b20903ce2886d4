//! Two policies of one name.

use crate::diag::{Code, Finding, Place, code, shown};
use std::path::Path;

pub static CODE: Code = code!("duplicate-name", Error);

pub fn found(name: &str, place: Place, other: &Path) -> Finding {
    Finding::new(&CODE, place, format!("`{}` has the name `{name}` as well", shown::path(other)))
        .help("give one of them another name")
}
