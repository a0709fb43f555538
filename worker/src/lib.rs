//! Job runner, jobs, health polling.
