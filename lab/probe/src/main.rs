//! The program inside of the lab's virtual machine, under several names: its first process, the one that lays out
//! a root for a case, and the probe that enters a profile and tries one operation.

#![allow(clippy::print_stdout, reason = "its answers")]

mod attempt;
mod enter;
mod init;
mod log;
mod names;
mod root;
mod stage;

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["/init", ..] => init::main(),
        [_, "stage"] => stage::main(),
        [_, "first", profile] => enter::first(profile),
        [_, "enter", profile, user, no_new_privileges, words @ ..] => {
            enter::main(profile, user, *no_new_privileges == "true", words)
        }
        [_, "try", words @ ..] => enter::attempt(words),
        [_, "each", words @ ..] => enter::each(words),
        [_, "wait"] => enter::wait(),
        [_, "control"] => log::control(),
        [_, "names", family] => names::serve(family),
        // Started by a case under any other name: that it runs at all is the answer.
        _ => ExitCode::SUCCESS,
    }
}
