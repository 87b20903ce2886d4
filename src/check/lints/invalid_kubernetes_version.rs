//! A version of Kubernetes that is none.

use crate::check::resolved::Version;
use crate::diag::{Code, Finding, Findings, code};
use crate::policy::Text;

pub static CODE: Code = code!("invalid-kubernetes-version", Error);

/// The oldest with AppArmor.
const FIRST: u16 = 4;

pub fn read(text: &Text, found: &mut Findings) -> Option<Version> {
    let number = |part: &str| {
        let digits = part.bytes().all(|b| b.is_ascii_digit()) && !part.starts_with('0') && part.len() < 4;
        part.parse::<u16>().ok().filter(|_| digits)
    };
    let version = text
        .split_once('.')
        .and_then(|(major, minor)| Some(Version { major: number(major)?, minor: number(minor)? }));
    let finding = match version {
        Some(version) if version.major == 1 && version.minor >= FIRST => return Some(version),
        Some(version) if version.major == 1 => {
            Finding::new(&CODE, text.place, format!("Kubernetes {} has no AppArmor", text.value))
                .help("it came with 1.4")
        }
        _ => {
            let shown: String = text.chars().take(40).collect();
            let digits: Vec<&str> = text.trim_start_matches('v').split('.').take(2).collect();
            let near = digits.join(".");
            let finding =
                Finding::new(&CODE, text.place, format!("`{shown}` is not a version of Kubernetes"));
            if near.starts_with("1.") && near.split('.').all(|part| number(part).is_some()) {
                finding.help(format!("write `{near}`")).fix(text.place, near)
            } else {
                finding.help("write it as `1.30`")
            }
        }
    };
    found.add(finding);
    None
}
