//! The lab: shows on real parsers, kernels and containers that what aapol renders does what the policy says.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that reports")]

mod access;
mod bundle;
mod check;
mod debian;
mod fail;
mod generation;
mod image;
mod machine;
mod parser;
mod policy;
mod suites;

use check::Report;
use clap::Parser as _;
use fail::{Fail, Result};
use generation::{Generation, RELEASES};
use std::path::PathBuf;
use std::process::ExitCode;

/// Proves on real parsers, kernels and containers that what aapol renders does what the policy says.
#[derive(Debug, clap::Parser)]
#[command(name = "lab")]
struct Arguments {
    /// The suites to run; all without a name.
    suites: Vec<String>,
    /// Only this generation of Debian.
    #[arg(long)]
    release: Option<String>,
    /// Where packages and machines are kept.
    #[arg(long, default_value = "target/lab")]
    cache: PathBuf,
}

fn main() -> ExitCode {
    match work(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(fail) => {
            eprintln!("lab: {fail}");
            ExitCode::from(2)
        }
    }
}

/// Whether all that was tried came out as it must.
fn work(arguments: &Arguments) -> Result<bool> {
    let chosen = suites::choose(&arguments.suites)?;
    std::fs::create_dir_all(&arguments.cache)?;
    let cache = std::fs::canonicalize(&arguments.cache)?;
    let program = generation::build_probe(&cache.join("build"))?;
    let wanted = |name: &&str| arguments.release.as_deref().is_none_or(|release| release == *name);
    // A machine has one processor, so two generations keep two cores busy.
    let reports: Result<Vec<Vec<Report>>> = std::thread::scope(|scope| {
        let start = |name| {
            let (cache, program, chosen) = (&cache, &program, &chosen);
            scope.spawn(move || {
                let generation = Generation::open(name, cache, program)?;
                chosen
                    .iter()
                    .map(|suite| {
                        let report = suite.run(&generation)?;
                        say(&report);
                        Ok(report)
                    })
                    .collect()
            })
        };
        let running: Vec<_> = RELEASES.into_iter().filter(wanted).map(start).collect();
        running.into_iter().map(|one| one.join().map_err(|_| Fail::new("a suite stopped"))?).collect()
    });
    let reports: Vec<Report> = reports?.into_iter().flatten().collect();
    let tried: usize = reports.iter().map(|report| report.tried).sum();
    let wrong: usize = reports.iter().map(|report| report.wrong.len()).sum();
    println!("{tried} tried, {wrong} came out otherwise");
    Ok(wrong == 0 && tried > 0)
}

fn say(report: &Report) {
    println!(
        "{:<14} {:<10} {:>5} tried {:>4} otherwise",
        report.suite,
        report.generation,
        report.tried,
        report.wrong.len()
    );
    for wrong in &report.wrong {
        println!("  {}: {wrong}", report.generation);
    }
}
