//! Files whose content decides what runs, who may log in, or what the kernel does.

use super::{Context, Refusal};
use crate::diag::{Code, code};
use crate::kernel::Access;
use crate::kernel::glob::PatternSet;
use std::sync::LazyLock;

pub(super) static CODE: Code = code!("refused-system-file", Error);

const SYSTEM: [&str; 22] = [
    "/etc/**",
    "/{,usr/}{bin,sbin,lib,lib32,lib64,libx32}{,/**}",
    "/usr/**",
    "/boot/**",
    "/proc/sys/**",
    "/proc/{sysrq-trigger,kcore,acpi,bus,irq,scsi,fs}{,/**}",
    "/proc/[0-9]*/{attr,uid_map,gid_map,setgroups,mem}{,/**}",
    "/proc/[0-9]*/task/[0-9]*/{attr,mem}{,/**}",
    "/sys/**",
    "/var/spool/{at,cron}/**",
    "/var/lib/{kubelet,rancher,etcd,containerd,docker,dpkg,rpm}/**",
    "/**/.ssh/**",
    "/**/.{bashrc,bash_profile,bash_login,bash_logout,profile,zshrc,zshenv,cshrc,inputrc,vimrc,gitconfig,npmrc}",
    "/**/.config/{autostart,systemd,git,fish}/**",
    "/**/.git/{config,hooks/**}",
    "/**/{release_agent,core_pattern,ld.so.preload}",
    // Files at the top of a home are read when somebody logs in or starts a tool.
    "/{root,home/*}/.*",
    // What an interpreter or a linker takes for a program.
    "/**.{sh,bash,envsh,py,pyc,pl,rb,php,phtml,js,mjs,lua,so,so.[0-9]*,node,jar,class,war,exe}",
    "/{,**/}{,docker-}entrypoint{,.*,.d/**}",
    // Programs and modules that were installed.
    "/**/{bin,sbin,.bin}/**",
    "/**/{site-packages,dist-packages,node_modules}/**",
    "/dev/{kmsg,cpu/**}",
];

static ALL: LazyLock<PatternSet> = LazyLock::new(|| PatternSet::new(SYSTEM));

pub(super) fn of(path: &[u8], needs: Access, context: &Context<'_>) -> Option<Refusal> {
    if !needs.intersects(Access::WRITE | Access::LINK) {
        return None;
    }
    if ALL.matches(path) {
        let why = "what is written there decides what runs, who may log in, or what the kernel does";
        return Some(Refusal::new(&CODE, why));
    }
    let why = "the policy lets it be started or mapped as code, so what is written there is what runs";
    (context.runs)(path).then(|| Refusal::new(&CODE, why))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Glob;

    #[test]
    fn patterns_are_globs() {
        assert!(SYSTEM.iter().all(|pattern| Glob::parse(pattern).is_ok()));
    }
}
