//! A denial of raw sockets that takes netlink with it.

use crate::check::Subject;
use crate::diag::{Code, Finding, Findings, Severity};
use crate::kernel::SocketType;

pub static CODE: Code = Code {
    name: "denied-netlink",
    severity: Severity::Warning,
    summary: "a denial of all raw sockets, which takes netlink too",
    explanation: "Netlink sockets, by which programs list interfaces and look up names, are raw sockets as well. `*/raw` denies \
                  them with the others, and a grant of `netlink` does not win over it. Name the families that are meant.",
    bad: "name = \"web\"\n\n[network]\ndefault = \"allow\"\ndeny = [\"*/raw\"]\n",
    good: "name = \"web\"\n\n[network]\ndefault = \"allow\"\ndeny = [\"inet/raw\", \"inet6/raw\", \"packet\"]\n",
};

pub fn run(subject: &Subject<'_>, found: &mut Findings) {
    for entry in &subject.draft.network.deny {
        if entry.value.family.is_none() && entry.value.kind == Some(SocketType::Raw) {
            found.add(
                Finding::new(
                    &CODE,
                    entry.place,
                    "this denies netlink too, by which programs list interfaces",
                )
                .help("name the families: `inet/raw`, `inet6/raw`, `packet`"),
            );
        }
    }
}
