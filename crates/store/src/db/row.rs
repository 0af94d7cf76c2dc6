//! One row, read from left to right.

use super::value::{FromValue, Value};
use crate::error::StoreError;

pub struct Row {
    table: &'static str,
    values: std::vec::IntoIter<Value>,
}

impl Row {
    pub(crate) fn new(table: &'static str, values: Vec<Value>) -> Self {
        Self { table, values: values.into_iter() }
    }

    /// The next column. `column` names it for [`StoreError::Corrupt`].
    pub fn take<T: FromValue>(&mut self, column: &'static str) -> Result<T, StoreError> {
        let value = self.values.next().ok_or_else(|| self.corrupt(column))?;
        T::from_value(value).ok_or_else(|| self.corrupt(column))
    }

    /// The next column, through a parser.
    pub fn parse<R: FromValue, T>(
        &mut self,
        column: &'static str,
        parse: impl FnOnce(R) -> Option<T>,
    ) -> Result<T, StoreError> {
        let raw = self.take(column)?;
        parse(raw).ok_or_else(|| self.corrupt(column))
    }

    pub fn corrupt(&self, column: &'static str) -> StoreError {
        StoreError::Corrupt { table: self.table, column }
    }
}
