//! An expectation about which nothing certain can be said.

use crate::ask::expect::Tested;
use crate::ask::{Because, Ruleset, words};
use crate::diag::{Code, Finding, code};

pub static CODE: Code = code!("undecided-expectation", Warning);

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
