//! A resource limit that means nothing, or not what it says.

use crate::diag::{Code, Finding, Findings, code};
use crate::kernel::Limit;
use crate::policy::Text;

pub static CODE: Code = code!("invalid-limit", Error);

/// Whether the value can be set.
pub fn check(limit: Limit, text: &Text, found: &mut Findings) -> bool {
    let Err(refused) = limit.judge(text) else {
        return true;
    };
    let shown: String = text.chars().take(60).collect();
    let message = format!("`{}` cannot be `{shown}`: {}", limit.name(), refused.wrong);
    let finding = Finding::new(&CODE, text.place, message).help(refused.help);
    found.add(match refused.instead {
        Some(instead) => finding.fix(text.place, instead),
        None => finding,
    });
    false
}
