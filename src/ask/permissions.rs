//! AppArmor's law about one thing: what is granted and not denied is permitted, to others and to the owner.

use crate::rules::Rule;
use std::ops::{BitAnd, BitOr, Not};

/// A set of things that may be done.
pub(super) trait Bits:
    Copy + Default + BitOr<Output = Self> + BitAnd<Output = Self> + Not<Output = Self>
{
}

impl<T: Copy + Default + BitOr<Output = T> + BitAnd<Output = T> + Not<Output = T>> Bits for T {}

/// What rules say together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Permissions<T> {
    grants: T,
    owner_grants: T,
    denies: T,
    owner_denies: T,
}

impl<T: Bits> Permissions<T> {
    /// Adds what a rule says about these.
    pub(super) fn add(&mut self, rule: &Rule, bits: T) {
        let set = match (rule.allows(), rule.qualifiers.owner) {
            (true, false) => &mut self.grants,
            (true, true) => &mut self.owner_grants,
            (false, false) => &mut self.denies,
            (false, true) => &mut self.owner_denies,
        };
        *set = *set | bits;
    }

    pub(super) fn join(self, other: Permissions<T>) -> Permissions<T> {
        Permissions {
            grants: self.grants | other.grants,
            owner_grants: self.owner_grants | other.owner_grants,
            denies: self.denies | other.denies,
            owner_denies: self.owner_denies | other.owner_denies,
        }
    }

    /// What is denied of what belongs to the process's own user, or to another.
    pub(super) fn denied(self, own: bool) -> T {
        if own { self.denies | self.owner_denies } else { self.denies }
    }

    /// What is permitted with it.
    pub(super) fn permitted(self, own: bool) -> T {
        let granted = if own { self.grants | self.owner_grants } else { self.grants };
        granted & !self.denied(own)
    }
}
