//! An image that is another one tomorrow.

use super::invalid_image::Image;
use crate::check::Subject;
use crate::check::draft::ContainerProfile;
use crate::diag::{Code, Finding, Findings, Severity};

pub static CODE: Code = Code {
    name: "floating-image",
    severity: Severity::Warning,
    summary: "an image without a tag, or with `latest`",
    explanation: "A policy fits the files of one image. What `latest` means changes without notice, and with it the paths that \
                  the program needs. Name a version, or better a digest.",
    bad: "name = \"web\"\n\n[pod.containers.web]\nimage = \"nginx:latest\"\n",
    good: "name = \"web\"\n\n[pod.containers.web]\nimage = \"nginx:1.27\"\n",
};

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
