//! A bundle that does not exist.

use crate::baseline::bundles;
use crate::diag::suggest::nearest;
use crate::diag::{Code, Finding, Severity};
use crate::policy::Text;

pub static CODE: Code = Code {
    name: "unknown-bundle",
    severity: Severity::Error,
    summary: "a bundle that does not exist",
    explanation: "A bundle is a named set of grants for a kind of program: `dns`, `jvm`, `python`, `tls`. What each one \
                  renders stands in the profile under its name. None lets a program be started.",
    bad: "name = \"web\"\nbundles = [\"ssl\"]\n",
    good: "name = \"web\"\nbundles = [\"tls\"]\n",
};

pub fn found(text: &Text) -> Finding {
    let shown: String = text.chars().take(60).collect();
    let names: Vec<&str> = bundles::ALL.iter().map(|bundle| bundle.name).collect();
    let finding = Finding::new(&CODE, text.place, format!("there is no bundle `{shown}`"));
    match nearest(text, names.iter().copied()) {
        Some(near) => finding.help(format!("did you mean `{near}`?")).fix(text.place, format!("\"{near}\"")),
        None => finding.help(format!("the bundles are `{}`", names.join("`, `"))),
    }
}
