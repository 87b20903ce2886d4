//! Rules that stand for an operation by one word: mounts, user namespaces, message queues, D-Bus.

use super::conditions::Conditions;
use super::coverage::Coverage;
use super::text::scan::Token::{self, Close, Open, Word as Plain};
use super::text::variables::Variables;
use crate::kernel::Operation;
use std::fmt;

/// The word that begins such a rule. Ordered as profiles are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Word {
    Mount,
    Remount,
    Umount,
    PivotRoot,
    Userns,
    Mqueue,
    IoUring,
    Dbus,
}

impl Word {
    const ALL: [Word; 8] = [
        Word::Mount,
        Word::Remount,
        Word::Umount,
        Word::PivotRoot,
        Word::Userns,
        Word::Mqueue,
        Word::IoUring,
        Word::Dbus,
    ];

    fn name(self) -> &'static str {
        match self {
            Word::Mount => "mount",
            Word::Remount => "remount",
            Word::Umount => "umount",
            Word::PivotRoot => "pivot_root",
            Word::Userns => "userns",
            Word::Mqueue => "mqueue",
            Word::IoUring => "io_uring",
            Word::Dbus => "dbus",
        }
    }

    /// What it decides about. A rule for mounting is one for remounting too, where its conditions do not exclude it.
    fn operations(self) -> &'static [Operation] {
        match self {
            Word::Mount => &[Operation::Mount, Operation::Remount],
            Word::Remount => &[Operation::Remount],
            Word::Umount => &[Operation::Umount],
            Word::PivotRoot => &[Operation::PivotRoot],
            Word::Userns => &[Operation::Userns],
            Word::Mqueue => &[Operation::Mqueue],
            Word::IoUring => &[Operation::IoUring],
            Word::Dbus => &[Operation::Dbus],
        }
    }
}

/// The whole of an operation, or with conditions some of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OperationRule {
    word: Word,
    conditions: Conditions,
}

/// Whatever is unmounted has a path.
const EVERY_PATH: &[&str] = &["/{,**}"];

impl OperationRule {
    pub fn whole(word: Word) -> OperationRule {
        OperationRule { word, conditions: Conditions::default() }
    }

    /// Kernel 6.1 holds `remount,` to mean remounts without flags: this adds the read-only one, and no more.
    pub fn remount_read_only() -> OperationRule {
        OperationRule { word: Word::Remount, conditions: Conditions::of_list("options", &["ro"]) }
    }

    /// The form of it that a denial takes: `umount` with a path, because of `allows_every_mount`.
    pub fn to_deny(self) -> OperationRule {
        if self.word == Word::Umount && self.conditions.is_empty() {
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
        let named = Word::ALL.into_iter().find(|one| one.name() == word);
        let Some(word) = named.or((word == "unmount").then_some(Word::Umount)) else {
            return Err(format!("begins with `{word}`, which is no rule that is known here"));
        };
        let conditions = match (word, rest) {
            // Making them is all that can be done.
            (Word::Userns, [] | [Plain("create")] | [Open, Plain("create"), Close]) => Conditions::default(),
            (Word::Userns, _) => return Err("has conditions on user namespaces".to_owned()),
            (Word::Mount | Word::Remount | Word::Umount | Word::PivotRoot, _) => {
                Conditions::read_rest(rest, variables)?
            }
            (Word::Mqueue | Word::IoUring | Word::Dbus, _) => Conditions::read(rest, variables)?,
        };
        Ok(OperationRule { word, conditions })
    }

    pub fn is_whole(&self) -> bool {
        self.conditions.is_empty() || self.word == Word::Umount && self.conditions.are_words(EVERY_PATH)
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
            || *self == OperationRule::whole(Word::Mount) && matches!(other.word, Word::Mount | Word::Remount)
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
