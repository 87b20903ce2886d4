//! The lints: a file each, which holds the code and the check; every word about it is in docs/findings.
//!
//! Some look at the whole policy: the table runs them. The others are reported where a value is read.
//! The modules are declared outside of the table because rustfmt does not follow those that a macro declares.

pub mod advisory_exec_denial;
pub mod alias_glob;
pub mod blocks_in_complain;
pub mod capability_lost;
pub mod capability_not_known;
pub mod complain_relaxes;
pub mod contradicted_grant;
pub mod control_character;
pub mod covered_entry;
pub mod cuts_baseline;
pub mod dangerous_grant;
pub mod dead_grant;
pub mod denied_in_part;
pub mod denied_netlink;
pub mod denied_socket;
pub mod denies_nothing;
pub mod directory_without_slash;
pub mod floating_image;
pub mod impossible_socket;
pub mod init_order;
pub mod interpreter_denial;
pub mod invalid_abstraction;
pub mod invalid_environment;
pub mod invalid_expectation;
pub mod invalid_glob;
pub mod invalid_image;
pub mod invalid_kubernetes_name;
pub mod invalid_kubernetes_version;
pub mod invalid_label;
pub mod invalid_limit;
pub mod invalid_mount;
pub mod invalid_name;
pub mod invalid_port;
pub mod invalid_profile;
pub mod invalid_quantity;
pub mod invalid_raw_rule;
pub mod invalid_schedule;
pub mod invalid_seccomp;
pub mod invalid_silence;
pub mod invalid_user;
pub mod key_needs_kind;
pub mod kill_quiet;
pub mod lifts_denial;
pub mod missing_capability;
pub mod newer_abi;
pub mod no_baseline;
pub mod node_abstraction;
pub mod not_compared;
pub mod not_restricted;
pub mod operation_not_mediated;
pub mod overlapping_grant;
pub mod placeholder_image;
pub mod program_with_space;
pub mod relative_path;
pub mod remount_denial;
pub mod rename_escape;
pub mod repeated_entry;
pub mod shared_claim;
pub mod stack_limit;
pub mod symlinked_program;
pub mod unchecked_raw_rule;
pub mod unclean_path;
pub mod unknown_bundle;
pub mod unknown_capability;
pub mod unknown_family;
pub mod unknown_operation;
pub mod unknown_volume;
pub mod unmediated_operations;
pub mod unset_variable;
pub mod unused_key;
pub mod unused_profile;
pub mod unused_silence;
pub mod unused_volume;
pub mod variable_refused;
pub mod volume_source;
pub mod whole_filesystem;
pub mod writable_root;
pub mod write_execute;
pub mod write_inside_read_only;
pub mod write_only_readable;

use super::Context;
use crate::diag::{Code, Findings};

macro_rules! table {
    (of_a_policy: [$($whole:ident,)*] of_a_value: [$($part:ident,)*]) => {
        pub static CODES: &[&Code] = &[$(&$whole::CODE,)* $(&$part::CODE,)*];

        /// Those that look at the whole policy.
        pub static RUN: &[fn(&Context<'_>, &mut Findings)] = &[$($whole::run,)*];
    };
}

// tests/codes.rs finds a file that is not named here.
table! {
    of_a_policy: [
        advisory_exec_denial,
        blocks_in_complain,
        capability_lost,
        capability_not_known,
        complain_relaxes,
        contradicted_grant,
        covered_entry,
        cuts_baseline,
        dangerous_grant,
        dead_grant,
        denied_in_part,
        denied_netlink,
        denied_socket,
        denies_nothing,
        directory_without_slash,
        floating_image,
        init_order,
        interpreter_denial,
        key_needs_kind,
        kill_quiet,
        lifts_denial,
        missing_capability,
        newer_abi,
        no_baseline,
        node_abstraction,
        not_restricted,
        operation_not_mediated,
        placeholder_image,
        program_with_space,
        remount_denial,
        rename_escape,
        repeated_entry,
        shared_claim,
        stack_limit,
        symlinked_program,
        unchecked_raw_rule,
        unknown_volume,
        unmediated_operations,
        unset_variable,
        unused_key,
        unused_profile,
        unused_volume,
        whole_filesystem,
        writable_root,
        write_execute,
        write_inside_read_only,
        write_only_readable,
    ]
    of_a_value: [
        alias_glob,
        control_character,
        impossible_socket,
        invalid_abstraction,
        invalid_environment,
        invalid_expectation,
        invalid_glob,
        invalid_image,
        invalid_kubernetes_name,
        invalid_kubernetes_version,
        invalid_label,
        invalid_limit,
        invalid_mount,
        invalid_name,
        invalid_port,
        invalid_profile,
        invalid_quantity,
        invalid_raw_rule,
        invalid_schedule,
        invalid_seccomp,
        invalid_silence,
        invalid_user,
        not_compared,
        overlapping_grant,
        relative_path,
        unclean_path,
        unknown_bundle,
        unknown_capability,
        unknown_family,
        unknown_operation,
        unused_silence,
        variable_refused,
        volume_source,
    ]
}
