//! A variable of the profile language in a path.

use crate::diag::{Code, Finding, Place, Severity};
use crate::policy::Text;

pub static CODE: Code = Code {
    name: "variable-refused",
    severity: Severity::Error,
    summary: "a variable such as `@{HOME}` in a path",
    explanation: "What a variable stands for is set in files on each node, so a policy that used one would mean different \
                  things on different nodes. Write the path itself; where a variable is really meant, a rule in \
                  `raw-rules` may hold it.",
    bad: "name = \"web\"\n\n[filesystem]\nread-only = [\"@{HOME}/.config/\"]\n",
    good: "name = \"web\"\n\n[filesystem]\nread-only = [\"/home/app/.config/\"]\n",
};

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
