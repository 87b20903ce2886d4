//! The folders above denied paths. Renaming one would carry the denied file to a path where nothing denies it.

use super::path_index::PathIndex;
use super::resolved::Resolved;
use crate::diag::Place;
use crate::kernel::Access;
use std::collections::BTreeMap;

/// A folder that must not be renamed or removed.
#[derive(Clone, Debug)]
pub struct RenameGuard {
    /// With its trailing slash.
    pub folder: String,
    /// The denials it stands for.
    pub of: Vec<Place>,
}

/// Every folder that a denial of writing spells out above the denied path, and that a write grant reaches.
pub fn shields(resolved: &Resolved, cover: &PathIndex<'_>) -> Vec<RenameGuard> {
    let everywhere = resolved.default_access().contains(Access::WRITE);
    let mut found: BTreeMap<String, Vec<Place>> = BTreeMap::new();
    for (index, atom) in cover.atoms() {
        let Some(entry) = atom.entry().filter(|e| e.deny.contains(Access::WRITE)) else {
            continue;
        };
        let above: Vec<_> = cover.above(index).into_iter().filter_map(|i| cover.atom(i)).collect();
        for folder in folders(atom.pattern.prefixes()) {
            let has = |access: fn(&super::path_index::IndexedPath<'_>) -> Access| {
                let writes = above.iter().filter(|a| access(a).contains(Access::WRITE));
                writes.clone().any(|a| cover.matches(a, folder))
            };
            // Not knowing, the folder is protected.
            let is_reached = everywhere || cover.is_exhausted() || has(|a| a.grant);
            let is_denied = cover.matches(atom, folder) || has(|a| a.deny);
            if let (true, false, Ok(folder)) = (is_reached, is_denied, std::str::from_utf8(folder)) {
                found.entry(folder.to_owned()).or_default().push(entry.place);
            }
        }
    }
    found.into_iter().map(|(folder, of)| RenameGuard { folder, of }).collect()
}

/// The folders that the literal starts of a pattern name, without the root, which nothing renames.
fn folders(prefixes: &[Vec<u8>]) -> impl Iterator<Item = &[u8]> {
    prefixes.iter().flat_map(|prefix| {
        let slashes = prefix.iter().enumerate().filter(|(i, b)| *i > 0 && **b == b'/');
        slashes.filter_map(|(i, _)| prefix.get(..=i))
    })
}
