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
    PivotRoot,
    Userns,
    Mqueue,
    IoUring,
    Dbus,
}

impl fmt::Display for OperationRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            OperationRule::Mount => "mount,",
            OperationRule::Remount => "remount,",
            OperationRule::RemountReadOnly => "remount options=(ro),",
            OperationRule::Umount => "umount,",
            OperationRule::PivotRoot => "pivot_root,",
            OperationRule::Userns => "userns,",
            OperationRule::Mqueue => "mqueue,",
            OperationRule::IoUring => "io_uring,",
            OperationRule::Dbus => "dbus,",
        })
    }
}
