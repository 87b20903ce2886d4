//! What may be done with a file, as a set.

use std::fmt;
use std::ops::{BitAnd, BitOr, Not};

/// A set of file accesses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Access(u8);

impl Access {
    pub const NONE: Access = Access(0);
    pub const READ: Access = Access(1);
    pub const WRITE: Access = Access(2);
    pub const LINK: Access = Access(4);
    pub const LOCK: Access = Access(8);
    pub const MAP: Access = Access(16);
    pub const EXEC: Access = Access(32);
    /// Opening what is there already, to append: less than to write, which permits it too.
    pub const APPEND: Access = Access(64);
    /// All but the last, which no policy grants by itself.
    pub const ALL: Access = Access(63);

    pub const fn with(self, other: Access) -> Access {
        Access(self.0 | other.0)
    }

    pub const fn without(self, other: Access) -> Access {
        Access(self.0 & !other.0)
    }

    pub const fn bits(self) -> u8 {
        self.0
    }

    pub const fn of_bits(bits: u8) -> Access {
        Access(bits)
    }

    /// How many accesses it holds.
    pub fn count(self) -> u32 {
        self.0.count_ones()
    }

    pub fn contains(self, other: Access) -> bool {
        self.0 & other.0 == other.0
    }

    pub fn intersects(self, other: Access) -> bool {
        self.0 & other.0 != 0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl BitOr for Access {
    type Output = Access;

    fn bitor(self, other: Access) -> Access {
        self.with(other)
    }
}

impl BitAnd for Access {
    type Output = Access;

    fn bitand(self, other: Access) -> Access {
        Access(self.0 & other.0)
    }
}

impl Not for Access {
    type Output = Access;

    fn not(self) -> Access {
        Access(!self.0)
    }
}

/// The letters of the profile language, in the order in which people write them: `rwlkmx`, but `mrx` for code.
impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DATA_FIRST: [(Access, &str); 7] = [
            (Access::READ, "r"),
            (Access::WRITE, "w"),
            (Access::APPEND, "a"),
            (Access::LINK, "l"),
            (Access::LOCK, "k"),
            (Access::MAP, "m"),
            (Access::EXEC, "x"),
        ];
        let code_first = self.contains(Access::MAP) && !self.contains(Access::WRITE);
        if code_first {
            f.write_str("m")?;
        }
        for (access, letter) in DATA_FIRST {
            if self.contains(access) && !(code_first && access == Access::MAP) {
                f.write_str(letter)?;
            }
        }
        Ok(())
    }
}
