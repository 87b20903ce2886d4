//! The lints: a file each, which holds the code, its explanation and the check.
//!
//! Some look at the whole policy; they are in `RUN`. The others are reported where a value is read.

pub mod advisory_exec_denial;
pub mod alias_glob;
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

use super::Subject;
use crate::diag::{Code, Findings};

/// Every code, by name.
pub static CODES: &[&Code] = &[
    &advisory_exec_denial::CODE,
    &alias_glob::CODE,
    &capability_lost::CODE,
    &capability_not_known::CODE,
    &complain_relaxes::CODE,
    &contradicted_grant::CODE,
    &control_character::CODE,
    &covered_entry::CODE,
    &cuts_baseline::CODE,
    &dangerous_grant::CODE,
    &dead_grant::CODE,
    &denied_in_part::CODE,
    &denied_netlink::CODE,
    &denied_socket::CODE,
    &denies_nothing::CODE,
    &directory_without_slash::CODE,
    &floating_image::CODE,
    &impossible_socket::CODE,
    &init_order::CODE,
    &interpreter_denial::CODE,
    &invalid_abstraction::CODE,
    &invalid_environment::CODE,
    &invalid_expectation::CODE,
    &invalid_glob::CODE,
    &invalid_image::CODE,
    &invalid_kubernetes_name::CODE,
    &invalid_kubernetes_version::CODE,
    &invalid_label::CODE,
    &invalid_limit::CODE,
    &invalid_mount::CODE,
    &invalid_name::CODE,
    &invalid_port::CODE,
    &invalid_profile::CODE,
    &invalid_quantity::CODE,
    &invalid_raw_rule::CODE,
    &invalid_schedule::CODE,
    &invalid_seccomp::CODE,
    &invalid_silence::CODE,
    &invalid_user::CODE,
    &key_needs_kind::CODE,
    &kill_quiet::CODE,
    &lifts_denial::CODE,
    &missing_capability::CODE,
    &newer_abi::CODE,
    &no_baseline::CODE,
    &node_abstraction::CODE,
    &not_compared::CODE,
    &not_restricted::CODE,
    &operation_not_mediated::CODE,
    &overlapping_grant::CODE,
    &placeholder_image::CODE,
    &program_with_space::CODE,
    &relative_path::CODE,
    &remount_denial::CODE,
    &rename_escape::CODE,
    &repeated_entry::CODE,
    &shared_claim::CODE,
    &stack_limit::CODE,
    &symlinked_program::CODE,
    &unchecked_raw_rule::CODE,
    &unclean_path::CODE,
    &unknown_bundle::CODE,
    &unknown_capability::CODE,
    &unknown_family::CODE,
    &unknown_operation::CODE,
    &unknown_volume::CODE,
    &unmediated_operations::CODE,
    &unset_variable::CODE,
    &unused_key::CODE,
    &unused_profile::CODE,
    &unused_silence::CODE,
    &unused_volume::CODE,
    &variable_refused::CODE,
    &volume_source::CODE,
    &whole_filesystem::CODE,
    &writable_root::CODE,
    &write_execute::CODE,
    &write_inside_read_only::CODE,
    &write_only_readable::CODE,
];

/// Those that look at the whole policy.
pub static RUN: &[fn(&Subject<'_>, &mut Findings)] = &[
    advisory_exec_denial::run,
    capability_lost::run,
    capability_not_known::run,
    complain_relaxes::run,
    contradicted_grant::run,
    covered_entry::run,
    cuts_baseline::run,
    dangerous_grant::run,
    dead_grant::run,
    denied_in_part::run,
    denied_netlink::run,
    denied_socket::run,
    denies_nothing::run,
    directory_without_slash::run,
    floating_image::run,
    init_order::run,
    interpreter_denial::run,
    key_needs_kind::run,
    kill_quiet::run,
    lifts_denial::run,
    missing_capability::run,
    newer_abi::run,
    no_baseline::run,
    node_abstraction::run,
    not_restricted::run,
    operation_not_mediated::run,
    placeholder_image::run,
    program_with_space::run,
    remount_denial::run,
    rename_escape::run,
    repeated_entry::run,
    shared_claim::run,
    stack_limit::run,
    symlinked_program::run,
    unchecked_raw_rule::run,
    unknown_volume::run,
    unmediated_operations::run,
    unset_variable::run,
    unused_key::run,
    unused_profile::run,
    unused_volume::run,
    whole_filesystem::run,
    writable_root::run,
    write_execute::run,
    write_inside_read_only::run,
    write_only_readable::run,
];
