//! One row of one table, as a list of fields from which struct, statements and comparison are made.

use uuid::Uuid;

use super::cell::param;
use crate::db::{Param, ReadTx, Row, Statement, Value, WriteTx};
use crate::error::StoreError;

/// A table that a world file writes.
pub struct Table {
    pub name: &'static str,
    pub columns: &'static [&'static str],
    /// How many of the leading columns are the key.
    pub(super) keys: usize,
    pub(super) insert: &'static Statement,
    pub(super) update: &'static Statement,
    pub(super) lock: &'static Statement,
    pub(super) again: &'static Statement,
    pub(super) remove: &'static Statement,
    /// Both engines' values in one form.
    pub(super) read: fn(Row) -> Result<Vec<Value>, StoreError>,
}

impl Table {
    /// Where the column stands in a row.
    pub fn at(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|name| *name == column)
    }

    /// The cells that are the key of a row.
    pub fn key_cells<'c>(&self, cells: &'c [Value]) -> &'c [Value] {
        cells.get(..self.keys).unwrap_or(cells)
    }

    /// The key of a row; every part of it is an id.
    pub fn key(&self, cells: &[Value]) -> Vec<Uuid> {
        let id = |value: &Value| if let Value::Uuid(id) = value { Some(*id) } else { None };
        cells.iter().take(self.keys).filter_map(id).collect()
    }
}

pub trait Record: Sized {
    fn table() -> &'static Table;
    /// The values in the order of the table's columns.
    fn cells(&self) -> Vec<Value>;
}

/// `false`: another row holds the key or a unique value of this one.
pub async fn insert(tx: &mut WriteTx<'_>, table: &Table, cells: &[Value]) -> Result<bool, StoreError> {
    let row: Vec<Param<'_>> = cells.iter().map(param).collect();
    tx.any(table.insert, &row).await
}

/// Locks the row with the key of `cells` and reads what it is now.
pub async fn again(
    tx: &mut WriteTx<'_>,
    table: &Table,
    cells: &[Value],
) -> Result<Option<Vec<Value>>, StoreError> {
    let key: Vec<Param<'_>> = cells.iter().take(table.keys).map(param).collect();
    tx.run(table.lock, &key).await?;
    tx.row(table.again, &key).await?.map(table.read).transpose()
}

/// Writes every column of the row.
pub async fn update(tx: &mut WriteTx<'_>, table: &Table, cells: &[Value]) -> Result<(), StoreError> {
    let row: Vec<Param<'_>> = cells.iter().map(param).collect();
    tx.run(table.update, &row).await.map(drop)
}

/// Until the commit nobody else changes the row of this key; `false`: there is none.
pub async fn hold(tx: &mut WriteTx<'_>, table: &Table, key: &[Value]) -> Result<bool, StoreError> {
    let key: Vec<Param<'_>> = key.iter().map(param).collect();
    Ok(tx.run(table.lock, &key).await? > 0)
}

/// Makes a row; `false`: another one holds its key or a unique value of it.
pub async fn add<R: Record>(tx: &mut WriteTx<'_>, row: &R) -> Result<bool, StoreError> {
    insert(tx, R::table(), &row.cells()).await
}

/// Writes every column of a row that is held.
pub async fn save<R: Record>(tx: &mut WriteTx<'_>, row: &R) -> Result<(), StoreError> {
    update(tx, R::table(), &row.cells()).await
}

/// Deletes the row of this key with all that hangs on it; `false`: there is none.
pub async fn remove(tx: &mut WriteTx<'_>, table: &Table, key: &[Value]) -> Result<bool, StoreError> {
    let key: Vec<Param<'_>> = key.iter().map(param).collect();
    Ok(tx.run(table.remove, &key).await? > 0)
}

/// The first row of a statement, through the record's own reader.
pub(super) async fn one<T>(
    tx: &mut ReadTx<'_>,
    statement: &'static Statement,
    params: &[Param<'_>],
    read: impl FnOnce(Row) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    tx.row(statement, params).await?.map(read).transpose()
}

/// Declares a record: its struct, its `TABLE`, its `STATEMENTS` (with the finds given) and `read`.
/// `seen` is the view that shows of the table what has not ended; the rows themselves are read through it.
/// `key` is the condition on the primary key, whose columns come first; `also` are columns that have a fixed
/// value when a row is made and are never touched again.
macro_rules! record {
    (@columns { $first:ident: $t:ty = $p:literal, $($field:ident: $type:ty = $place:literal,)* }) => {
        concat!(stringify!($first) $(, ", ", stringify!($field))*)
    };
    (@places { $first:ident: $t:ty = $p:literal, $($field:ident: $type:ty = $place:literal,)* }) => {
        concat!($p $(, ", ", $place)*)
    };
    (@sets { $first:ident: $t:ty = $p:literal, $($field:ident: $type:ty = $place:literal,)* }) => {
        concat!(stringify!($first), " = ", $p $(, ", ", stringify!($field), " = ", $place)*)
    };
    (@row $(#[$doc:meta])* $name:ident { $($field:ident: $type:ty = $place:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq)]
        pub struct $name {
            $(pub $field: $type,)*
        }

        impl $crate::world::Record for $name {
            fn table() -> &'static $crate::world::Table {
                &TABLE
            }

            fn cells(&self) -> Vec<$crate::db::Value> {
                vec![$($crate::world::cell::Cell::cell(&self.$field)),*]
            }
        }

        static COLUMNS: &[&str] = &[$(stringify!($field)),*];

        fn read(mut row: $crate::db::Row) -> Result<$name, $crate::error::StoreError> {
            Ok($name { $($field: row.take(stringify!($field))?,)* })
        }
    };
    (
        $(#[$doc:meta])*
        $name:ident in $table:literal, $($rest:tt)*
    ) => {
        record! { $(#[$doc])* $name in $table seen $table, $($rest)* }
    };
    (
        $(#[$doc:meta])*
        $name:ident in $table:literal seen $view:literal, key $key:literal of $keys:literal, also $also:literal $value:literal;
        $fields:tt
        $($find:ident = $condition:literal;)*
    ) => {
        record!(@row $(#[$doc])* $name $fields);

        $crate::db::statements! { $table;
            INSERT = concat!("INSERT INTO ", $table, " (", record!(@columns $fields), $also, ") VALUES (",
                record!(@places $fields), $value, ") ON CONFLICT DO NOTHING RETURNING origin");
            UPDATE = concat!("UPDATE ", $table, " SET ", record!(@sets $fields), " WHERE ", $key);
            LOCK = concat!("UPDATE ", $table, " SET origin = origin WHERE ", $key);
            AGAIN = concat!("SELECT ", record!(@columns $fields), " FROM ", $view, " WHERE ", $key);
            REMOVE = concat!("DELETE FROM ", $table, " WHERE ", $key);
            MADE = concat!("SELECT ", record!(@columns $fields), " FROM ", $view, " WHERE origin = 'world'");
            $($find = concat!("SELECT ", record!(@columns $fields), " FROM ", $view, " WHERE ", $condition);)*
        }

        pub static TABLE: $crate::world::Table = $crate::world::Table {
            name: $table,
            columns: COLUMNS,
            keys: $keys,
            insert: &INSERT,
            update: &UPDATE,
            lock: &LOCK,
            again: &AGAIN,
            remove: &REMOVE,
            read: |row| Ok($crate::world::Record::cells(&read(row)?)),
        };

        /// Every row that an apply made, in no order.
        pub async fn made(tx: &mut $crate::db::ReadTx<'_>) -> Result<Vec<$name>, $crate::error::StoreError> {
            tx.list(&MADE, &[], read).await
        }
    };
}
