//! An abstraction whose name would include something else.

use crate::diag::{Code, Finding, Findings, code};
use crate::policy::Text;

pub static CODE: Code = code!("invalid-abstraction", Error);

/// Whether it is the name of a file below the folder.
pub fn check(text: &Text, found: &mut Findings) -> bool {
    let fits = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphanumeric())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || "._-+".contains(c))
    };
    let good = text.len() <= 200 && text.split('/').all(fits);
    if !good {
        let bare = text.trim_matches(['<', '>']);
        let bare = bare.strip_prefix("abstractions/").unwrap_or(bare);
        let shown: String = text.chars().take(60).collect();
        let finding = Finding::new(&CODE, text.place, format!("`{shown}` is not the name of an abstraction"));
        found.add(if bare != text.as_str() && bare.split('/').all(fits) {
            finding.help(format!("write its name alone: `{bare}`")).fix(text.place, bare)
        } else {
            finding
                .help("write the name of a file in AppArmor's `abstractions` folder, such as `nameservice`")
        });
    }
    good
}
