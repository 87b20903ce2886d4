//! A path that does not start at the root.

use crate::diag::{Code, Finding, Severity};
use crate::policy::Text;

pub static CODE: Code = Code {
    name: "relative-path",
    severity: Severity::Error,
    summary: "a path that is not absolute",
    explanation: "AppArmor compares whole paths from the root, so each path starts with `/`. There is no current folder and \
                  no home folder in a policy.",
    bad: "name = \"web\"\n\n[filesystem]\nread-only = [\"etc/nginx/\"]\n",
    good: "name = \"web\"\n\n[filesystem]\nread-only = [\"/etc/nginx/\"]\n",
};

pub fn found(text: &Text) -> Finding {
    let shown: String = text.chars().take(120).collect();
    let finding = Finding::new(&CODE, text.place, format!("`{shown}` is not an absolute path"));
    if text.starts_with('~') || text.starts_with("$HOME") {
        return finding.help("write the home folder out, such as `/home/app/`");
    }
    if text.is_empty() || text.starts_with("./") {
        return finding.help("start it with `/`");
    }
    finding.help(format!("start it with `/`: `/{shown}`"))
}
