//! What a raw rule lets a container do beyond its profile, by what the rule decides and not by how it is written.

use crate::kernel::glob::{Automaton, Budget};
use crate::kernel::request::Contact;
use crate::kernel::risk::{DEVICES, SOCKETS};
use crate::kernel::{Access, Glob, Operation, Socket};
use crate::rules::{CapabilityRule, Coverage, FileRule, Kind, Line, NetworkRule, Rule, Variables};

/// What it can do, as it reads behind `it can`; None where the rule opens no more than it names, or cannot be read.
pub(super) fn risk(text: &str) -> Option<&'static str> {
    let line = Line::read(text, &Variables::default());
    line.rules.iter().filter(|rule| rule.allows()).find_map(of_rule)
}

/// Whether it lets the runtime stop the container, whose processes have no profile of their own there.
pub(super) fn lets_be_stopped(text: &str) -> bool {
    let line = Line::read(text, &Variables::default());
    let is_meant = |rule: &Rule| {
        let Kind::Process(process) = &rule.kind else { return rule.kind == Kind::Everything };
        process.coverage(Contact::SignalReceive, Some("kill"), "unconfined") == Coverage::Whole
    };
    line.rules.iter().any(|rule| rule.allows() && is_meant(rule))
}

/// Whether it denies something without logging it, which holds in complain mode, too.
pub(super) fn is_quiet_denial(text: &str) -> bool {
    let line = Line::read(text, &Variables::default());
    let unread = line.unread.is_some() && text.trim_start().starts_with("deny ");
    unread || line.rules.iter().any(|rule| rule.qualifiers.is_quiet_denial())
}

fn of_rule(rule: &Rule) -> Option<&'static str> {
    match &rule.kind {
        Kind::Everything => Some("do everything that no denial names"),
        Kind::File(FileRule::Paths { transition: Some(way), .. }) if way.leaves() => Some(
            "start programs that another profile confines, or none, unless the pod forbids new privileges",
        ),
        Kind::File(FileRule::All) => Some("read, write and start every file"),
        Kind::File(FileRule::Paths { paths, access, .. }) => of_paths(paths, *access),
        Kind::Capability(CapabilityRule::All) => Some("use every capability that it is given"),
        Kind::Capability(CapabilityRule::One(capability)) => capability.risk(),
        Kind::Network(NetworkRule::Sockets { socket, conditions }) if conditions.is_empty() => {
            of_sockets(*socket)
        }
        Kind::Operation(rule) => rule.operations().iter().find_map(|operation| operation.risk()),
        Kind::Process(rule) if rule.peer.is_none() && rule.contacts.contains(Contact::PtraceTrace) => {
            Operation::Ptrace.risk()
        }
        Kind::ChangeProfile(_) => Some("put itself under another profile, or under none"),
        Kind::Process(_)
        | Kind::Network(_)
        | Kind::Unix(_)
        | Kind::Link(_)
        | Kind::Limit(_)
        | Kind::Child(_)
        | Kind::Raw(_) => None,
    }
}

fn of_sockets(socket: Socket) -> Option<&'static str> {
    match (socket.family, socket.kind) {
        (None, None) => Some("open every kind of socket, for forging packets too"),
        (None, Some(kind)) if kind.name() == "raw" => {
            Some("forge packets, and listen in on those of its network")
        }
        (None, Some(_)) => None,
        (Some(family), _) if family.name() == "packet" => {
            Some("forge packets, and listen in on those of its network")
        }
        (Some(_), _) => None,
    }
}

fn of_paths(paths: &Glob, access: Access) -> Option<&'static str> {
    let budget = Budget::new(100_000);
    let own = Automaton::new(paths);
    let covers = |wide: &Automaton, narrow: &Automaton| wide.covers(narrow, &budget) == Some(true);
    if let Ok(everything) = Glob::parse("/**")
        && covers(&own, &Automaton::new(&everything))
    {
        return match access {
            _ if access.contains(Access::WRITE) => Some("write every file"),
            _ if access.contains(Access::EXEC) => Some("start every program"),
            _ if access.contains(Access::READ) => Some("read every file, the kernel's own included"),
            _ => None,
        };
    }
    let named = SOCKETS
        .iter()
        .chain(&DEVICES)
        .find(|risk| Glob::parse(risk.pattern).is_ok_and(|glob| covers(&Automaton::new(&glob), &own)));
    named.map(|risk| risk.can)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leaves_or_opens_is_known_by_what_it_decides() {
        for rule in [
            "/** ux,",
            "/usr/bin/x Px,",
            "/bin/* px -> other,",
            "audit ux /srv/run,",
            "owner \"/**\" w,",
            "/{,**} ix,",
            "allow file,",
            "capability,",
            "capability sys_admin,",
            "mount,",
            "mount options=(rw) /a -> /b,",
            "pivot_root,",
            "ptrace,",
            "ptrace trace,",
            "change_profile,",
            "change_profile -> unconfined,",
            "network,",
            "network packet,",
            "network raw,",
            "all,",
            "/run/docker.sock rw,",
            "/dev/sda r,",
            "userns,",
        ] {
            assert!(risk(rule).is_some(), "{rule}");
        }
        for rule in [
            "/srv/** rw,",
            "/usr/bin/x ix,",
            "deny /** ux,",
            "audit deny capability,",
            "capability chown,",
            "network inet stream,",
            "signal (receive) peer=unconfined,",
            "ptrace read peer=web,",
            "dbus send bus=system,",
            "link /a -> /b,",
        ] {
            assert_eq!(risk(rule), None, "{rule}");
        }
    }
}
