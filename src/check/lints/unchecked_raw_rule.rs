//! A raw rule, which nothing here understands.

use crate::check::Context;
use crate::check::raw_rule;
use crate::diag::{Code, Finding, Findings, code};
use crate::policy::Text;

pub static CODE: Code = code!("unchecked-raw-rule", Note);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let told = |text: &&Text| raw_rule::risk(text).is_none();
    for text in context.resolved.raw_rules.iter().filter(told) {
        found.add(
            Finding::new(&CODE, text.place, format!("the meaning of `{}` is not checked", text.value))
                .label("not checked")
                .gathered("the meaning of these raw rules is not checked")
                .help("let the parser judge it with `aapol render --verify`"),
        );
    }
}
