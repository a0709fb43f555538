//! Rules against facts that lie beside the project.

#[cfg(test)]
mod known_vulnerabilities;
