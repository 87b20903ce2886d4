//! What the head of a profile says: whose it is, and what holds for all that no rule names.

use crate::check::Checked;
use crate::kernel::Operation;
use crate::policy::{Baseline, FileDefault, Mode, Posture};
use crate::rules::MARK;

/// What the linter `apparmor-lint` asks of the profiles of a host and not of a container's, which is to mean the same on
/// every node: so it needs no variables and no files of the node's own, bears the pod's name, and runs as whatever user
/// the pod has.
const NOT_OURS: [&str; 7] = [
    "bare-proc-wildcard",
    "missing-local-include",
    "missing-owner-qualifier",
    "missing-tunables-global",
    "prefer-attach-disconnected-path",
    "profile-name-mismatch",
    "suggest-variable",
];

/// The head's lines.
pub(super) fn header(checked: &Checked) -> Vec<String> {
    let mut lines = vec![format!("{}: {MARK}. Edit its policy, not this file.", checked.name.value)];
    lines.extend(checked.description.iter().flat_map(|text| text.lines()).map(|line| format!("  {line}")));
    let open = open(checked);
    let rest = match open.as_slice() {
        [] => "What no rule below allows",
        _ => {
            lines.push(format!("Allowed, but for what is denied below: {}.", open.join(", ")));
            "Whatever else no rule below allows"
        }
    };
    lines.push(match checked.mode.value {
        Mode::Enforce => format!("{rest} is refused and logged."),
        Mode::Complain => format!("Complain mode: {} is logged, and passes.", lower_first(rest)),
        Mode::Kill => format!(
            "Kill mode: {} is refused; on files, capabilities and mounts it ends the process.",
            lower_first(rest)
        ),
    });
    if checked.baseline.value == Baseline::None && checked.files.value == FileDefault::Allow {
        lines.push(
            "Without the baseline nothing denies the kernel's own files below /proc and /sys.".to_owned(),
        );
    }
    let unmediated: Vec<&str> = Operation::ALL
        .into_iter()
        .filter(|operation| !checked.abi.value.mediates(*operation) && operation.open_without_rules())
        .map(Operation::name)
        .collect();
    if !unmediated.is_empty() {
        let abi = checked.abi.value.name();
        lines.push(format!(
            "Under abi {abi} AppArmor does not decide about {}: these stay allowed.",
            unmediated.join(", ")
        ));
    }
    lines.push(format!("apparmor-lint: ignore={}", NOT_OURS.join(",")));
    lines
}

/// What the policy's postures open.
fn open(checked: &Checked) -> Vec<&'static str> {
    let files = match checked.files.value {
        FileDefault::Deny => None,
        FileDefault::Read => Some("reading files"),
        FileDefault::Allow => Some("reading and writing files"),
    };
    let postures = [
        (checked.exec.value, "starting programs"),
        (checked.capabilities.default.value, "capabilities"),
        (checked.network.default.value, "sockets"),
        (checked.operations.default.value, "operations"),
    ];
    let others = postures.into_iter().filter(|(posture, _)| *posture == Posture::Allow);
    files.into_iter().chain(others.map(|(_, what)| what)).collect()
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_lowercase().chain(characters).collect()).unwrap_or_default()
}
