//! Herald's own API, what the frame does for every face, and who counts as the caller.

mod call;
mod callers;
mod decisions;
mod frame;
mod v1;
