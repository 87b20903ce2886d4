//! An operation that the language does not have.

use crate::diag::suggest::nearest;
use crate::diag::{Code, Finding, code};
use crate::kernel::Operation;
use crate::policy::Text;

pub static CODE: Code = code!("unknown-operation", Error);

pub fn found(text: &Text) -> Finding {
    let shown: String = text.chars().take(60).collect();
    let finding = Finding::new(&CODE, text.place, format!("`{shown}` is not an operation"));
    let names = Operation::ALL.map(Operation::name);
    match nearest(text, names) {
        Some(near) => finding.did_you_mean(text.place, near),
        None => finding.help(format!("the operations are `{}`", names.join("`, `"))),
    }
}
