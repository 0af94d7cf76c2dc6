//! Functions in a list of tokens: their lines and parameters.

use super::token::{Kind, Token};

/// A function as its author sees it.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name; `$name` when a macro gives it.
    pub name: String,
    /// The line of its `fn`.
    pub line: usize,
    /// Lines from `fn` to the closing brace, both counted.
    pub lines: usize,
    /// Parameters, `self` not counted.
    pub parameters: usize,
}

/// Every function, a function inside another one on its own too. Function types (`fn(u8)`) are none.
pub fn find(tokens: &[Token<'_>]) -> Vec<Function> {
    let starts = tokens.iter().enumerate().filter(|(_, token)| token.kind == Kind::Word("fn"));
    starts.filter_map(|(at, _)| function(tokens.get(at..)?)).collect()
}

/// The function whose `fn` is the first token.
fn function(tokens: &[Token<'_>]) -> Option<Function> {
    let (start, rest) = tokens.split_first()?;
    let (name, rest) = name(rest)?;
    let (parameters, rest) = parameters(after_generics(rest))?;
    let end = end(rest).unwrap_or(*start);
    Some(Function { name, line: start.line, lines: (end.line + 1).saturating_sub(start.line), parameters })
}

fn name<'t, 's>(tokens: &'t [Token<'s>]) -> Option<(String, &'t [Token<'s>])> {
    match tokens {
        [Token { kind: Kind::Word(name), .. }, rest @ ..] => Some(((*name).to_owned(), rest)),
        [Token { kind: Kind::Mark('$'), .. }, Token { kind: Kind::Word(name), .. }, rest @ ..] => {
            Some((format!("${name}"), rest))
        }
        _ => None,
    }
}

/// What follows `<…>`, or the tokens as they are.
fn after_generics<'t, 's>(tokens: &'t [Token<'s>]) -> &'t [Token<'s>] {
    if tokens.first().is_none_or(|token| token.kind != Kind::Mark('<')) {
        return tokens;
    }
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        depth = deeper(depth, token.kind);
        if depth == 0 {
            return tokens.get(at + 1..).unwrap_or_default();
        }
    }
    &[]
}

/// How many parameters stand in the `(…)` that the tokens start with, and what follows it.
fn parameters<'t, 's>(tokens: &'t [Token<'s>]) -> Option<(usize, &'t [Token<'s>])> {
    if tokens.first()?.kind != Kind::Mark('(') {
        return None;
    }
    let mut depth = 0_usize;
    let mut count = 0;
    let mut current = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let before = depth;
        depth = deeper(depth, token.kind);
        if depth == 0 || (depth == 1 && token.kind == Kind::Mark(',')) {
            count += usize::from(is_counted(&current));
            current.clear();
        } else if before > 0 {
            current.push(token.kind);
        }
        if depth == 0 {
            return Some((count, tokens.get(at + 1..).unwrap_or_default()));
        }
    }
    None
}

/// False for nothing (a trailing comma) and for `self` in any form.
fn is_counted(parameter: &[Kind<'_>]) -> bool {
    let dress = |kind: &&Kind<'_>| matches!(kind, Kind::Mark('&') | Kind::Lifetime | Kind::Word("mut"));
    parameter.iter().find(|kind| !dress(kind)).is_some_and(|kind| *kind != Kind::Word("self"))
}

/// The token that ends the function: its closing brace, or the `;` of a trait's method without a body.
fn end<'s>(tokens: &[Token<'s>]) -> Option<Token<'s>> {
    let mut depth = 0_usize;
    for token in tokens {
        match token.kind {
            Kind::Mark('(' | '[' | '{') => depth += 1,
            Kind::Mark(')' | ']' | '}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && matches!(token.kind, Kind::Mark('}' | ';')) {
            return Some(*token);
        }
    }
    None
}

/// Depth after a token, in types: angle brackets count.
fn deeper(depth: usize, kind: Kind<'_>) -> usize {
    match kind {
        Kind::Mark('(' | '[' | '{' | '<') => depth + 1,
        Kind::Mark(')' | ']' | '}' | '>') => depth.saturating_sub(1),
        _ => depth,
    }
}

#[cfg(test)]
mod tests {
    use super::super::token::scan;
    use super::*;

    fn found(text: &str) -> Vec<(String, usize, usize, usize)> {
        let all = find(&scan(text)).into_iter();
        all.map(|one| (one.name, one.line, one.lines, one.parameters)).collect()
    }

    fn one(text: &str) -> (usize, usize) {
        let all = found(text);
        assert_eq!(all.len(), 1, "{text}: {all:?}");
        (all[0].2, all[0].3)
    }

    #[test]
    fn lines_from_fn_to_its_closing_brace() {
        assert_eq!(
            found("fn a() {}\n\npub(crate) async fn b(\n) {\n  x {}\n}\n"),
            [("a".to_owned(), 1, 1, 0), ("b".to_owned(), 3, 4, 0)]
        );
    }

    #[test]
    fn brackets_in_literals_and_comments_do_not_end_it() {
        assert_eq!(one("fn a() {\n  let x = \"}\"; // }\n  let y = '}';\n}\n"), (4, 0));
    }

    #[test]
    fn parameters_are_counted_without_self() {
        for (text, count) in [
            ("fn f() {}", 0),
            ("fn f(a: u8, b: u8,) {}", 2),
            ("fn f(&self) {}", 0),
            ("fn f(&'a mut self, a: u8) {}", 1),
            ("fn f(mut self: Box<Self>, a: u8) {}", 1),
            ("fn f(self_like: u8) {}", 1),
            ("fn f(map: HashMap<K, V>, (a, b): (u8, [u8; 2])) {}", 2),
            ("fn f(call: impl Fn(u8, u8) -> Vec<u8>, Wide { a, b }: Wide) {}", 2),
            (
                "fn f<K, F: Fn(A) -> B, const N: usize>(k: K, f: F) -> Result<A, B> where K: Into<[u8; 2]> {}",
                2,
            ),
            ("fn f(#[flag(a, b)] a: u8) {}", 1),
        ] {
            assert_eq!(one(text), (1, count), "{text}");
        }
    }

    #[test]
    fn nested_methods_without_body_and_macros_count_types_do_not() {
        let names: Vec<String> =
            found("fn a() { fn b() {} } trait T { fn c(&self)\n-> [u8; 3]; } fn $d() {}")
                .into_iter()
                .map(|(name, ..)| name)
                .collect();
        assert_eq!(names, ["a", "b", "c", "$d"]);
        assert_eq!(found("struct S { call: fn(u8) -> u8 } type R = r#fn;"), []);
    }

    #[test]
    fn a_method_without_body_ends_at_its_semicolon() {
        assert_eq!(
            found("fn a(\n) -> [u8; 2]; fn b() {\n}"),
            [("a".to_owned(), 1, 2, 0), ("b".to_owned(), 2, 2, 0)]
        );
    }

    #[test]
    fn broken_text_gives_what_it_can() {
        for text in ["fn", "fn a", "fn a(", "fn a<", "fn a(b: u8", "fn a() {"] {
            assert!(found(text).len() < 2, "{text}");
        }
    }
}
