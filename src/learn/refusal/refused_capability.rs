//! Capabilities that are tried more often than needed, or that give the node away.

use super::Refusal;
use crate::diag::{Code, code};
use crate::kernel::Capability;

pub(super) static CODE: Code = code!("refused-capability", Error);

/// Those that programs need to prepare their files and to become another user.
const LEARNED: [&str; 6] = ["chown", "fowner", "kill", "net_bind_service", "setgid", "setuid"];

pub(super) fn of(capability: Capability) -> Option<Refusal> {
    let why = || match capability.risk().or_else(|| harm(capability.name())) {
        Some(can) => format!("with it the container can {can}"),
        None => "programs often try it and go on without it".to_owned(),
    };
    (!LEARNED.contains(&capability.name())).then(|| Refusal::new(&CODE, why()))
}

/// What stays inside of the container, or its network, and is more than most programs need.
fn harm(name: &str) -> Option<&'static str> {
    Some(match name {
        "dac_override" => {
            "read and write its files whatever their modes; programs often try it and go on without it"
        }
        "net_admin" => {
            "change its network's addresses, routes and filters; programs often try it and go on without it"
        }
        "net_raw" => "forge packets, and listen in on those of its network",
        "mknod" => "make device files",
        "setfcap" => "give capabilities to programs",
        "sys_chroot" => "put files under other paths than the rules speak of",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_that_are_learned_are_capabilities() {
        assert!(
            LEARNED.iter().all(|name| Capability::from_name(name).is_some_and(|one| one.risk().is_none()))
        );
    }
}
