
pub mod jwt;
pub mod passwords;
pub mod seal;
pub mod system;
pub mod world;
