//! A bundle that does not exist.

use crate::baseline::bundles;
use crate::diag::suggest::nearest;
use crate::diag::{Code, Finding, code};
use crate::policy::Text;

pub static CODE: Code = code!("unknown-bundle", Error);

pub fn found(text: &Text) -> Finding {
    let shown: String = text.chars().take(60).collect();
    let names: Vec<&str> = bundles::ALL.iter().map(|bundle| bundle.name).collect();
    let finding = Finding::new(&CODE, text.place, format!("there is no bundle `{shown}`"));
    match nearest(text, names.iter().copied()) {
        Some(near) => finding.did_you_mean(text.place, near),
        None => finding.help(format!("the bundles are `{}`", names.join("`, `"))),
    }
}
