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
mod page;
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
    /// Write the figures in the docs anew, before the suites compare with them.
    #[arg(long, conflicts_with = "release")]
    bless: bool,
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
    let names: Vec<&'static str> = RELEASES.into_iter().filter(wanted).collect();
    let generations = side_by_side(&names, |name| Generation::open(name, &cache, &program))?;
    if arguments.bless {
        suites::bless(&chosen, &generations)?;
    }
    let reports: Vec<Vec<Report>> = side_by_side(&generations, |generation| {
        let run = |suite: &suites::Suite| suite.run(generation).inspect(say);
        chosen.iter().map(run).collect()
    })?;
    let reports: Vec<Report> = reports.into_iter().flatten().collect();
    let tried: usize = reports.iter().map(|report| report.tried).sum();
    let wrong: usize = reports.iter().map(|report| report.wrong.len()).sum();
    println!("{tried} tried, {wrong} came out otherwise");
    if suites::is_all(&chosen) && names.len() == RELEASES.len() {
        let text = page::written(&chosen, &generations, &reports)?;
        if let Some(changed) = page::settle(&text, arguments.bless)? {
            println!("{changed}");
            return Ok(false);
        }
    }
    Ok(wrong == 0 && tried > 0)
}

/// A machine has one processor, so two generations keep two cores busy.
fn side_by_side<A: Sync, B: Send>(all: &[A], work: impl Fn(&A) -> Result<B> + Sync) -> Result<Vec<B>> {
    std::thread::scope(|scope| {
        let work = &work;
        let running: Vec<_> = all.iter().map(|one| scope.spawn(move || work(one))).collect();
        running.into_iter().map(|one| one.join().map_err(|_| Fail::new("a suite stopped"))?).collect()
    })
}

fn say(report: &Report) {
    println!(
        "{:<14} {:<10} {:>5} tried {:>4} otherwise",
        report.suite,
        report.generation,
        report.tried,
        report.wrong.len()
    );
    if report.asked > 0 {
        println!("  {}: {} of them asked of aapol as well", report.generation, report.asked);
    }
    for (reason, times) in &report.left_out {
        println!("  {}: {times} left out: {reason}", report.generation);
    }
    for wrong in &report.wrong {
        println!("  {}: {wrong}", report.generation);
    }
}
