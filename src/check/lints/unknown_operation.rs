//! An operation that the language does not have.

use crate::diag::suggest::nearest;
use crate::diag::{Code, Finding, Severity};
use crate::kernel::Operation;
use crate::policy::Text;

pub static CODE: Code = Code {
    name: "unknown-operation",
    severity: Severity::Error,
    summary: "an operation that does not exist",
    explanation: "`[operations]` knows `mount`, `remount`, `umount`, `pivot-root`, `ptrace`, `signal`, `huge-pages`, `userns`, \
                  `mqueue`, `io-uring` and `dbus`. Changing to another profile is never granted.",
    bad: "name = \"builder\"\n\n[operations]\nallow = [\"pivot_root\"]\n",
    good: "name = \"builder\"\n\n[operations]\nallow = [\"pivot-root\"]\n\n[capabilities]\nallow = [\"sys_admin\"]\n",
};

pub fn found(text: &Text) -> Finding {
    let shown: String = text.chars().take(60).collect();
    let finding = Finding::new(&CODE, text.place, format!("`{shown}` is not an operation"));
    let names = Operation::ALL.map(Operation::name);
    match nearest(text, names) {
        Some(near) => finding.help(format!("did you mean `{near}`?")).fix(text.place, format!("\"{near}\"")),
        None => finding.help(format!("the operations are `{}`", names.join("`, `"))),
    }
}
