//! The shape of a transaction: a closure that both engines can run.

use std::future::Future;
use std::pin::Pin;

use crate::db::{ReadTx, WriteTx};

/// What a transaction's closure returns.
pub type Fut<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// `for<'a, 'c> Fn(&'a mut WriteTx<'c>) -> Fut<'a, Result<T, E>>`, by a name.
pub trait WriteFn<T, E>: Send + Sync + 'static {
    fn call<'a>(&self, tx: &'a mut WriteTx<'_>) -> Fut<'a, Result<T, E>>;
}

impl<T, E, F> WriteFn<T, E> for F
where
    F: for<'a, 'c> Fn(&'a mut WriteTx<'c>) -> Fut<'a, Result<T, E>> + Send + Sync + 'static,
{
    fn call<'a>(&self, tx: &'a mut WriteTx<'_>) -> Fut<'a, Result<T, E>> {
        self(tx)
    }
}

/// The same for reads.
pub trait ReadFn<T, E>: Send + Sync + 'static {
    fn call<'a>(&self, tx: &'a mut ReadTx<'_>) -> Fut<'a, Result<T, E>>;
}

impl<T, E, F> ReadFn<T, E> for F
where
    F: for<'a, 'c> Fn(&'a mut ReadTx<'c>) -> Fut<'a, Result<T, E>> + Send + Sync + 'static,
{
    fn call<'a>(&self, tx: &'a mut ReadTx<'_>) -> Fut<'a, Result<T, E>> {
        self(tx)
    }
}
