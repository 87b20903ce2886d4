//! What the policy's write grants mean for the manifest: which roots and which mounts can be read-only.

use super::path_index::{PathIndex, Pattern};
use super::resolved::{
    ContainerProfile, PathEntry, Resolved, ResolvedContainer, ResolvedMount, VolumeSource,
};
use crate::diag::Place;
use crate::kernel::{Access, Glob, glob, path};
use crate::policy::FileDefault;

/// What every runtime mounts itself; writing there needs no writable root.
const RUNTIME: [&str; 3] = ["/dev", "/proc", "/sys"];

/// What follows for one container.
#[derive(Clone, Debug, Default)]
pub struct WritablePaths {
    /// Places of what may be written outside of its mounts.
    pub outside: Vec<Place>,
    /// For each of its mounts, whether nothing may be written there.
    pub read_only: Vec<bool>,
    /// Places of mounts where nothing is granted at all.
    pub unused: Vec<Place>,
}

/// For each container of the pod, in its order.
pub fn reaches(resolved: &Resolved, cover: &PathIndex<'_>) -> Vec<WritablePaths> {
    resolved
        .pod
        .containers
        .iter()
        .map(|container| match container.profile {
            ContainerProfile::This => reach(resolved, cover, container),
            ContainerProfile::RuntimeDefault
            | ContainerProfile::Unconfined
            | ContainerProfile::Localhost(_) => {
                WritablePaths { read_only: vec![false; container.mounts.len()], ..WritablePaths::default() }
            }
        })
        .collect()
}

fn reach(resolved: &Resolved, cover: &PathIndex<'_>, container: &ResolvedContainer) -> WritablePaths {
    let mounts: Vec<Mounted> = container.mounts.iter().map(|mount| Mounted::new(&mount.path)).collect();
    let runtime: Vec<Mounted> = RUNTIME.iter().map(|path| Mounted::new(path)).collect();
    let writers: Vec<(usize, &PathEntry)> = cover
        .atoms()
        .filter(|(_, atom)| atom.grant.intersects(Access::WRITE))
        .filter_map(|(index, atom)| Some((index, atom.entry()?)))
        .collect();
    let union = union(container);
    let inside = |index: usize| {
        let one = mounts.iter().chain(&runtime).any(|m| m.holds(cover, index));
        one || union.as_ref().is_some_and(|union| cover.pattern_covers(union, index))
    };
    let writes_all = resolved.files.value == FileDefault::Allow;
    let mut outside: Vec<Place> =
        writers.iter().filter(|(index, _)| !inside(*index)).map(|(_, entry)| entry.place).collect();
    if writes_all {
        outside.insert(0, resolved.files.place.unwrap_or(resolved.name.place));
    }
    let read_only = mounts
        .iter()
        .map(|mount| {
            let reached = writes_all || writers.iter().any(|(i, _)| mount.meets(cover, *i));
            (!reached || mount.is_denied(cover)) && !cover.is_exhausted()
        })
        .collect();
    let grants: Vec<usize> =
        cover.atoms().filter(|(_, atom)| !atom.grant.is_empty()).map(|(i, _)| i).collect();
    let is_open = !resolved.default_access().is_empty() || resolved.has_foreign_rules();
    // A path of the node may hold sockets, and connecting to one needs no grant.
    let is_opened = |mount: &ResolvedMount| {
        let volume = resolved.pod.volumes.get(&mount.volume);
        volume.is_some_and(|volume| !matches!(volume, VolumeSource::HostPath(_)))
    };
    let unused = mounts.iter().zip(&container.mounts).filter(|(mounted, mount)| {
        !is_open && is_opened(mount) && !grants.iter().any(|index| mounted.meets(cover, *index))
    });
    let unused: Vec<Place> = unused.map(|(_, mount)| mount.place).collect();
    WritablePaths { outside, read_only, unused: if cover.is_exhausted() { Vec::new() } else { unused } }
}

/// A mount point as patterns, in each of its spellings.
struct Mounted {
    point: Vec<Pattern>,
    beneath: Vec<Pattern>,
}

impl Mounted {
    fn new(point: &str) -> Mounted {
        let spellings = path::spellings(point.trim_end_matches('/'));
        let read = |suffix: &str| {
            let patterns =
                spellings.iter().filter_map(|s| Glob::parse(&format!("{}{suffix}", glob::escape(s))).ok());
            patterns.map(Pattern::new).collect()
        };
        Mounted { point: read(""), beneath: read("/{,**}") }
    }

    fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        self.beneath.iter().chain(&self.point)
    }

    fn holds(&self, cover: &PathIndex<'_>, atom: usize) -> bool {
        self.patterns().any(|p| cover.pattern_covers(p, atom))
    }

    fn meets(&self, cover: &PathIndex<'_>, atom: usize) -> bool {
        self.patterns().any(|p| cover.atom_meets(atom, p))
    }

    fn is_denied(&self, cover: &PathIndex<'_>) -> bool {
        cover.atoms().any(|(index, atom)| {
            atom.deny.contains(Access::WRITE) && self.beneath.iter().all(|p| cover.atom_covers(index, p))
        })
    }
}

/// All mount points as one pattern, for entries that name several in braces.
fn union(container: &ResolvedContainer) -> Option<Pattern> {
    let points: Vec<String> = container
        .mounts
        .iter()
        .map(|mount| mount.path.trim_end_matches('/'))
        .chain(RUNTIME)
        .flat_map(path::spellings)
        .map(|point| glob::escape(&point))
        .collect();
    let text = format!("{{{}}}{{,/{{,**}}}}", points.join(","));
    Some(Pattern::new(Glob::parse(&text).ok()?))
}
