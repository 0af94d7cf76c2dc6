//! Whole numbers: counts and sizes.

use std::marker::PhantomData;

use super::{Kind, Written};

/// A whole number within bounds, of the integer type that its field has.
pub struct Number<T> {
    least: u64,
    most: u64,
    unit: &'static str,
    value: PhantomData<T>,
}

impl<T> Number<T> {
    /// A count from `least` to `most`, both included.
    pub const fn between(least: u64, most: u64) -> Self {
        Self { least, most, unit: "", value: PhantomData }
    }

    /// A size in bytes from `least` to `most`, both included.
    pub const fn bytes(least: u64, most: u64) -> Self {
        Self { least, most, unit: " of bytes", value: PhantomData }
    }
}

impl<T: TryFrom<u64>> Kind for Number<T> {
    type Value = T;

    fn takes(&self) -> String {
        format!("a whole number{} from {} to {}", self.unit, self.least, self.most)
    }

    fn read(&self, written: &Written) -> Option<T> {
        let number = match written {
            Written::Integer(number) => *number,
            Written::Word(word) => word.trim().parse().ok()?,
            Written::Text(_) | Written::List(_) | Written::Other => return None,
        };
        if (self.least..=self.most).contains(&number) { T::try_from(number).ok() } else { None }
    }
}
