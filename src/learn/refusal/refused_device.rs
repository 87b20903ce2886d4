//! Disks, memory, and the sockets by which container runtimes are told what to do.

use super::Refusal;
use crate::diag::{Code, code};
use crate::kernel::glob::PatternSet;
use crate::kernel::risk;
use std::sync::LazyLock;

pub(super) static CODE: Code = code!("refused-device", Error);

/// Devices that harm nobody, beside those of the baseline.
const HARMLESS: [&str; 4] = [
    "/dev/{shm,pts,mqueue,hugepages,fd}{,/**}",
    "/dev/{null,zero,full,random,urandom,tty,console,ptmx,stdin,stdout,stderr,termination-log,log}",
    "/dev/",
    "/dev/char/",
];

/// Sockets of those who run containers, wherever they are mounted.
const SOCKETS: [&str; 1] =
    ["/**/{docker,containerd,crio,podman,buildkitd,nri,dockershim,cri-dockerd,kubelet,k3s}{,-*}.sock"];

static ALL_HARMLESS: LazyLock<PatternSet> = LazyLock::new(|| PatternSet::new(HARMLESS));
static ALL_SOCKETS: LazyLock<PatternSet> = LazyLock::new(|| PatternSet::new(SOCKETS));

pub(super) fn of(path: &[u8]) -> Option<Refusal> {
    let refuse = |why: String| Some(Refusal::new(&CODE, why));
    if let Some(can) = risk::path(path) {
        return refuse(format!("with it the container can {can}"));
    }
    if ALL_SOCKETS.matches(path) {
        return refuse(
            "it is the socket of what runs containers on the node, and whoever speaks to it owns the node"
                .to_owned(),
        );
    }
    if path.starts_with(b"/dev/") && !ALL_HARMLESS.matches(path) {
        return refuse(
            "devices other than those of every container reach the node's hardware or kernel".to_owned(),
        );
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Glob;

    #[test]
    fn patterns_are_globs() {
        assert!(HARMLESS.iter().chain(&SOCKETS).all(|pattern| Glob::parse(pattern).is_ok()));
    }
}
