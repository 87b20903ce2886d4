//! Two policies whose files differ in case alone.

use crate::diag::{Code, Finding, Place, Severity, shown};
use std::path::Path;

pub static CODE: Code = Code {
    name: "case-collision",
    severity: Severity::Warning,
    summary: "two policies whose files differ in case alone",
    explanation: "The disks of macOS and Windows do not tell `Web.apparmor` from `web.apparmor`: one would be written over the \
                  other there, and of a repository that holds both only one can be checked out.",
    bad: "# in api.toml\nname = \"Web\"\n\n# in web.toml, beside it\nname = \"web\"\n\n[pod]\nname = \"shop\"\n",
    good: "# in api.toml\nname = \"api\"\n\n# in web.toml, beside it\nname = \"web\"\n",
};

pub fn found(name: &str, place: Place, other_name: &str, other: &Path) -> Finding {
    let message = format!(
        "`{name}.apparmor` and `{other_name}.apparmor`, of `{}`, are one file where case is ignored",
        shown::path(other)
    );
    Finding::new(&CODE, place, message).help("give one of them a name that differs in more than case")
}
