//! An image that is another one tomorrow.

use super::invalid_image::Image;
use crate::check::Context;
use crate::check::resolved::ContainerProfile;
use crate::diag::{Code, Finding, Findings, code};

pub static CODE: Code = code!("floating-image", Warning);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    for container in &context.resolved.pod.containers {
        let Some(image) = &container.image else {
            continue;
        };
        let parts = Image::parse(image);
        let floats = parts.digest.is_none() && parts.tag.is_none_or(|tag| tag == "latest");
        if floats && container.profile == ContainerProfile::This {
            found.add(
                Finding::new(&CODE, image.place, format!("`{}` is another image tomorrow", image.value))
                    .help(format!("name a version: `{}:1.2.3`", parts.name)),
            );
        }
    }
}
