//! Policies that extend each other in a circle, or without end.

use crate::diag::{Code, Finding, Place, Severity, shown};
use std::path::Path;

pub static CODE: Code = Code {
    name: "extends-cycle",
    severity: Severity::Error,
    summary: "policies extend each other in a circle",
    explanation: "A policy is what it extends and what it adds. When that leads back to the policy itself, there is no \
                  first one to begin with. Take the entry that closes the circle out; what both sides need belongs \
                  into a third policy that neither needs to extend back.",
    bad: "# in web.toml\nname = \"web\"\nextends = [\"web.toml\"]\n",
    good: "# in web.toml\nname = \"web\"\n",
};

pub fn found(place: Place, path: &Path) -> Finding {
    Finding::new(&CODE, place, format!("`{}` leads back to itself by `extends`", shown::path(path)))
        .label("this closes the circle")
        .help("take this entry out; what both policies need belongs in a third")
}

pub fn too_many(place: Place, most: usize) -> Finding {
    Finding::new(&CODE, place, format!("`extends` leads to more than {most} files"))
        .help("unite some of them")
}
