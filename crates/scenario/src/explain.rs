//! A page for every code: what it means, why it matters, how it comes about, how to fix it.
//!
//! The pages stand in `explain/en.md` and `explain/zh.md`, a section a code, and are part of the book too.

use seatcast_core::Lang;

const EN: &str = include_str!("explain/en.md");
const ZH: &str = include_str!("explain/zh.md");

/// The page of `code` in `lang`.
pub fn page(code: &str, lang: Lang) -> Option<String> {
    sections(lang.pick(ZH, EN)).find(|(c, _)| *c == code).map(|(_, text)| text.to_owned())
}

/// Every code that has a page, in order.
pub fn codes() -> Vec<&'static str> {
    sections(EN).map(|(code, _)| code).collect()
}

/// Codes with their pages: a page begins with `## CODE` and ends before the next.
fn sections(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    text.split("\n## ").skip(1).filter_map(|section| {
        let code = section.split_whitespace().next()?;
        Some((code, section.trim_end_matches('\n')))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_page_of_some_length_in_both_languages() {
        let zh: Vec<&str> = sections(ZH).map(|(code, _)| code).collect();
        assert_eq!(codes(), zh);
        let mut sorted = zh.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted, zh, "in order, each once");
        let sources = [
            include_str!("history_fault.rs"),
            include_str!("problem.rs"),
            include_str!("problem/supply.rs"),
            include_str!("problem/ledger.rs"),
            include_str!("problem/figure.rs"),
        ];
        let in_code: Vec<&str> = sources
            .iter()
            .flat_map(|source| source.split("=> \"").skip(1))
            .filter_map(|rest| rest.split('"').next())
            .filter(|text| text.len() == 4 && text[1..].bytes().all(|b| b.is_ascii_digit()))
            .collect();
        assert!(in_code.len() > 100, "the codes were read");
        for code in in_code.into_iter().chain(crate::limits::TABLE.map(|limit| limit.code)) {
            for (lang, least) in [(Lang::En, 120), (Lang::Zh, 50)] {
                let page = page(code, lang).unwrap_or_else(|| panic!("{code} has no page"));
                assert!(page.chars().count() > least, "{code}: {page}");
            }
        }
    }
}
