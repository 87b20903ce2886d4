//! A variable of the profile language in a path.

use crate::diag::{Code, Finding, Place, code};
use crate::policy::Text;

pub static CODE: Code = code!("variable-refused", Error);

pub fn found(text: &Text, place: Place) -> Finding {
    let finding = Finding::new(&CODE, place, format!("`{}` holds a variable", text.value));
    if text.starts_with("@{PROC}") {
        return finding.help("write `/proc`");
    }
    if text.starts_with("@{HOME}") {
        return finding.help("write the home folder out, such as `/home/app`");
    }
    finding.help("write the path itself, or the whole rule in `raw-rules`")
}
