//! Rules that stand for an operation by one word.

use std::fmt;

/// A rule without conditions, or the one form of `remount` that grants no more than its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OperationRule {
    Mount,
    Remount,
    /// Kernel 6.1 holds `remount,` to mean remounts without flags: this adds the read-only one.
    RemountReadOnly,
    Umount,
    /// The same, since whatever is unmounted has a path; denials are written so, because of `allows_every_mount`.
    UmountOfPaths,
    PivotRoot,
    Userns,
    Mqueue,
    IoUring,
    Dbus,
}

impl OperationRule {
    /// The form of it that a denial takes.
    pub fn to_deny(self) -> OperationRule {
        if self == OperationRule::Umount { OperationRule::UmountOfPaths } else { self }
    }
}

impl fmt::Display for OperationRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            OperationRule::Mount => "mount,",
            OperationRule::Remount => "remount,",
            OperationRule::RemountReadOnly => "remount options=(ro),",
            OperationRule::Umount => "umount,",
            OperationRule::UmountOfPaths => "umount /{,**},",
            OperationRule::PivotRoot => "pivot_root,",
            OperationRule::Userns => "userns,",
            OperationRule::Mqueue => "mqueue,",
            OperationRule::IoUring => "io_uring,",
            OperationRule::Dbus => "dbus,",
        })
    }
}

/// Whether a rule is `audit deny umount` without a path: where nothing else is said about mounts, parser 3.0.8 compiles it
/// to a policy that does not decide about mounts at all, and the kernel lets every one pass. Later parsers deny it.
pub fn allows_every_mount<'a>(words: impl IntoIterator<Item = &'a str>) -> bool {
    let mut words = words.into_iter();
    let begins = ["audit", "deny"].into_iter().all(|word| words.next() == Some(word));
    begins
        && matches!(words.next(), Some("umount" | "unmount"))
        && !words.any(|word| word.starts_with(['/', '@', '"']))
}
