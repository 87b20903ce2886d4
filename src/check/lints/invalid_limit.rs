//! A resource limit that means nothing, or not what it says.

use crate::diag::{Code, Finding, Findings, Severity};
use crate::kernel::Limit;
use crate::policy::Text;

pub static CODE: Code = Code {
    name: "invalid-limit",
    severity: Severity::Error,
    summary: "a resource limit that cannot be set",
    explanation: "A limit is a whole number, `infinity`, or a number with a unit: `K`, `M`, `G` for sizes, `s`, `min`, `h` for \
                  `cpu`, `us`, `ms`, `s` for `rttime`. AppArmor's parser takes a number that overflows and sets another \
                  one; Kubernetes' `Mi` and `Gi` are not known to it.",
    bad: "name = \"web\"\n\n[limits]\nfsize = \"100Mi\"\n",
    good: "name = \"web\"\n\n[limits]\nfsize = \"100M\"\n",
};

/// Whether the value can be set.
pub fn check(limit: Limit, text: &Text, found: &mut Findings) -> bool {
    let Err(refused) = limit.judge(text) else {
        return true;
    };
    let shown: String = text.chars().take(60).collect();
    let message = format!("`{}` cannot be `{shown}`: {}", limit.name(), refused.wrong);
    let finding = Finding::new(&CODE, text.place, message).help(refused.help);
    found.add(match refused.instead {
        Some(instead) => finding.fix(text.place, format!("\"{instead}\"")),
        None => finding,
    });
    false
}
