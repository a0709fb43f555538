//! Work that goes on behind the pages: jobs, and looking at every device on time.

pub mod settings;
