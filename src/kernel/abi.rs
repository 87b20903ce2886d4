//! The feature sets that a profile can be written against.

use super::Operation;

/// An AppArmor ABI: what the kernel mediates for a profile that names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Abi {
    V3_0,
    V4_0,
    V5_0,
}

impl Abi {
    pub const ALL: [Abi; 3] = [Abi::V3_0, Abi::V4_0, Abi::V5_0];

    pub fn name(self) -> &'static str {
        match self {
            Abi::V3_0 => "3.0",
            Abi::V4_0 => "4.0",
            Abi::V5_0 => "5.0",
        }
    }

    /// Whether the kernel decides about the operation at all under this ABI.
    pub fn mediates(self, operation: Operation) -> bool {
        operation.since() <= self
    }
}
