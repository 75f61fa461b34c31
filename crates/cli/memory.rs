//! What a command would take of memory, against what it may take and what there is.

use seatcast::Lang;

use crate::{
    args::{Format, Shared},
    messages::say,
    streams::tell,
};

/// MiB from which the memory is said before it is taken.
const SAID_FROM: u64 = 512;

/// Where a limit of memory comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Limit {
    /// `--memory`.
    Given,
    /// The address space that this process may have (`ulimit -v`).
    Process,
    /// What the machine, or the container, has left.
    Machine,
}

/// Says what `bytes` of memory are if that is much, before they are taken; refuses what is more than `given` MiB, or than
/// this process can have.
pub(crate) fn fits(bytes: u64, given: u64, shared: Shared) -> anyhow::Result<bool> {
    let lang = Lang::from(shared.lang);
    let needed = bytes.div_ceil(1 << 20);
    let (limit, most) = tightest(given);
    if needed > most {
        let message = match (lang, limit) {
            (Lang::Zh, Limit::Given) => format!("约需内存 {needed} MiB，超过 {most} MiB"),
            (Lang::Zh, Limit::Process) => {
                format!("约需内存 {needed} MiB，本进程最多可用 {most} MiB（ulimit -v）")
            }
            (Lang::Zh, Limit::Machine) => format!("约需内存 {needed} MiB，本机现有可用内存 {most} MiB"),
            (Lang::En, Limit::Given) => {
                format!("about {needed} MiB of memory would be taken, more than {most}")
            }
            (Lang::En, Limit::Process) => {
                format!(
                    "about {needed} MiB of memory would be taken, this process may have {most} (ulimit -v)"
                )
            }
            (Lang::En, Limit::Machine) => {
                format!("about {needed} MiB of memory would be taken, this machine has {most} left")
            }
        };
        let help = match limit {
            Limit::Given => lang.pick(
                "减少 --draws；内存足够时提高 --memory",
                "take fewer --draws; raise --memory if the machine has it",
            ),
            _ => lang.pick("减少 --draws，或腾出内存", "take fewer --draws, or make memory free"),
        };
        say("E142", "--memory", &message, help, shared, true)?;
        return Ok(false);
    }
    if needed >= SAID_FROM && shared.format == Format::Text {
        tell(&match lang {
            Lang::Zh => format!("约需内存 {needed} MiB\n"),
            Lang::En => format!("about {needed} MiB of memory will be taken\n"),
        });
    }
    Ok(true)
}

/// The smallest limit there is, MiB.
fn tightest(given: u64) -> (Limit, u64) {
    let of_process = address_space().map(|most| (Limit::Process, most));
    let of_machine = left().map(|most| (Limit::Machine, most));
    let all = [Some((Limit::Given, given)), of_process, of_machine];
    all.into_iter().flatten().min_by_key(|(_, most)| *most).unwrap_or((Limit::Given, given))
}

/// MiB of address space that an allocator keeps for each thread beside what it gives out.
const ARENA: u64 = 64;
/// Threads beside those that compute: the first one, the command's, and the one that listens for signals.
const OTHERS: u64 = 3;

/// MiB of address space that are left to this process, where it has a limit. Linux alone says so in a file.
fn address_space() -> Option<u64> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max address space"))?;
    let most: u64 = line.split_whitespace().next()?.parse().ok()?;
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
    Some((most >> 20).saturating_sub(ARENA * (OTHERS + cores)))
}

/// MiB that this machine can still give, and this container, where it is one.
fn left() -> Option<u64> {
    let known = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = known.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let machine = line.split_whitespace().next()?.parse::<u64>().ok()? >> 10;
    let number = |path: &str| -> Option<u64> { std::fs::read_to_string(path).ok()?.trim().parse().ok() };
    let container = number("/sys/fs/cgroup/memory.max")
        .map(|most| most.saturating_sub(number("/sys/fs/cgroup/memory.current").unwrap_or(0)) >> 20);
    Some(container.map_or(machine, |container| container.min(machine)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_limit_holds() {
        assert_eq!(tightest(1), (Limit::Given, 1));
        // nobody has 2^50 MiB: the machine or the process says less, where they say anything
        let (limit, most) = tightest(1 << 50);
        assert_eq!(limit == Limit::Given, most == 1 << 50);
    }
}
