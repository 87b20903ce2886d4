//! What a policy comes to as types: what is rendered, decided and compared from here on.

use crate::check::Checked;
use crate::check::resolved::ContainerProfile;
use crate::kernel::Abi;
use crate::pod::{self, Manifest};
use crate::policy::{Audit, Baseline, Mode};
use crate::rules::Profile;

/// The profile and the manifest of one policy. Only a checked policy has one.
#[derive(Debug)]
pub struct Plan {
    policy: Summary,
    profile: Profile,
    pod: Manifest,
}

/// What a policy says of itself, its defaults filled in.
#[derive(Debug)]
pub struct Summary {
    pub name: String,
    pub description: Option<String>,
    pub mode: Mode,
    pub audit: Audit,
    pub abi: Abi,
    pub baseline: Baseline,
    pub bundles: Vec<&'static str>,
    /// The containers that it confines, by name.
    pub containers: Vec<String>,
}

impl Plan {
    pub fn lower(checked: &Checked) -> Plan {
        Plan { policy: summary(checked), profile: crate::lower::lower(checked), pod: pod::lower(checked) }
    }

    pub fn policy(&self) -> &Summary {
        &self.policy
    }

    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    pub fn pod(&self) -> &Manifest {
        &self.pod
    }
}

fn summary(checked: &Checked) -> Summary {
    let containers = checked.pod.containers.iter();
    let confined = containers.filter(|container| container.profile == ContainerProfile::This);
    Summary {
        name: checked.name.value.clone(),
        description: checked.description.clone(),
        mode: checked.mode.value,
        audit: checked.audit.value,
        abi: checked.abi.value,
        baseline: checked.baseline.value,
        bundles: checked.bundles.iter().map(|bundle| bundle.value.name).collect(),
        containers: confined.map(|container| container.name.clone()).collect(),
    }
}
