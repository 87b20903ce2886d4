//! An image that is another one tomorrow.

use super::invalid_image::Image;
use crate::check::Subject;
use crate::check::draft::ContainerProfile;
use crate::diag::{Code, Finding, Findings, code};

pub static CODE: Code = code!("floating-image", Warning);

pub fn run(subject: &Subject<'_>, found: &mut Findings) {
    for container in &subject.draft.pod.containers {
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
