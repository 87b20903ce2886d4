//! What a profile opens as a whole, in ways that a default means.

use super::{Frame, Open, WORK};
use crate::check::resolved::PathKey;
use crate::import::key;
use crate::import::slot::Slot;
use crate::kernel::glob::{Automaton, Budget};
use crate::kernel::{Access, Glob};
use std::sync::LazyLock;

/// What the profile's rules about every file let be done with it, in ways that a default means.
pub(in crate::import) fn opened(slots: &[Slot], frame: Frame) -> Open {
    let budget = Budget::new(WORK);
    // The baseline lets `/` itself be read.
    let mut root = if frame.has_baseline { Access::READ } else { Access::NONE };
    let (mut below, mut denied) = (Access::NONE, Access::NONE);
    for slot in slots {
        if slot.matter.is_every_file() {
            (root, below) = (Access::ALL, Access::ALL);
        }
        let Some((glob, access, qualifiers)) = slot.matter.files().filter(|(glob, ..)| is_wide(glob)) else {
            continue;
        };
        let everywhere = if is_everywhere(glob, &budget) { access } else { Access::NONE };
        if !qualifiers.allows() {
            denied = denied | everywhere;
            continue;
        }
        below = below | everywhere;
        root = if glob.matches(b"/") { root | access } else { root };
    }
    // Locking, linking and mapping of `/` itself let nothing be done.
    let all = below & (root | key::HARMLESS) & !denied;
    if frame.exact && all != Access::ALL {
        return Open::default();
    }
    let files = match (all.contains(Access::READ), all.contains(Access::WRITE)) {
        (true, true) => PathKey::ReadWrite.grant(),
        (true, false) => PathKey::ReadOnly.grant(),
        (false, _) => Access::NONE,
    };
    let exec =
        if (below & !denied).contains(Access::EXEC) { Access::EXEC | Access::MAP } else { Access::NONE };
    Open { files, exec, denied }
}

/// Whether it may match every path there is.
pub(super) fn is_wide(glob: &Glob) -> bool {
    ["/*", "/{"].iter().any(|begin| glob.text().starts_with(begin)) || glob.text() == "/"
}

/// Whether it matches every path but perhaps `/` itself.
pub(super) fn is_everywhere(glob: &Glob, budget: &Budget) -> bool {
    static BELOW: LazyLock<Option<Glob>> = LazyLock::new(|| Glob::parse("/**").ok());
    let below = BELOW.as_ref().map(Automaton::new);
    below.is_some_and(|below| Automaton::new(glob).covers_paths(&below, budget) == Some(true))
}
