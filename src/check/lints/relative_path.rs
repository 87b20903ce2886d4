//! A path that does not start at the root.

use super::unclean_path;
use crate::check::resolved::PathKey;
use crate::diag::{Code, Finding, code};
use crate::policy::Text;

pub static CODE: Code = code!("relative-path", Error);

pub fn found(text: &Text, key: PathKey) -> Finding {
    let shown: String = text.chars().take(120).collect();
    let finding = Finding::new(&CODE, text.place, format!("`{shown}` is not an absolute path"));
    if text.starts_with('~') || text.starts_with("$HOME") {
        return finding.help("write the home folder out, such as `/home/app/`");
    }
    if is_of_windows(text) {
        return finding.help("paths here are those inside of a Linux container, such as `/srv/app/`");
    }
    let trimmed = text.trim();
    if trimmed.starts_with('/') {
        return finding.help("leave out the spaces in front of it").fix(text.place, trimmed);
    }
    let program = trimmed.split(' ').next().unwrap_or("");
    if key.section() == "exec" && !program.is_empty() && !program.contains('/') {
        return finding.help(format!("write the whole path, such as `/usr/bin/{program}`"));
    }
    let absolute = format!("/{trimmed}");
    if trimmed.is_empty() || unclean_path::part(&absolute).is_some() {
        return finding.help("start it with `/`");
    }
    finding.help(format!("start it with `/`: `/{shown}`")).fix(text.place, absolute)
}

/// `C:\x`, `C:/x` or `\\server\x`.
fn is_of_windows(text: &str) -> bool {
    let mut characters = text.trim().chars();
    let begin = (characters.next(), characters.next(), characters.next());
    let is_drive =
        matches!(begin, (Some(drive), Some(':'), Some('\\' | '/') | None) if drive.is_ascii_alphabetic());
    is_drive || matches!(begin, (Some('\\'), ..))
}
