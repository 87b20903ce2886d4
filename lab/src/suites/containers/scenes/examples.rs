//! Examples of the project, whose expectations are tried in a container of their own manifest.

use crate::policy::{Rendered, project};
use crate::suites::containers::scene::{Ready, Scene};
use crate::{Fail, Result};

/// Where the image's program is not at hand, something else that waits stands in for it: the profile and the
/// manifest are the same.
pub(super) fn all() -> Result<Vec<Scene>> {
    let names = ["starter", "go-static", "offline-worker", "cron-report", "two-containers"];
    let mut scenes = Vec::new();
    for name in names {
        scenes.push(example(name)?.program(&["/usr/bin/sleep", "1000"]).ready(Ready::Started));
    }
    // This one's program is a shell, which is there.
    scenes.push(
        example("deny-write")?
            .program(&["/bin/sh", "-c", "echo 'Hello AppArmor!' && sleep 1h"])
            .ready(Ready::Says("Hello")),
    );
    Ok(scenes)
}

fn example(name: &'static str) -> Result<Scene> {
    let path = project().join("examples").join(name).join("policy.toml");
    let rendered = Rendered::on_disk(&path).ok_or_else(|| Fail::new(&format!("{name} has errors")))?;
    let (mut allow, deny) = (rendered.allow.clone(), rendered.deny.clone());
    // All trials share one file system: what is denied needs its file, and only then may it go and come anew.
    allow.sort_by_key(|access| (access.starts_with("create "), access.starts_with("delete ")));
    // The expectations' suite shows that what is denied would be done without the profile.
    Ok(Scene::with(name, rendered)?.barred(&deny).allowed(&allow).without_control())
}
