//! What is permitted at the end of a walk: from the words that the parser writes to the kernel's own bits
//! (security/apparmor/policy_compat.c, include/perms.h, include/file.h).

pub(crate) const EXEC: u32 = 0x1;
pub(crate) const WRITE: u32 = 0x2;
pub(crate) const READ: u32 = 0x4;
pub(crate) const APPEND: u32 = 0x8;
pub(crate) const LOCK: u32 = 0x8000;
pub(crate) const MAP: u32 = 0x1_0000;
pub(crate) const LINK: u32 = 0x4_0000;
/// Laid over `LOCK`: a word of a pair says by it that the new name may permit no more than the old one.
const SUBSET: u32 = LOCK;

/// What sockets are asked for (include/net.h): send, receive, create, shutdown, connect, setattr, getattr,
/// accept, bind, listen, setopt, getopt.
pub(super) const SOCKET: u32 = 0x0370_0376;

const X_UNSAFE: u32 = 0x1000_0000;
const X_CHILD: u32 = 0x2000_0000;
const X_INHERIT: u32 = 0x4000_0000;
const X_UNCONFINED: u32 = 0x8000_0000;
const X_NAME: u32 = 0x0400_0000;
const X_TABLE: u32 = 0x0800_0000;
const X_INDEX: u32 = 0x00ff_ffff;

/// Under which profile a program starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Transition {
    pub(crate) to: To,
    /// This profile, where the other is not there: the `i` of `pix`.
    pub(crate) or_inherit: bool,
    /// None, where the other is not there: the `u` of `pux`.
    pub(crate) or_unconfined: bool,
    /// The environment is kept: the small letter of `px`.
    pub(crate) is_unsafe: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum To {
    /// `ix`
    Same,
    /// `ux`
    Unconfined,
    /// `px`
    Profile,
    /// `cx`
    Child,
    /// `px -> name`: the place of the name in the profile's table.
    Named(usize),
}

/// What may be done with a file, in the kernel's bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FilePerms {
    allow: u32,
    /// Denials that are not logged.
    quiet: u32,
    transition: u32,
}

impl FilePerms {
    /// All of these.
    pub(crate) fn allows(self, bits: u32) -> bool {
        self.allow & bits == bits
    }

    pub(crate) fn quiets(self, bits: u32) -> bool {
        self.quiet & bits == bits
    }

    /// In the letters of the profile language, `a` where it is not part of `w`.
    pub(crate) fn letters(self) -> String {
        const LETTERS: [(u32, char); 7] =
            [(READ, 'r'), (WRITE, 'w'), (APPEND, 'a'), (LINK, 'l'), (LOCK, 'k'), (MAP, 'm'), (EXEC, 'x')];
        let has = |(bit, letter): &(u32, char)| self.allows(*bit) && !(*letter == 'a' && self.allows(WRITE));
        LETTERS.iter().filter(|row| has(row)).map(|(_, letter)| letter).collect()
    }

    /// None where it may not be started, or there is nothing to start it under.
    pub(crate) fn transition(self) -> Option<Transition> {
        let has = |bit: u32| self.transition & bit != 0;
        let to = match self.transition & (X_NAME | X_TABLE) {
            X_TABLE => To::Named((self.transition & X_INDEX) as usize),
            X_NAME if has(X_CHILD) => To::Child,
            X_NAME => To::Profile,
            _ if has(X_INHERIT) => To::Same,
            _ if has(X_UNCONFINED) => To::Unconfined,
            _ => return None,
        };
        let transition = Transition {
            to,
            or_inherit: has(X_INHERIT) && to != To::Same,
            or_unconfined: has(X_UNCONFINED) && to != To::Unconfined,
            is_unsafe: has(X_UNSAFE),
        };
        self.allows(EXEC).then_some(transition)
    }

    pub(super) fn wants_subset(self) -> bool {
        self.allows(SUBSET)
    }

    /// Whether the other permits all of this but the link, and starts it the same way (`profile_path_link`).
    pub(super) fn is_subset_of(self, other: FilePerms) -> bool {
        let starts_alike = (self.transition ^ other.transition) & !X_UNSAFE == 0
            && (self.transition & !other.transition & X_UNSAFE) == 0;
        self.allow & !LINK & !other.allow == 0 && (!self.allows(EXEC) || starts_alike)
    }

    /// The words of a state of the file machine, with owner's bits below and others' above.
    pub(super) fn of_words((accept, accept2): (u32, u32), owner: bool) -> FilePerms {
        let shift = if owner { 0 } else { 14 };
        FilePerms {
            // Above both are the bits of change_profile, which the kernel has one lower.
            allow: file(accept >> shift & 0x7f) | (accept & 0xc000_0000) >> 1,
            quiet: file(accept2 >> shift >> 7 & 0x7f),
            transition: transition(accept >> shift & 0x3fff),
        }
    }

    /// A row of a permission table.
    pub(super) fn of_row(row: Row) -> FilePerms {
        FilePerms { allow: row.allow & !row.deny, quiet: row.quiet, transition: row.transition }
    }
}

/// `map_old_perms`: what comes with reading (getattr, open) and writing (create, delete, setattr, …) is left
/// out, since it always comes with it.
fn file(old: u32) -> u32 {
    let moved = [(0x10, LINK), (0x20, LOCK), (0x40, MAP)];
    moved.iter().filter(|(bit, _)| old & bit != 0).fold(old & 0xf, |new, (_, bit)| new | bit)
}

/// `dfa_map_xindex`
fn transition(old: u32) -> u32 {
    let flags = [(0x100, X_UNSAFE), (0x200, X_INHERIT), (0x80, X_UNCONFINED)];
    let index = match old >> 10 & 0xf {
        0 => 0,
        1 => X_UNCONFINED,
        2 => X_NAME,
        3 => X_NAME | X_CHILD,
        index => X_TABLE | (index - 4),
    };
    flags.iter().filter(|(bit, _)| old & bit != 0).fold(index, |new, (_, bit)| new | bit)
}

/// `compute_perms_entry`: the words of a state of the policy machine, of kernel ABI 8 and before or after.
pub(super) fn policy((accept, _): (u32, u32), version: u32) -> u32 {
    let other = accept >> 14 & 0x7f;
    let other = (other & 0x3) << 8 | (other & 0x1c) << 18 | (other & 0x60) << 19;
    let xbits = accept >> 7 & 0x7f;
    let more = if version > 8 { (xbits & 0x1) << 7 | (xbits & 0x7e) << 9 } else { LOCK };
    accept & 0x7f | other | more
}

/// A row of a permission table, as far as it is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Row {
    pub(super) allow: u32,
    pub(super) deny: u32,
    pub(super) quiet: u32,
    pub(super) transition: u32,
}
