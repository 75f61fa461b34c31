//! Names of files and folders that every system accepts.
//!
//! A key may be anything that a person can read; a file name may not. `part` makes a key one part of a file name, and
//! `Taken` keeps two that would become the same file apart by a number.

use std::collections::BTreeMap;

use seatcast_core::Lang;

/// Most bytes of a file name that come from one key: a name with two of them stays far below the 255 of every system.
const LONGEST: usize = 80;

/// A key as part of a file name: letters, digits, `-` and `_` as they are, anything else as `-`, cut between characters.
pub(crate) fn part(key: &str) -> String {
    let mut part = String::new();
    for c in key.chars() {
        let c = if c.is_alphanumeric() || c == '-' || c == '_' { c } else { '-' };
        if part.len() + c.len_utf8() > LONGEST {
            break;
        }
        part.push(c);
    }
    part
}

/// The names of a folder so far. Systems that do not tell capitals apart would take `A` and `a` for one file.
#[derive(Debug, Default)]
pub(crate) struct Taken(BTreeMap<String, usize>);

impl Taken {
    /// `wanted`, or it with the lowest number from 2 that makes it a name of its own.
    pub(crate) fn name(&mut self, wanted: &str) -> String {
        let folded = wanted.to_lowercase();
        let last = self.0.get(&folded).copied();
        let Some(mut number) = last else {
            self.0.insert(folded, 1);
            return wanted.to_owned();
        };
        loop {
            number += 1;
            let name = format!("{wanted}-{number}");
            if !self.0.contains_key(&name.to_lowercase()) {
                self.0.insert(folded, number);
                self.0.insert(name.to_lowercase(), 1);
                return name;
            }
        }
    }
}

/// Why Windows has no file or folder of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forbidden {
    /// It is the name of a device, whatever follows its first dot.
    Device,
    /// A character that no name may have.
    Character(char),
    /// It ends in a dot or a blank, which Windows drops.
    End(char),
}

impl Forbidden {
    /// What is wrong, for people.
    pub fn words(self, lang: Lang) -> String {
        match (self, lang) {
            (Forbidden::Device, Lang::En) => "it is the name of a device on Windows".to_owned(),
            (Forbidden::Device, Lang::Zh) => "这是 Windows 的设备名".to_owned(),
            (Forbidden::Character(c), Lang::En) => format!("Windows allows no {} in a name", shown(c)),
            (Forbidden::Character(c), Lang::Zh) => format!("Windows 的名称中不能有 {}", shown(c)),
            (Forbidden::End(' '), Lang::En) => "on Windows no name ends in a blank".to_owned(),
            (Forbidden::End(' '), Lang::Zh) => "Windows 的名称不能以空格结尾".to_owned(),
            (Forbidden::End(c), Lang::En) => format!("on Windows no name ends in `{c}`"),
            (Forbidden::End(c), Lang::Zh) => format!("Windows 的名称不能以 `{c}` 结尾"),
        }
    }
}

fn shown(c: char) -> String {
    if c.is_control() { format!("<U+{:04X}>", u32::from(c)) } else { format!("`{c}`") }
}

/// Names of devices that Windows keeps for itself, beside `COM` and `LPT` with a digit.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// Why Windows has no file or folder called `name`, one part of a path; `None` if it has. `.` and `..` are no names.
pub fn windows_forbids(name: &str) -> Option<Forbidden> {
    if matches!(name, "." | "..") {
        return None;
    }
    let forbidden = |c: &char| c.is_ascii_control() || r#"<>:"/\|?*"#.contains(*c);
    if let Some(c) = name.chars().find(forbidden) {
        return Some(Forbidden::Character(c));
    }
    if let Some(c) = name.chars().last().filter(|c| matches!(c, '.' | ' ')) {
        return Some(Forbidden::End(c));
    }
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let digit = |port: &str| {
        let number = stem.strip_prefix(port);
        number.is_some_and(|n| matches!(n.as_bytes(), [b'0'..=b'9']) || matches!(n, "¹" | "²" | "³"))
    };
    let is_device = DEVICES.contains(&stem.as_str()) || digit("com") || digit("lpt");
    is_device.then_some(Forbidden::Device)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_key_becomes_a_part_that_every_system_accepts() {
        assert_eq!(part("futian"), "futian");
        assert_eq!(part("福田_1-a"), "福田_1-a");
        assert_eq!(part("../a b:c\u{1b}?"), "---a-b-c--");
        let long = part(&"学".repeat(200));
        assert_eq!(long, "学".repeat(26));
        for key in ["con", "a.", "x ", "a/b", "\u{202e}", "*", &"x".repeat(1_000)] {
            let name = format!("gap-{}-{}.svg", part(key), part(key));
            assert!(windows_forbids(&name).is_none() && name.len() < 200, "{name}");
        }
    }

    #[test]
    fn names_that_would_be_one_file_are_kept_apart() {
        let mut taken = Taken::default();
        let names = ["gap-A", "gap-a", "gap-b", "gap-a-2", "gap-a", "GAP-A"].map(|name| taken.name(name));
        assert_eq!(names, ["gap-A", "gap-a-2", "gap-b", "gap-a-2-2", "gap-a-3", "GAP-A-4"]);
        // thousands of the same name are no more work than as many others
        for _ in 0..20_000 {
            taken.name("zone");
        }
        assert_eq!(taken.name("zone"), "zone-20001");
    }

    #[test]
    fn what_windows_forbids_is_told() {
        for (name, why) in [
            ("con", Forbidden::Device),
            ("CON.txt", Forbidden::Device),
            ("nul .x", Forbidden::Device),
            ("Com1", Forbidden::Device),
            ("lpt¹", Forbidden::Device),
            ("a:b", Forbidden::Character(':')),
            ("a\u{1}", Forbidden::Character('\u{1}')),
            ("what?", Forbidden::Character('?')),
            ("results.", Forbidden::End('.')),
            ("results ", Forbidden::End(' ')),
        ] {
            assert_eq!(windows_forbids(name), Some(why), "{name}");
            assert!(!why.words(Lang::En).is_empty() && !why.words(Lang::Zh).is_empty());
        }
        for name in
            ["results", "con1", "com", "com10", "lpt", "a.b", ".", "..", ".hidden", "结果 2025", "null"]
        {
            assert_eq!(windows_forbids(name), None, "{name}");
        }
    }
}
