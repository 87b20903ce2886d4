//! An expectation about which nothing certain can be said.

use crate::ask::expect::Tested;
use crate::ask::{Because, Ruleset, words};
use crate::diag::{Code, Finding, Severity};

pub static CODE: Code = Code {
    name: "undecided-expectation",
    severity: Severity::Warning,
    summary: "an expectation about which nothing certain can be said",
    explanation: "What decides is an abstraction whose file is not on this machine, a raw rule that could not be read, or \
                  a rule that holds only for some files. `aapol test` does not guess: it leaves the expectation out, and \
                  with `--strict` it fails.",
    bad: "name = \"web\"\nabstractions = [\"nameservice\"]\n\n[expect]\ndeny = [\"read /etc/shadow\"]\n",
    good: "name = \"web\"\n\n[expect]\ndeny = [\"read /etc/shadow\"]\n",
};

pub fn found(tested: &Tested<'_>, ruleset: &Ruleset) -> Finding {
    let reason = words::reason(&tested.decision, ruleset);
    let message = format!("`{}` cannot be decided about: {reason}", tested.expectation.text);
    let finding = Finding::new(&CODE, tested.expectation.place, message);
    let finding = match tested.decision.because {
        Because::Unread => finding.help("`--include DIR` names the folder of the node's AppArmor files"),
        Because::Granted
        | Because::Refused
        | Because::Ungranted(_)
        | Because::Exceeds(_)
        | Because::Owner
        | Because::Conditional
        | Because::NotDecided
        | Because::WithoutAbi => finding,
    };
    super::deciding(finding, tested, ruleset)
}
