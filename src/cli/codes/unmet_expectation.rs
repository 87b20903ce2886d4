//! An expectation that the policy does not keep.

use crate::ask::expect::Tested;
use crate::ask::{Ruleset, Verdict, words};
use crate::diag::{Code, Finding, Severity};

pub static CODE: Code = Code {
    name: "unmet-expectation",
    severity: Severity::Error,
    summary: "an expectation that the policy does not keep",
    explanation: "`aapol test` asks the policy's own profile about every line of `[expect]`. This one comes out otherwise: \
                  either the policy is not what was meant, or the expectation is not.",
    bad: "name = \"web\"\n\n[filesystem]\nread-only = [\"/etc/\"]\n\n[expect]\ndeny = [\"read /etc/shadow\"]\n",
    good: "name = \"web\"\n\n[filesystem]\nread-only = [\"/etc/\"]\ndeny = [\"/etc/shadow\"]\n\n[expect]\n\
           deny = [\"read /etc/shadow\"]\n",
};

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
