//! An expectation that the policy does not keep.

use crate::ask::expect::Tested;
use crate::ask::{Ruleset, Verdict, words};
use crate::diag::{Code, Finding, code};

pub static CODE: Code = code!("unmet-expectation", Error);

pub fn found(tested: &Tested<'_>, ruleset: &Ruleset) -> Finding {
    let (wanted, is) = match tested.decision.verdict {
        Verdict::Allowed => ("denied", "allowed"),
        Verdict::Denied | Verdict::Unknown => ("allowed", "denied"),
    };
    let reason = words::reason(&tested.decision, ruleset);
    let message = format!("`{}` is to be {wanted} and is {is}: {reason}", tested.expectation.text);
    let finding = Finding::new(&CODE, tested.expectation.place, message).label(format!("{is}, in truth"));
    super::deciding(finding, tested, ruleset)
}
