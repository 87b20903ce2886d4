//! A key for each other rule.

use super::{Frame, entry, raw};
use crate::import::slot::{Fate, Left};
use crate::kernel::Operation;
use crate::kernel::request::{Contact, Contacts};
use crate::policy::Mode;
use crate::rules::{
    CapabilityRule, FileRule, Kind, NetworkRule, OperationRule, ProcessRule, Qualifiers, Rule, Transition,
    UnixRule,
};

pub(super) fn other(rule: &Rule, frame: Frame) -> Fate {
    let Qualifiers { effect: _, audit, owner } = rule.qualifiers;
    let allows = rule.allows();
    if owner {
        return raw(
            "`owner` has no key; a program that is not root cannot use files of root by it, such as those of a new volume",
        );
    }
    if allows && audit {
        return raw("an access that is allowed and logged has no key");
    }
    if !allows && frame.mode == Mode::Complain && !audit {
        return raw("a denial that is not logged holds in complain mode too, as no key's does");
    }
    let list = if allows { "allow" } else { "deny" };
    let all = |section: &'static str| match allows {
        true => entry(section, "default", "allow"),
        false => raw("no key denies all of these"),
    };
    match &rule.kind {
        Kind::Limit(limit) => entry("limits", limit.limit.name(), limit.value.clone()),
        Kind::Capability(CapabilityRule::All) => all("capabilities"),
        Kind::Capability(CapabilityRule::One(one)) => entry("capabilities", list, one.name()),
        Kind::Network(NetworkRule::Sockets { socket, conditions }) if conditions.is_empty() => {
            match (socket.family, socket.kind) {
                (None, None) => all("network"),
                _ => entry("network", list, socket.to_string()),
            }
        }
        Kind::Network(NetworkRule::Sockets { .. }) => raw("addresses and conditions of sockets have no key"),
        Kind::Network(NetworkRule::Obsolete(_)) => {
            raw("no kernel of today has this family: the rule decides about nothing")
        }
        Kind::Unix(unix) => unix_sockets(unix, list, frame),
        Kind::Operation(operation) => operations(operation, list, frame),
        Kind::Process(process) => processes(process, allows),
        Kind::ChangeProfile(_) => raw("changing the profile has no key"),
        Kind::Link(_) => raw("links to files that are named have no key"),
        Kind::Everything => raw("`all` has no key"),
        Kind::File(FileRule::All) => raw("`file` with another word has no key"),
        Kind::File(FileRule::Paths { transition, .. }) => {
            match transition.as_ref().is_some_and(Transition::leaves) {
                true => raw(
                    "what it starts may leave this profile, which fails where the pod forbids new privileges (`allowPrivilegeEscalation: false`)",
                ),
                false => raw("what becomes of the environment of a program has no key"),
            }
        }
        Kind::Child(_) | Kind::Raw(_) => raw("it has no key"),
    }
}

fn unix_sockets(rule: &UnixRule, list: &'static str, frame: Frame) -> Fate {
    match rule.socket() {
        Some(socket) if !frame.exact => entry("network", list, socket.to_string()),
        Some(_) | None => raw("addresses and peers of Unix sockets have no key"),
    }
}

fn operations(rule: &OperationRule, list: &'static str, frame: Frame) -> Fate {
    if let Some(newer) = rule.operations().iter().find(|one| !frame.abi.mediates(**one)) {
        let why = format!(
            "under abi {} AppArmor does not decide about `{}`, so it stays allowed",
            frame.abi.name(),
            newer.name()
        );
        return Fate::Left(Left::Dropped(why));
    }
    match rule.operations() {
        // `remount` of a policy holds read-only remounts too, which the rule alone does not on kernel 6.1.
        [Operation::Remount] => raw("`remount` of a policy means more ways of it than this rule"),
        [operation, ..] if rule.is_whole() => entry("operations", list, operation.name()),
        _ => raw("its conditions have no key"),
    }
}

fn processes(rule: &ProcessRule, allows: bool) -> Fate {
    let is_any = rule.peer.is_none() && rule.signals.is_none();
    let sent = Contacts::of(&[Contact::SignalSend]);
    match allows && is_any {
        true if rule.contacts == Contacts::PTRACES => entry("operations", "allow", "ptrace"),
        true if rule.contacts == sent => entry("operations", "allow", "signal"),
        true | false if rule.is_signal() => raw("signals by their direction, name or peer have no key"),
        true | false => raw("tracing by its direction or peer has no key"),
    }
}
