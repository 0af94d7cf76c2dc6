//! The frame and Herald's own API over the whole router, on a store of their own.

mod call;
mod callers;
mod frame;
mod native;
