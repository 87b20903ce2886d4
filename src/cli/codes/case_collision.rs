//! Two policies whose files differ in case alone.

use crate::diag::{Code, Finding, Place, code, shown};
use std::path::Path;

pub static CODE: Code = code!("case-collision", Warning);

pub fn found(name: &str, place: Place, other_name: &str, other: &Path) -> Finding {
    let message = format!(
        "`{name}.apparmor` and `{other_name}.apparmor`, of `{}`, are one file where case is ignored",
        shown::path(other)
    );
    Finding::new(&CODE, place, message).help("give one of them a name that differs in more than case")
}
