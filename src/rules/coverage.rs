//! How far a rule is about an access.

/// Whether a rule is about an access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    Whole,
    None,
    /// About some such accesses only, by conditions that are not weighed.
    Conditional,
}

impl Coverage {
    pub(super) fn whole_if(is_meant: bool) -> Coverage {
        if is_meant { Coverage::Whole } else { Coverage::None }
    }

    pub(super) fn conditional_if(is_meant: bool) -> Coverage {
        if is_meant { Coverage::Conditional } else { Coverage::None }
    }
}
