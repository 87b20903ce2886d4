//! Rules that stand for an operation by one word: mounts, user namespaces, message queues, D-Bus.

use super::conditions::Conditions;
use super::coverage::Coverage;
use super::text::scan::Token::{self, Close, Open, Word};
use super::text::variables::Variables;
use crate::kernel::Operation;
use std::fmt;

/// The word that begins such a rule. Ordered as profiles are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OperationWord {
    Mount,
    Remount,
    Umount,
    PivotRoot,
    Userns,
    Mqueue,
    IoUring,
    Dbus,
}

impl OperationWord {
    const ALL: [OperationWord; 8] = [
        OperationWord::Mount,
        OperationWord::Remount,
        OperationWord::Umount,
        OperationWord::PivotRoot,
        OperationWord::Userns,
        OperationWord::Mqueue,
        OperationWord::IoUring,
        OperationWord::Dbus,
    ];

    fn name(self) -> &'static str {
        match self {
            OperationWord::Mount => "mount",
            OperationWord::Remount => "remount",
            OperationWord::Umount => "umount",
            OperationWord::PivotRoot => "pivot_root",
            OperationWord::Userns => "userns",
            OperationWord::Mqueue => "mqueue",
            OperationWord::IoUring => "io_uring",
            OperationWord::Dbus => "dbus",
        }
    }

    /// What it decides about. A rule for mounting is one for remounting too, where its conditions do not exclude it.
    fn operations(self) -> &'static [Operation] {
        match self {
            OperationWord::Mount => &[Operation::Mount, Operation::Remount],
            OperationWord::Remount => &[Operation::Remount],
            OperationWord::Umount => &[Operation::Umount],
            OperationWord::PivotRoot => &[Operation::PivotRoot],
            OperationWord::Userns => &[Operation::Userns],
            OperationWord::Mqueue => &[Operation::Mqueue],
            OperationWord::IoUring => &[Operation::IoUring],
            OperationWord::Dbus => &[Operation::Dbus],
        }
    }
}

/// The whole of an operation, or with conditions some of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OperationRule {
    word: OperationWord,
    conditions: Conditions,
}

/// Whatever is unmounted has a path.
const EVERY_PATH: &[&str] = &["/{,**}"];

impl OperationRule {
    pub fn whole(word: OperationWord) -> OperationRule {
        OperationRule { word, conditions: Conditions::default() }
    }

    /// Kernel 6.1 holds `remount,` to mean remounts without flags: this adds the read-only one, and no more.
    pub fn remount_read_only() -> OperationRule {
        OperationRule { word: OperationWord::Remount, conditions: Conditions::of_list("options", &["ro"]) }
    }

    /// The form of it that a denial takes: `umount` with a path, because of `allows_every_mount`.
    pub fn to_deny(self) -> OperationRule {
        if self.word == OperationWord::Umount && self.conditions.is_empty() {
            OperationRule { conditions: Conditions::of_words(EVERY_PATH), ..self }
        } else {
            self
        }
    }

    /// A rule behind its first word.
    pub(super) fn read(
        word: &str,
        rest: &[Token<'_>],
        variables: &Variables,
    ) -> Result<OperationRule, String> {
        let named = OperationWord::ALL.into_iter().find(|one| one.name() == word);
        let Some(word) = named.or((word == "unmount").then_some(OperationWord::Umount)) else {
            return Err(format!("begins with `{word}`, which is no rule that is known here"));
        };
        let conditions = match (word, rest) {
            // Making them is all that can be done.
            (OperationWord::Userns, [] | [Word("create")] | [Open, Word("create"), Close]) => {
                Conditions::default()
            }
            (OperationWord::Userns, _) => return Err("has conditions on user namespaces".to_owned()),
            (
                OperationWord::Mount
                | OperationWord::Remount
                | OperationWord::Umount
                | OperationWord::PivotRoot,
                _,
            ) => Conditions::read_rest(rest, variables)?,
            (OperationWord::Mqueue | OperationWord::IoUring | OperationWord::Dbus, _) => {
                Conditions::read(rest, variables)?
            }
        };
        Ok(OperationRule { word, conditions })
    }

    pub fn is_whole(&self) -> bool {
        self.conditions.is_empty()
            || self.word == OperationWord::Umount && self.conditions.are_words(EVERY_PATH)
    }

    /// The operations that it decides about, or about some cases of.
    pub fn operations(&self) -> &'static [Operation] {
        self.word.operations()
    }

    pub fn coverage(&self, asked: Operation) -> Coverage {
        let is_meant = self.operations().iter().any(|one| *one == asked || asked.part_of() == Some(*one));
        if self.is_whole() { Coverage::whole_if(is_meant) } else { Coverage::conditional_if(is_meant) }
    }

    /// Whether it permits all that another one does: `mount,` holds every form of `remount`, as `remount,` itself does
    /// not on kernel 6.1.
    pub fn holds(&self, other: &OperationRule) -> bool {
        self == other
            || *self == OperationRule::whole(OperationWord::Mount)
                && matches!(other.word, OperationWord::Mount | OperationWord::Remount)
    }
}

impl fmt::Display for OperationRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word.name())?;
        if self.conditions.are_words(EVERY_PATH) {
            return f.write_str(" /{,**},");
        }
        write!(f, "{},", self.conditions)
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
