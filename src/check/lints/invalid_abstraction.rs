//! An abstraction whose name would include something else.

use crate::diag::{Code, Finding, Findings, Severity};
use crate::policy::Text;

pub static CODE: Code = Code {
    name: "invalid-abstraction",
    severity: Severity::Error,
    summary: "not the name of an abstraction",
    explanation: "An abstraction is a file below AppArmor's `abstractions` folder, by its name alone, such as `nameservice` or \
                  `ubuntu-browsers.d/java`. It is rendered as `include <abstractions/NAME>`.",
    bad: "name = \"web\"\nabstractions = [\"<abstractions/nameservice>\"]\n",
    good: "name = \"web\"\nabstractions = [\"nameservice\"]\n",
};

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
            finding.help(format!("write its name alone: `{bare}`")).fix(text.place, format!("\"{bare}\""))
        } else {
            finding
                .help("write the name of a file in AppArmor's `abstractions` folder, such as `nameservice`")
        });
    }
    good
}
