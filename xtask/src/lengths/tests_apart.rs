//! Tells tests from source: files, modules behind `#[cfg(test)]`, and other items behind it.

use std::path::{Path, PathBuf};

use super::token::{Kind, Token};

/// Folders that hold nothing but tests.
const FOLDERS: [&str; 2] = ["tests", "conformance"];

/// What an item's head holds, and a field's or an arm's does not.
const ITEMS: [&str; 11] =
    ["mod", "fn", "impl", "struct", "enum", "union", "trait", "use", "const", "static", "type"];

/// Source without its tests.
pub struct Apart<'a> {
    /// The tokens that are left.
    pub source: Vec<Token<'a>>,
    /// How many lines the tests had.
    pub test_lines: usize,
    /// Modules that are tests and live in files of their own: `#[cfg(test)] mod tests;`.
    pub test_modules: Vec<&'a str>,
}

/// True for a file in a folder of tests; the path is relative to the workspace.
pub fn is_in_test_folder(path: &Path) -> bool {
    let folders = path.parent().into_iter().flat_map(Path::components);
    folders.into_iter().any(|folder| FOLDERS.iter().any(|name| folder.as_os_str() == *name))
}

/// The file and the folder where a module that `file` declares may live.
pub fn homes(file: &Path, module: &str) -> [PathBuf; 2] {
    let folder = match file.file_stem().and_then(|stem| stem.to_str()) {
        Some("mod" | "lib" | "main") => file.with_file_name(""),
        _ => file.with_extension(""),
    };
    [folder.join(format!("{module}.rs")), folder.join(module)]
}

/// Takes out every item behind `#[cfg(test)]`; a file behind `#![cfg(test)]` is taken out whole.
pub fn split<'a>(tokens: &[Token<'a>], lines: usize) -> Apart<'a> {
    let mut apart = Apart { source: Vec::new(), test_lines: 0, test_modules: Vec::new() };
    let mut rest = tokens;
    while let Some((first, after)) = rest.split_first() {
        if let Some((inside, _)) = attribute(rest, &['#', '!', '['])
            && is_test_only(inside)
        {
            return Apart { source: Vec::new(), test_lines: lines, test_modules: apart.test_modules };
        }
        if let Some((_, item)) = attribute(rest, &['#', '[']).filter(|(inside, _)| is_test_only(inside)) {
            let (body, next) = item_end(item);
            apart.test_modules.extend(declared_module(body));
            let last = body.last().unwrap_or(first);
            apart.test_lines += (last.line + 1).saturating_sub(first.line);
            rest = next;
        } else {
            apart.source.push(*first);
            rest = after;
        }
    }
    apart
}

/// What stands between the brackets of an attribute that starts here, and what follows it.
fn attribute<'t, 's>(
    tokens: &'t [Token<'s>],
    opening: &[char],
) -> Option<(&'t [Token<'s>], &'t [Token<'s>])> {
    let starts = tokens.len() >= opening.len()
        && tokens.iter().zip(opening).all(|(token, mark)| token.kind == Kind::Mark(*mark));
    let inside = tokens.get(opening.len()..).filter(|_| starts)?;
    let mut depth = 1_usize;
    for (at, token) in inside.iter().enumerate() {
        match token.kind {
            Kind::Mark('[') => depth += 1,
            Kind::Mark(']') => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((inside.get(..at)?, inside.get(at + 1..)?));
        }
    }
    None
}

/// `cfg(test)` or `cfg(all(test, …))`; `any(test, …)` also holds outside of tests.
fn is_test_only(attribute: &[Token<'_>]) -> bool {
    let kinds: Vec<Kind<'_>> = attribute.iter().map(|token| token.kind).collect();
    match kinds.as_slice() {
        [Kind::Word("cfg"), Kind::Mark('('), Kind::Word("test"), Kind::Mark(')')] => true,
        [Kind::Word("cfg"), Kind::Mark('('), Kind::Word("all"), Kind::Mark('('), terms @ ..] => {
            terms.contains(&Kind::Word("test"))
                && !terms.iter().any(|kind| matches!(kind, Kind::Word("not" | "any")))
        }
        _ => false,
    }
}

/// Splits after what starts here: an item ends at its closing brace or at `;`, a field or an arm also at `,`.
///
/// Angle brackets hide a comma only before the first brace: inside of it `<` may be a comparison.
fn item_end<'t, 's>(tokens: &'t [Token<'s>]) -> (&'t [Token<'s>], &'t [Token<'s>]) {
    let head = tokens.iter().take_while(|token| !matches!(token.kind, Kind::Mark(':' | ',' | '{' | ';')));
    let is_item =
        head.into_iter().any(|token| matches!(token.kind, Kind::Word(word) if ITEMS.contains(&word)));
    let mut depth = 0_usize;
    let mut angles = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Mark('(' | '[' | '{') => depth += 1,
            // The end of a surrounding block: the item was its last.
            Kind::Mark(')' | ']' | '}') if depth == 0 => return tokens.split_at(at),
            Kind::Mark(')' | ']' | '}') => depth -= 1,
            Kind::Mark('<') if depth == 0 => angles += 1,
            Kind::Mark('>') if depth == 0 => angles = angles.saturating_sub(1),
            _ => {}
        }
        let ends = match token.kind {
            Kind::Mark('}' | ';') => depth == 0,
            Kind::Mark(',') => depth == 0 && angles == 0 && !is_item,
            _ => false,
        };
        if ends {
            return tokens.split_at(at + 1);
        }
    }
    (tokens, &[])
}

/// `tests` of `mod tests;`.
fn declared_module<'a>(item: &[Token<'a>]) -> Option<&'a str> {
    match item {
        [.., mod_word, name, end] if mod_word.kind == Kind::Word("mod") && end.kind == Kind::Mark(';') => {
            if let Kind::Word(name) = name.kind {
                Some(name)
            } else {
                None
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
