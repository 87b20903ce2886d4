//! Both files of a policy as types: what is rendered, decided and compared from here on.

use crate::check::Checked;
use crate::pod::{self, Manifest};
use crate::rules::Profile;

/// The profile and the manifest of one policy. Only a checked policy has one.
#[derive(Debug)]
pub struct Plan {
    profile: Profile,
    pod: Manifest,
}

impl Plan {
    pub fn lower(checked: &Checked) -> Plan {
        Plan { profile: crate::lower::lower(checked), pod: pod::lower(checked) }
    }

    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    pub fn pod(&self) -> &Manifest {
        &self.pod
    }
}
