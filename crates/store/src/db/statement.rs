//! SQL is written once, for both engines, in the subset that `docs/decisions/0001-one-sql-text.md` names.

use std::sync::OnceLock;

/// One statement with placeholders `$1…`; `table` names the row it yields in errors.
pub struct Statement {
    pub(crate) name: &'static str,
    pub(crate) table: &'static str,
    pub(crate) sql: &'static str,
    sqlite: OnceLock<String>,
}

impl Statement {
    pub(crate) const fn new(name: &'static str, table: &'static str, sql: &'static str) -> Self {
        Self { name, table, sql, sqlite: OnceLock::new() }
    }

    /// For SQLite, which numbers `$N` by first appearance and `?N` by N.
    pub(crate) fn for_sqlite(&self) -> &str {
        self.sqlite.get_or_init(|| self.sql.replace('$', "?"))
    }

    pub fn name(&self) -> &'static str {
        self.name
    }
}

/// Declares the statements of one room and its `STATEMENTS` list, from which the whole list is made.
macro_rules! statements {
    ($table:literal; $($(#[$doc:meta])* $name:ident = $sql:expr;)*) => {
        $($(#[$doc])* static $name: $crate::db::Statement =
            $crate::db::Statement::new(stringify!($name), $table, $sql);)*
        pub(crate) static STATEMENTS: &[&$crate::db::Statement] = &[$(&$name),*];
    };
}
pub(crate) use statements;

/// A parameter list: each item by `Into<Param>`.
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::db::Param::from($value)),*] };
}
pub(crate) use params;
