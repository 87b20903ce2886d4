//! A container without an image.

use crate::check::Context;
use crate::check::resolved::ResolvedContainer;
use crate::diag::{Code, Finding, Findings, code};

pub static CODE: Code = code!("placeholder-image", Note);

/// An image that cannot exist: the domain is reserved for that.
pub fn image(container: &ResolvedContainer) -> String {
    format!("change-me.invalid/{}:0", container.name)
}

pub fn run(context: &Context<'_>, found: &mut Findings) {
    if context.resolved.is_abstract {
        return;
    }
    for container in &context.resolved.pod.containers {
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
