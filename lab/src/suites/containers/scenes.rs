//! The scenes: each shows that one kind of container starts, works, is refused the rest, and ends.

mod entrypoints;
mod examples;
mod grants;
mod pods;

use super::scene::Scene;
use crate::Result;

pub(super) fn all() -> Result<Vec<Scene>> {
    let kinds = [entrypoints::all()?, grants::all()?, pods::all()?, examples::all()?];
    Ok(kinds.into_iter().flatten().collect())
}
