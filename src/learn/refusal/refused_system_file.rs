//! Files whose content decides what runs, who may log in, or what the kernel does.

use super::Refusal;
use crate::diag::{Code, code};
use crate::kernel::Access;
use crate::kernel::glob::PatternSet;
use std::sync::LazyLock;

pub(super) static CODE: Code = code!("refused-system-file", Error);

const SYSTEM: [&str; 14] = [
    "/etc/**",
    "/{,usr/}{bin,sbin,lib,lib32,lib64,libx32}{,/**}",
    "/usr/**",
    "/boot/**",
    "/proc/sys/**",
    "/proc/{sysrq-trigger,kcore,acpi,bus,irq,scsi,fs}{,/**}",
    "/proc/[0-9]*/{attr,uid_map,gid_map,setgroups,mem}{,/**}",
    "/proc/[0-9]*/task/[0-9]*/{attr,mem}{,/**}",
    "/sys/**",
    "/var/spool/cron/**",
    "/**/.ssh/**",
    "/**/.{bashrc,bash_profile,profile,zshrc,cshrc,config/autostart/**}",
    "/**/{release_agent,core_pattern,ld.so.preload}",
    "/dev/{kmsg,cpu/**}",
];

static ALL: LazyLock<PatternSet> = LazyLock::new(|| PatternSet::new(SYSTEM));

pub(super) fn of(path: &[u8], needs: Access) -> Option<Refusal> {
    let is_written = needs.intersects(Access::WRITE | Access::LINK);
    let why = "what is written there decides what runs, who may log in, or what the kernel does";
    (is_written && ALL.matches(path)).then(|| Refusal::new(&CODE, why))
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
