//! Serving: bind, say ready, drain at a signal.

mod bound;
mod stop;
mod tls;

pub use bound::Bound;
pub use stop::Stop;
pub use tls::Tls;

#[cfg(test)]
mod tests;
