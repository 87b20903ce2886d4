//! A raw rule, which nothing here understands.

use crate::check::Subject;
use crate::check::raw_rule;
use crate::diag::{Code, Finding, Findings, Severity};
use crate::policy::Text;

pub static CODE: Code = Code {
    name: "unchecked-raw-rule",
    severity: Severity::Note,
    summary: "a raw rule, whose meaning is not checked",
    explanation: "A raw rule goes into the profile as it is. Whether the parser takes it, `aapol render --verify` tells; what \
                  it grants or denies, the findings here do not take into account.",
    bad: "name = \"web\"\nraw-rules = [\"dbus send bus=system,\"]\n",
    good: "name = \"web\"\n\n[operations]\nallow = [\"dbus\"]\n",
};

pub fn run(subject: &Subject<'_>, found: &mut Findings) {
    let told = |text: &&Text| raw_rule::risk(text).is_none();
    for text in subject.draft.raw_rules.iter().filter(told) {
        found.add(
            Finding::new(&CODE, text.place, format!("the meaning of `{}` is not checked", text.value))
                .label("not checked")
                .gathered("the meaning of these raw rules is not checked")
                .help("let the parser judge it with `aapol render --verify`"),
        );
    }
}
