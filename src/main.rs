//! The `aapol` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    aapol::cli::main()
}
