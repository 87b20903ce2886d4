//! Files that hold what others must not know.

use super::Refusal;
use crate::diag::{Code, code};
use crate::kernel::Access;
use crate::kernel::glob::PatternSet;
use crate::learn::names;
use std::sync::LazyLock;

pub(super) static CODE: Code = code!("refused-secret", Error);

const SECRETS: [&str; 14] = [
    "/{,**/}etc/{shadow,gshadow,sudoers,security/opasswd}{,-,.*,.d/**}",
    "/{,**/}etc/ssh/ssh_host_*_key",
    "/{,**/}etc/{kubernetes,rancher}/**",
    "/{,**/}var/lib/{kubelet,rancher,etcd}/**",
    "/**/.ssh/**",
    "/**/.{aws,azure,gnupg,kube,docker}/**",
    "/**/.{netrc,pgpass,my.cnf,git-credentials,vault-token,npmrc,pypirc}",
    "/{,var/}run/secrets/{kubernetes.io,eks.amazonaws.com,azure,tokens}/**",
    "/{,var/}run/{spire,workload-spiffe-credentials}/**",
    "/proc/[0-9]*/{environ,mem,auxv,stack,syscall,pagemap}",
    "/proc/[0-9]*/task/[0-9]*/{environ,mem,auxv,stack,syscall,pagemap}",
    // The files of other processes, past the paths by which rules speak of them.
    "/proc/[0-9]*/{,task/[0-9]*/}{root,cwd}/**",
    "/proc/{kcore,kallsyms,kmsg,iomem,ioports}",
    "/dev/kmsg",
];

static ALL: LazyLock<PatternSet> = LazyLock::new(|| PatternSet::new(SECRETS));

pub(super) fn of(path: &[u8], needs: Access) -> Option<Refusal> {
    let is_read = needs.intersects(Access::READ) && !names::is_own_token(path);
    if !is_read || !ALL.matches(path) {
        return None;
    }
    let why = "it holds secrets, of the node, of other users or of other processes";
    // The number of a process is not kept.
    let is_of_process =
        path.strip_prefix(b"/proc/").is_some_and(|rest| rest.first().is_some_and(u8::is_ascii_digit));
    let of_all =
        if is_of_process { "; accepted, it is granted of every process of the container" } else { "" };
    Some(Refusal::new(&CODE, format!("{why}{of_all}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Glob;

    #[test]
    fn patterns_are_globs() {
        assert!(SECRETS.iter().all(|pattern| Glob::parse(pattern).is_ok()));
    }
}
