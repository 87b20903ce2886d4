//! What a raw rule lets a container do beyond its profile, by what the rule decides and not by how it is written.

use crate::kernel::automaton::{Automaton, Budget};
use crate::kernel::request::Contact;
use crate::kernel::risk::{DEVICES, SOCKETS};
use crate::kernel::{Access, Glob, Operation};
use crate::rules::ground::About;
use crate::rules::reader::{self, Variables};
use crate::rules::{Ground, What};

/// What it can do, as it reads behind `it can`; None where the rule opens no more than it names, or cannot be read.
pub(super) fn risk(text: &str) -> Option<&'static str> {
    let line = reader::rule(text, &Variables::default());
    line.grounds.iter().filter(|ground| ground.grants).find_map(of_ground)
}

/// Whether it denies something without logging it, which holds in complain mode, too.
pub(super) fn is_quiet_denial(text: &str) -> bool {
    let line = reader::rule(text, &Variables::default());
    let unread = line.unread.is_some() && text.trim_start().starts_with("deny ");
    unread || line.grounds.iter().any(|ground| ground.quiet)
}

fn of_ground(ground: &Ground) -> Option<&'static str> {
    match &ground.what {
        What::Everything => Some("do everything that no denial names"),
        What::Files { transition: Some(_), .. } => Some(
            "start programs that another profile confines, or none, unless the pod forbids new privileges",
        ),
        What::Files { paths: None, .. } => Some("read, write and start every file"),
        What::Files { paths: Some(paths), access, .. } => of_paths(paths, *access),
        What::Capability(None) => Some("use every capability that it is given"),
        What::Capability(Some(capability)) => capability.risk(),
        What::Network(socket) => match (socket.family, socket.kind) {
            (None, None) => Some("open every kind of socket, for forging packets too"),
            (None, Some(kind)) if kind.name() == "raw" => {
                Some("forge packets, and listen in on those of its network")
            }
            (None, Some(_)) => None,
            (Some(family), _) if family.name() == "packet" => {
                Some("forge packets, and listen in on those of its network")
            }
            (Some(_), _) => None,
        },
        What::Operation(operation) => operation.risk(),
        What::Conditional { about, .. } => about.iter().find_map(|about| match about {
            About::Operation(operation) => operation.risk(),
            About::Sockets(_) => None,
        }),
        What::Process { contacts, peer: None, .. } if contacts.contains(Contact::PtraceTrace) => {
            Operation::Ptrace.risk()
        }
        What::Other(rule) if rule.contains("change_profile") => {
            Some("put itself under another profile, or under none")
        }
        What::Process { .. } | What::Link { .. } | What::Limit { .. } | What::Other(_) => None,
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
