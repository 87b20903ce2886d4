//! A container without an image.

use crate::check::Subject;
use crate::check::draft::Container;
use crate::diag::{Code, Finding, Findings, Severity};

pub static CODE: Code = Code {
    name: "placeholder-image",
    severity: Severity::Note,
    summary: "a container whose image is a placeholder",
    explanation: "Without an image the manifest is written with a placeholder that no registry serves, so that it shows its form \
                  and cannot be applied by mistake.",
    bad: "name = \"web\"\n",
    good: "name = \"web\"\n\n[pod.containers.web]\nimage = \"nginx:1.27\"\n",
};

/// An image that cannot exist: the domain is reserved for that.
pub fn image(container: &Container) -> String {
    format!("change-me.invalid/{}:0", container.name)
}

pub fn run(subject: &Subject<'_>, found: &mut Findings) {
    if subject.draft.is_abstract {
        return;
    }
    for container in &subject.draft.pod.containers {
        if container.image.is_none() {
            found.add(
                Finding::new(
                    &CODE,
                    container.place,
                    format!(
                        "container `{}` has no image; the manifest holds `{}`",
                        container.name,
                        image(container)
                    ),
                )
                .help(format!("add `image` to `[pod.containers.{}]`", container.name)),
            );
        }
    }
}
