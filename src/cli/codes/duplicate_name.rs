//! Two policies of one name.

use crate::diag::{Code, Finding, Place, Severity, shown};
use std::path::Path;

pub static CODE: Code = Code {
    name: "duplicate-name",
    severity: Severity::Error,
    summary: "two policies of one name",
    explanation: "A name stands for one profile in the kernel and for one pair of files. Of two policies with the same name, \
                  one would replace the other on the nodes.",
    bad: "# in api.toml and in web.toml\nname = \"web\"\n",
    good: "# in api.toml\nname = \"api\"\n",
};

pub fn found(name: &str, place: Place, other: &Path) -> Finding {
    Finding::new(&CODE, place, format!("`{}` has the name `{name}` as well", shown::path(other)))
        .help("give one of them another name")
}
