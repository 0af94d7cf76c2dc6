//! What has to be on the machine before the checks can run: found, or installed where we may.

pub mod c_compiler;
pub mod chromium;
pub mod curl;
mod debian;
pub mod linters;
pub mod postgres;
pub mod python;
