//! A name that Kubernetes refuses.

use crate::diag::{Code, Finding, Findings, code};
use crate::policy::{Text, WorkloadKind};

pub static CODE: Code = code!("invalid-kubernetes-name", Error);

/// How long an object's name may be: what is made from it must still fit a label.
pub fn longest(kind: WorkloadKind) -> usize {
    match kind {
        WorkloadKind::Pod | WorkloadKind::Deployment | WorkloadKind::DaemonSet => 253,
        WorkloadKind::Job => 63,
        WorkloadKind::StatefulSet | WorkloadKind::CronJob => 52,
    }
}

/// A name of the object itself.
pub fn object(text: &Text, kind: WorkloadKind, found: &mut Findings) {
    // A StatefulSet's name is a host name, too.
    let dots = kind != WorkloadKind::StatefulSet;
    judge(text, "the object's name", dots, longest(kind), found);
}

/// A name without dots.
pub fn label(text: &Text, what: &str, found: &mut Findings) {
    judge(text, what, false, 63, found);
}

/// A name that may hold dots.
pub fn subdomain(text: &Text, what: &str, found: &mut Findings) {
    judge(text, what, true, 253, found);
}

fn judge(text: &Text, what: &str, dots: bool, longest: usize, found: &mut Findings) {
    let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let part = |part: &str| {
        part.starts_with(edge) && part.ends_with(edge) && part.chars().all(|c| edge(c) || c == '-')
    };
    let shown: String = text.chars().take(60).collect();
    let good = if dots { text.split('.').all(part) } else { part(text) };
    if !good {
        let finding = Finding::new(&CODE, text.place, format!("`{shown}` cannot be {what}"));
        let allowed = if dots {
            "letters in lower case, digits, `-` and `.`"
        } else {
            "letters in lower case, digits and `-`"
        };
        let fixed: String = text
            .to_ascii_lowercase()
            .chars()
            .map(|c| if edge(c) || (dots && c == '.') { c } else { '-' })
            .collect();
        let fixed = fixed.trim_matches(['-', '.']);
        let usable = if dots { fixed.split('.').all(part) } else { part(fixed) };
        found.add(if usable && fixed.len() <= longest {
            finding.help(format!("use {allowed}: `{fixed}`")).fix(text.place, fixed)
        } else {
            finding.help(format!("use {allowed}, with a letter or digit at both ends"))
        });
    } else if text.len() > longest {
        found.add(
            Finding::new(&CODE, text.place, format!("`{shown}` is too long for {what}"))
                .help(format!("use at most {longest} characters")),
        );
    }
}
