//! A finding that cannot be silenced.

use crate::diag::suggest::nearest;
use crate::diag::{Code, Finding, code};
use crate::policy::Text;

pub static CODE: Code = code!("invalid-silence", Error);

pub fn unknown(text: &Text, names: &[&str]) -> Finding {
    let shown: String = text.chars().take(60).collect();
    let finding = Finding::new(&CODE, text.place, format!("there is no finding `{}`", shown.escape_debug()));
    match nearest(text, names.iter().copied()) {
        Some(near) => finding.did_you_mean(text.place, near),
        None => finding.help("`aapol codes` lists them"),
    }
}

pub fn is_error(text: &Text) -> Finding {
    Finding::new(&CODE, text.place, format!("`{}` is an error, and errors cannot be silenced", text.value))
        .help("fix what it reports")
}
